/** Who teaches the class and who helps. */
import type { ClassDetail, ClassStaff } from '@brokerlab/server/contract';
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { classQuery, queryClient } from '../../api/queries.ts';
import { call, textOf } from '../../api/rest.ts';
import { useLocalized, useTexts } from '../../ui/i18n.ts';

type Role = ClassStaff['role'];

export function StaffSection({ detail }: { detail: ClassDetail }) {
  const t = useTexts();
  const localized = useLocalized();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('assistant');
  const set = useMutation({
    mutationFn: (body: { name: string; role: Role | null }) =>
      call('setStaff', { path: { classId: detail.id }, body }),
    onSuccess: (answer) => {
      setName('');
      queryClient.setQueryData(classQuery(detail.id).queryKey, answer);
    },
  });
  const manages = detail.role !== 'assistant';
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    set.mutate({ name: name.trim(), role });
  };
  return (
    <section className="section" aria-label={t('class.settings.staff')}>
      <h2>{t('class.settings.staff')}</h2>
      <ul className="class-staff">
        {detail.staff.map((one) => (
          <li key={one.accountId}>
            <span className="class-name">{one.displayName}</span>
            <span className="mono quiet-text">{one.name}</span>
            <span>{t(`class.roles.${one.role}`)}</span>
            {manages && (
              <Button
                variant="subtle"
                color="gray"
                onClick={() => set.mutate({ name: one.name, role: null })}
                aria-label={`${t('class.settings.dismiss')}: ${one.displayName}`}
              >
                {t('class.settings.dismiss')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {manages && (
        <form className="row" onSubmit={submit}>
          <TextInput
            label={t('class.settings.staffName')}
            value={name}
            required
            withAsterisk={false}
            w={200}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <NativeSelect
            label={t('account.role')}
            value={role}
            data={(['instructor', 'assistant'] as const).map((value) => ({
              value,
              label: t(`class.roles.${value}`),
            }))}
            onChange={(event) => setRole(event.currentTarget.value as Role)}
          />
          <Button type="submit" size="sm" loading={set.isPending}>
            {t('class.settings.addStaff')}
          </Button>
        </form>
      )}
      {set.error && (
        <p role="alert" className="class-error">
          {localized(textOf(set.error))}
        </p>
      )}
    </section>
  );
}
