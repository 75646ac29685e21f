import type { AccountWithPassword, Role } from '@brokerlab/server/contract';
import { Button, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { call, textOf } from '../../api/rest.ts';
import { useLocalized, useTexts } from '../../ui/i18n.ts';

type Created = (passwords: readonly AccountWithPassword[]) => void;

export function CreateMany({ onCreated }: { onCreated: Created }) {
  const t = useTexts();
  const localized = useLocalized();
  const [prefix, setPrefix] = useState('trainee');
  const [count, setCount] = useState<number | string>(20);
  const create = useMutation({
    mutationFn: () => call('createAssigned', { body: { prefix: prefix.trim(), count: Number(count) } }),
    onSuccess: (answer) => onCreated(answer.created),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <form className="section" onSubmit={submit}>
      <h2>{t('people.bulk')}</h2>
      <div className="row">
        <TextInput
          label={t('people.prefix')}
          value={prefix}
          required
          withAsterisk={false}
          w={180}
          onChange={(event) => setPrefix(event.currentTarget.value)}
        />
        <NumberInput
          label={t('people.count')}
          value={count}
          min={1}
          max={200}
          allowDecimal={false}
          w={100}
          onChange={setCount}
        />
        <Button type="submit" variant="filled" size="sm" loading={create.isPending} data-testid="create-many">
          {t('people.create')}
        </Button>
      </div>
      <p className="quiet-text" style={{ marginTop: 8, fontSize: 13 }}>
        {create.error
          ? localized(textOf(create.error))
          : t('people.bulkPreview', { first: `${prefix.trim() || 'trainee'}-01`, count: Number(count) || 0 })}
      </p>
    </form>
  );
}

export function CreateOne({ onCreated }: { onCreated: Created }) {
  const t = useTexts();
  const localized = useLocalized();
  const [name, setName] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [role, setRole] = useState<Role>('instructor');
  const create = useMutation({
    mutationFn: () =>
      call('createAccount', {
        body: { name: name.trim(), role, ...(displayName.trim() ? { displayName: displayName.trim() } : {}) },
      }),
    onSuccess: (answer) => {
      setName('');
      setDisplayName('');
      onCreated([answer]);
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <form className="section" onSubmit={submit}>
      <h2>{t('people.single')}</h2>
      <div className="row">
        <TextInput
          label={t('account.name')}
          value={name}
          required
          withAsterisk={false}
          w={180}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t('account.displayName')}
          value={displayName}
          w={180}
          onChange={(event) => setDisplayName(event.currentTarget.value)}
        />
        <NativeSelect
          label={t('account.role')}
          value={role}
          data={(['trainee', 'instructor', 'administrator'] as const).map((value) => ({
            value,
            label: t(`account.roles.${value}`),
          }))}
          onChange={(event) => setRole(event.currentTarget.value as Role)}
        />
        <Button type="submit" size="sm" loading={create.isPending}>
          {t('people.create')}
        </Button>
      </div>
      {create.error && (
        <p role="alert" style={{ marginTop: 8, color: 'var(--bad)' }}>
          {localized(textOf(create.error))}
        </p>
      )}
    </form>
  );
}
