/** What everybody may use, and single people; it holds from an environment's next opening on. */
import type { Quota, QuotaChange } from '@brokerlab/server/contract';
import { Button, NumberInput, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { queryClient, quotasQuery } from '../../api/queries.ts';
import { call } from '../../api/rest.ts';
import { useTexts } from '../../ui/i18n.ts';
import { notify, notifyError } from '../../ui/notify.ts';
import { Failure } from '../../ui/states.tsx';

const fields = ['memoryMegabytes', 'cpus', 'diskMegabytes', 'environments'] as const;
const bounds = {
  memoryMegabytes: { min: 256, max: 65_536, step: 256 },
  cpus: { min: 0.25, max: 64, step: 0.25 },
  diskMegabytes: { min: 320, max: 1_048_576, step: 256 },
  environments: { min: 1, max: 20, step: 1 },
} as const;
const nothing: QuotaChange = { memoryMegabytes: null, cpus: null, diskMegabytes: null, environments: null };

export function QuotaSection() {
  const t = useTexts();
  const quotas = useQuery(quotasQuery);
  const [editing, setEditing] = useState<{ name: string; quota: QuotaChange } | null>(null);
  const { data } = quotas;
  return (
    <section className="section" aria-label={t('admin.quotas')} data-testid="quotas">
      <h2>{t('admin.quotas')}</h2>
      <p className="quiet-text">{t('admin.quotasHint')}</p>
      {quotas.error && <Failure title={t('app.unreachable')} error={quotas.error} />}
      {data && (
        <div className="table-scroll">
          <table className="table">
            <thead>
              <tr>
                <th>{t('admin.who')}</th>
                {fields.map((field) => (
                  <th key={field}>{t(`admin.quota.${field}`)}</th>
                ))}
                <th aria-label={t('environments.colActions')} />
              </tr>
            </thead>
            <tbody>
              <Row
                name={t('admin.everybody')}
                set={data.set}
                otherwise={data.everybody}
                onEdit={() => setEditing({ name: '', quota: data.set })}
              />
              {data.people.map(({ name, displayName, set }) => (
                <Row
                  key={name}
                  name={displayName === name ? name : `${displayName} (${name})`}
                  set={set}
                  otherwise={data.everybody}
                  onEdit={() => setEditing({ name, quota: set })}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {editing ? (
        <QuotaForm key={editing.name} {...editing} onDone={() => setEditing(null)} />
      ) : (
        <Button mt={10} data-testid="quota-new" onClick={() => setEditing({ name: '', quota: nothing })}>
          {t('admin.quotaNew')}
        </Button>
      )}
    </section>
  );
}

function Row(props: { name: string; set: QuotaChange; otherwise: Quota; onEdit: () => void }) {
  const t = useTexts();
  const { name, set, otherwise, onEdit } = props;
  return (
    <tr>
      <td>{name}</td>
      {fields.map((field) => (
        <td key={field} className={set[field] === null ? 'quiet-text' : undefined}>
          {set[field] ?? otherwise[field]}
        </td>
      ))}
      <td>
        <Button size="compact-xs" aria-label={t('admin.quotaEditOf', { name })} onClick={onEdit}>
          {t('admin.quotaEdit')}
        </Button>
      </td>
    </tr>
  );
}

function QuotaForm(props: { name: string; quota: QuotaChange; onDone: () => void }) {
  const t = useTexts();
  const { onDone } = props;
  const [name, setName] = useState(props.name);
  const [quota, setQuota] = useState(props.quota);
  const save = useMutation({
    mutationFn: () => call('setQuota', { body: { name: name.trim() === '' ? null : name.trim(), quota } }),
    onSuccess: (answer) => {
      queryClient.setQueryData(quotasQuery.queryKey, answer);
      notify(t('admin.quotaSaved'), { tone: 'ok' });
      onDone();
    },
    onError: notifyError,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form className="admin-quota" onSubmit={submit}>
      <TextInput
        label={t('admin.quotaName')}
        placeholder={t('admin.everybody')}
        data-testid="quota-name"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {fields.map((field) => (
        <NumberInput
          key={field}
          label={t(`admin.quota.${field}`)}
          placeholder={t('admin.quotaDefault')}
          data-testid={`quota-${field}`}
          {...bounds[field]}
          allowDecimal={field === 'cpus'}
          value={quota[field] ?? ''}
          onChange={(value) => setQuota({ ...quota, [field]: typeof value === 'number' ? value : null })}
        />
      ))}
      <Button type="submit" variant="filled" loading={save.isPending} data-testid="quota-save">
        {t('admin.quotaSave')}
      </Button>
      <Button onClick={onDone}>{t('app.cancel')}</Button>
    </form>
  );
}
