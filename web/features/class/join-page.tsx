/** Into a class by its code: as who one is, by signing in, or as a guest where the class takes them. */
import type { JoinOffer } from '@brokerlab/server/contract';
import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { queryClient, sessionQuery } from '../../api/queries.ts';
import { call, textOf } from '../../api/rest.ts';
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import { notify } from '../../ui/notify.ts';
import { useEnter } from '../account/enter.ts';
import { Entry } from '../account/entry.tsx';
import './class.css';

export function JoinPage() {
  const t = useTexts();
  const localized = useLocalized();
  const { code: given = '' } = useParams({ strict: false });
  const [code, setCode] = useState(given);
  const look = useMutation({
    mutationFn: (typed: string) => call('lookAtJoinCode', { body: { code: typed } }),
  });
  const { mutate } = look;
  useEffect(() => {
    if (given) mutate(given);
  }, [given, mutate]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (code.trim()) look.mutate(code);
  };
  if (look.data) return <Offer code={code} offer={look.data} onBack={() => look.reset()} />;
  return (
    <Entry>
      <form className="entry-form" onSubmit={submit}>
        <h2>{t('class.join.title')}</h2>
        <TextInput
          label={t('class.join.code')}
          description={t('class.join.codeHint')}
          value={code}
          autoFocus
          required
          withAsterisk={false}
          autoCapitalize="characters"
          autoComplete="off"
          spellCheck={false}
          maxLength={20}
          classNames={{ input: 'join-input' }}
          data-testid="join-code-input"
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        {look.error && (
          <p className="notice notice-bad" role="alert" style={{ margin: 0 }}>
            {localized(textOf(look.error))}
          </p>
        )}
        <Button type="submit" variant="filled" size="sm" loading={look.isPending} data-testid="join-look">
          {t('class.join.look')}
        </Button>
      </form>
    </Entry>
  );
}

function Offer({ code, offer, onBack }: { code: string; offer: JoinOffer; onBack: () => void }) {
  const t = useTexts();
  const navigate = useNavigate();
  const me = useQuery(sessionQuery).data?.me;
  return (
    <Entry>
      <div className="entry-form">
        <h2>{t('class.join.found', { title: offer.title })}</h2>
        {me ? (
          <JoinAsMe code={code} offer={offer} name={me.displayName} />
        ) : (
          <>
            {offer.guests && <JoinAsGuest code={code} title={offer.title} />}
            {offer.guests && <div className="entry-or">{t('account.or')}</div>}
            {/* After signing in one comes back here with the code. */}
            <Button
              size="sm"
              data-testid="join-sign-in"
              onClick={() =>
                void navigate({ to: '/sign-in', search: { to: `/join/${encodeURIComponent(code.trim())}` } })
              }
            >
              {t('class.join.signIn')}
            </Button>
          </>
        )}
        <Button variant="subtle" color="gray" onClick={onBack}>
          {t('class.join.other')}
        </Button>
      </div>
    </Entry>
  );
}

function JoinAsMe({ code, offer, name }: { code: string; offer: JoinOffer; name: string }) {
  const t = useTexts();
  const localized = useLocalized();
  const enter = useEnter();
  const join = useMutation({
    mutationFn: () => call('joinClass', { body: { code } }),
    onSuccess: async ({ title }) => {
      queryClient.clear();
      await enter('/');
      notify(t('class.join.done', { title }), { tone: 'ok' });
    },
  });
  if (offer.member) {
    return (
      <>
        <p>{t('class.join.already')}</p>
        <Button component={Link} to="/" variant="filled" size="sm">
          {t('class.join.toLabs')}
        </Button>
      </>
    );
  }
  return (
    <>
      <Button
        variant="filled"
        size="sm"
        loading={join.isPending}
        data-testid="join-as-me"
        onClick={() => join.mutate()}
      >
        {t('class.join.asMe', { name })}
      </Button>
      {join.error && (
        <p className="notice notice-bad" role="alert">
          {localized(textOf(join.error))}
        </p>
      )}
    </>
  );
}

function JoinAsGuest({ code, title }: { code: string; title: string }) {
  const t = useTexts();
  const localized = useLocalized();
  const enter = useEnter();
  const [name, setName] = useState('');
  const join = useMutation({
    mutationFn: () => call('joinAsGuest', { body: { code, displayName: name.trim() } }),
    onSuccess: async () => {
      await enter('/');
      notify(t('class.join.done', { title }), { tone: 'ok' });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim()) join.mutate();
  };
  return (
    <form onSubmit={submit} style={{ display: 'grid', gap: 12 }}>
      <TextInput
        label={t('class.join.guestName')}
        description={t('class.join.guestHint')}
        value={name}
        maxLength={80}
        required
        withAsterisk={false}
        autoComplete="name"
        data-testid="guest-name"
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {join.error && (
        <p className="notice notice-bad" role="alert" style={{ margin: 0 }}>
          {localized(textOf(join.error))}
        </p>
      )}
      <Button type="submit" variant="filled" size="sm" loading={join.isPending} data-testid="join-as-guest">
        {t('class.join.guestGo')}
      </Button>
    </form>
  );
}
