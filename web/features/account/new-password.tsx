/** A new password typed twice, with what is wrong said while typing ends, not before. */
import { PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { useTexts } from '../../ui/i18n.ts';

const charactersMin = 10;

export interface NewPassword {
  readonly password: string;
  readonly again: string;
}

export const emptyPassword: NewPassword = { password: '', again: '' };

export function isAcceptable({ password, again }: NewPassword): boolean {
  return password.length >= charactersMin && password === again;
}

export function NewPasswordFields(props: {
  label: string;
  value: NewPassword;
  onChange: (value: NewPassword) => void;
}) {
  const t = useTexts();
  const { value, onChange } = props;
  const [left, setLeft] = useState({ password: false, again: false });
  const short = left.password && value.password.length > 0 && value.password.length < charactersMin;
  const differs = left.again && value.again.length > 0 && value.again !== value.password;
  return (
    <>
      <PasswordInput
        label={props.label}
        description={t('account.passwordHint')}
        autoComplete="new-password"
        required
        withAsterisk={false}
        value={value.password}
        error={short ? t('account.passwordShort', { count: value.password.length }) : null}
        visibilityToggleButtonProps={{ 'aria-label': t('account.showPassword') }}
        onBlur={() => setLeft((now) => ({ ...now, password: true }))}
        onChange={(event) => onChange({ ...value, password: event.currentTarget.value })}
      />
      <PasswordInput
        label={t('account.passwordAgain')}
        autoComplete="new-password"
        required
        withAsterisk={false}
        value={value.again}
        error={differs ? t('account.passwordDiffers') : null}
        visibilityToggleButtonProps={{ 'aria-label': t('account.showPassword') }}
        onBlur={() => setLeft((now) => ({ ...now, again: true }))}
        onChange={(event) => onChange({ ...value, again: event.currentTarget.value })}
      />
    </>
  );
}
