/** In with a password from a card: one chooses one's own, and the card's ends. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { call, textOf } from '../../api/rest.ts';
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import { useEnter } from './enter.ts';
import { Entry } from './entry.tsx';
import { emptyPassword, isAcceptable, NewPasswordFields } from './new-password.tsx';

export function FirstPasswordPage() {
  const t = useTexts();
  const localized = useLocalized();
  const enter = useEnter();
  const { to } = useSearch({ from: '/first-password' });
  const [password, setPassword] = useState(emptyPassword);
  const choose = useMutation({
    mutationFn: () => call('chooseFirstPassword', { body: { next: password.password } }),
    onSuccess: () => enter(to),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isAcceptable(password)) choose.mutate();
  };
  return (
    <Entry>
      <form className="entry-form" onSubmit={submit} data-testid="first-password">
        <h2>{t('account.firstTitle')}</h2>
        <p className="quiet-text">{t('account.firstIntro')}</p>
        <NewPasswordFields label={t('account.newPassword')} value={password} onChange={setPassword} />
        {choose.error && (
          <p className="notice notice-bad" role="alert" style={{ margin: 0 }}>
            {localized(textOf(choose.error))}
          </p>
        )}
        <Button
          type="submit"
          variant="filled"
          size="sm"
          loading={choose.isPending}
          disabled={!isAcceptable(password)}
        >
          {t('account.firstButton')}
        </Button>
      </form>
    </Entry>
  );
}
