import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { sessionQuery } from '../../api/queries.ts';
import { call, textOf } from '../../api/rest.ts';
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import { useEnter } from './enter.ts';
import { Entry } from './entry.tsx';

export function SignInPage() {
  const t = useTexts();
  const localized = useLocalized();
  const enter = useEnter();
  const { to, ended, oidc } = useSearch({ from: '/sign-in' });
  const session = useQuery(sessionQuery);
  const tryHere = useMutation({ mutationFn: () => call('tryHere'), onSuccess: () => enter(to) });
  return (
    <Entry>
      {ended && <p className="notice">{t('account.ended')}</p>}
      {session.error && (
        <p className="notice notice-bad" role="alert">
          {localized(textOf(session.error))}
        </p>
      )}
      {session.data?.setupNeeded && <p className="notice">{t('account.setupNeeded')}</p>}
      {oidc && (
        <p className="notice notice-bad" role="alert">
          {t(`account.oidc.${oidc}`)}
        </p>
      )}
      {session.data?.oidc && (
        <Button
          component="a"
          href="/api/oidc/start"
          fullWidth
          size="sm"
          variant="filled"
          mb="md"
          data-testid="oidc"
        >
          {t('account.oidc.signIn', { name: localized(session.data.oidc) })}
        </Button>
      )}
      <SignInForm onDone={() => enter(to)} />
      {session.data?.tryHere && (
        <>
          <div className="entry-or">{t('account.or')}</div>
          <Button
            fullWidth
            size="sm"
            data-testid="try-here"
            loading={tryHere.isPending}
            onClick={() => tryHere.mutate()}
          >
            {t('account.tryHere')}
          </Button>
          <p className="entry-hint">
            {tryHere.error ? localized(textOf(tryHere.error)) : t('account.tryHereHint')}
          </p>
        </>
      )}
      <p className="entry-hint">
        <Link to="/join">{t('class.join.withCode')}</Link>
      </p>
    </Entry>
  );
}

function SignInForm({ onDone }: { onDone: () => Promise<void> }) {
  const t = useTexts();
  const localized = useLocalized();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useMutation({
    mutationFn: () => call('signIn', { body: { name: name.trim(), password } }),
    onSuccess: onDone,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!signIn.isPending) signIn.mutate();
  };
  return (
    <form className="entry-form" onSubmit={submit}>
      <h2>{t('account.signInTitle')}</h2>
      <TextInput
        label={t('account.name')}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        required
        withAsterisk={false}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <PasswordInput
        label={t('account.password')}
        name="password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={password}
        visibilityToggleButtonProps={{ 'aria-label': t('account.showPassword') }}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      {signIn.error && (
        <p className="notice notice-bad" role="alert" style={{ margin: 0 }}>
          {localized(textOf(signIn.error))}
        </p>
      )}
      <Button type="submit" variant="filled" size="sm" data-testid="sign-in" loading={signIn.isPending}>
        {t('account.signIn')}
      </Button>
    </form>
  );
}
