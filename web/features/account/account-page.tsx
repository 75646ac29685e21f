import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { queryClient, sessionQuery, useSession } from '../../api/queries.ts';
import { call, textOf } from '../../api/rest.ts';
import { Header } from '../../ui/header.tsx';
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import './account.css';
import '../../ui/page.css';
import { emptyPassword, isAcceptable, NewPasswordFields } from './new-password.tsx';

export function AccountPage() {
  const t = useTexts();
  const me = useSession()?.me;
  return (
    <div className="page">
      <Header />
      <main id="main" className="page-main" style={{ maxWidth: 520 }}>
        <h1 className="page-title">{t('app.account')}</h1>
        {me && (
          <p className="page-intro">
            <span className="mono">{me.name}</span> · {t(`account.roles.${me.role}`)}
          </p>
        )}
        <NameSection />
        <PasswordSection />
      </main>
    </div>
  );
}

function NameSection() {
  const t = useTexts();
  const localized = useLocalized();
  const me = useSession()?.me;
  const [displayName, setDisplayName] = useState(me?.displayName ?? '');
  const update = useMutation({
    mutationFn: () => call('updateMe', { body: { displayName: displayName.trim() } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    update.mutate();
  };
  return (
    <form className="section row" onSubmit={submit}>
      <TextInput
        label={t('account.displayName')}
        value={displayName}
        maxLength={80}
        required
        withAsterisk={false}
        style={{ flex: 1 }}
        error={update.error ? localized(textOf(update.error)) : null}
        onChange={(event) => setDisplayName(event.currentTarget.value)}
      />
      <Button
        type="submit"
        size="sm"
        loading={update.isPending}
        disabled={displayName.trim() === me?.displayName}
      >
        {t('account.save')}
      </Button>
    </form>
  );
}

function PasswordSection() {
  const t = useTexts();
  const localized = useLocalized();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState(emptyPassword);
  const change = useMutation({
    mutationFn: () => call('changePassword', { body: { current, next: next.password } }),
    onSuccess: () => {
      setCurrent('');
      setNext(emptyPassword);
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isAcceptable(next)) change.mutate();
  };
  return (
    <form className="section" style={{ display: 'grid', gap: 12 }} onSubmit={submit}>
      <h2>{t('account.changePassword')}</h2>
      <PasswordInput
        label={t('account.currentPassword')}
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={current}
        visibilityToggleButtonProps={{ 'aria-label': t('account.showPassword') }}
        onChange={(event) => setCurrent(event.currentTarget.value)}
      />
      <NewPasswordFields label={t('account.newPassword')} value={next} onChange={setNext} />
      {change.error && (
        <p className="notice notice-bad" role="alert" style={{ margin: 0 }}>
          {localized(textOf(change.error))}
        </p>
      )}
      {change.isSuccess && (
        <p className="notice notice-ok" role="status" style={{ margin: 0 }}>
          {t('account.passwordChanged')}
        </p>
      )}
      <Button
        type="submit"
        variant="filled"
        size="sm"
        loading={change.isPending}
        disabled={!isAcceptable(next) || current === ''}
        style={{ justifySelf: 'start' }}
      >
        {t('account.changePassword')}
      </Button>
    </form>
  );
}
