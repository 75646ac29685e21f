/** The one-time link: the token stands in the address's fragment, so that no log between here and the server sees it. */
import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { call, textOf } from '../../api/rest.ts';
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import { useEnter } from './enter.ts';
import { Entry } from './entry.tsx';
import { emptyPassword, isAcceptable, NewPasswordFields } from './new-password.tsx';

export function SetupPage() {
  const t = useTexts();
  const [token] = useState(takeToken);
  return (
    <Entry>
      {token ? (
        <SetupForm token={token} />
      ) : (
        <p className="notice" role="alert">
          {t('account.setupMissing')}
        </p>
      )}
    </Entry>
  );
}

function SetupForm({ token }: { token: string }) {
  const t = useTexts();
  const localized = useLocalized();
  const enter = useEnter();
  const [name, setName] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [password, setPassword] = useState(emptyPassword);
  const nameWrong = name !== '' && !/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name.trim());
  const setup = useMutation({
    mutationFn: () =>
      call('setup', {
        body: {
          token,
          name: name.trim(),
          password: password.password,
          ...(displayName.trim() ? { displayName: displayName.trim() } : {}),
        },
      }),
    onSuccess: () => enter('/accounts'),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isAcceptable(password) && !nameWrong) setup.mutate();
  };
  return (
    <form className="entry-form" onSubmit={submit}>
      <h2>{t('account.setupTitle')}</h2>
      <p className="quiet-text">{t('account.setupIntro')}</p>
      <TextInput
        label={t('account.name')}
        name="username"
        autoComplete="username"
        spellCheck={false}
        autoFocus
        required
        withAsterisk={false}
        value={name}
        error={nameWrong ? t('account.nameInvalid') : null}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={t('account.displayName')}
        description={t('account.displayNameHint')}
        value={displayName}
        onChange={(event) => setDisplayName(event.currentTarget.value)}
      />
      <NewPasswordFields label={t('account.password')} value={password} onChange={setPassword} />
      {setup.error && (
        <p className="notice notice-bad" role="alert" style={{ margin: 0 }}>
          {localized(textOf(setup.error))}
        </p>
      )}
      <Button
        type="submit"
        variant="filled"
        size="sm"
        loading={setup.isPending}
        disabled={!isAcceptable(password) || nameWrong || name === ''}
      >
        {t('account.setupButton')}
      </Button>
    </form>
  );
}

/** Reads the token and takes it out of the address, so that it does not stay in the history. */
function takeToken(): string {
  const token = decodeURIComponent(location.hash.slice(1));
  if (token) history.replaceState(null, '', location.pathname);
  return token;
}
