/** Who did what in this class, newest first. */
import type { AuditEntry } from '@brokerlab/server/contract';
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { call } from '../../api/rest.ts';
import { formatDate } from '../../ui/format.ts';
import { useTexts } from '../../ui/i18n.ts';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { classKo } from '../../ui/texts/class-ko.ts';

type KnownAction = keyof typeof classKo.log.actions;

export function ClassLog({ classId }: { classId: string }) {
  const t = useTexts();
  const log = useInfiniteQuery({
    queryKey: ['classes', classId, 'log'],
    queryFn: ({ pageParam, signal }) =>
      call('readClassAudit', {
        path: { classId },
        ...(pageParam === null ? {} : { query: { before: String(pageParam) } }),
        signal,
      }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => (page.entries.length < 200 ? undefined : page.entries.at(-1)?.id),
  });
  const entries = log.data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <section className="section" aria-label={t('class.log.title')}>
      <h2>{t('class.log.title')}</h2>
      {log.isPending && <Loading />}
      {log.error && <Failure title={t('class.failed')} error={log.error} retry={() => void log.refetch()} />}
      {log.data && entries.length === 0 && <Empty title={t('class.log.empty')} />}
      {entries.length > 0 && (
        <div className="table-scroll">
          <table className="table">
            <thead>
              <tr>
                <th style={{ width: 150 }}>{t('class.log.at')}</th>
                <th>{t('class.log.who')}</th>
                <th>{t('class.log.whom')}</th>
                <th>{t('class.log.what')}</th>
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <Entry key={entry.id} entry={entry} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {log.hasNextPage && <Button onClick={() => void log.fetchNextPage()}>{t('class.log.more')}</Button>}
    </section>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const t = useTexts();
  const at = new Date(entry.at);
  const key = entry.action.replace('.', '_');
  const known = key in classKo.log.actions;
  return (
    <tr>
      <td className="quiet-text">
        {formatDate(entry.at)} {at.toTimeString().slice(0, 8)}
      </td>
      <td className="mono">{entry.actor.name}</td>
      <td className="mono">{entry.subject?.id === entry.actor.id ? '' : entry.subject?.name}</td>
      <td>{known ? t(`class.log.actions.${key as KnownAction}`) : entry.action}</td>
    </tr>
  );
}
