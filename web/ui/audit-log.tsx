/** Who did what to whom, newest first, page by page. What was done is told in the words of the place that shows it. */
import type { AuditEntry, AuditPage } from '@brokerlab/server/contract';
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { formatDate } from './format.ts';
import { useTexts } from './i18n.ts';
import { Empty, Failure, Loading } from './states.tsx';

/** As many as the server answers at a time. */
const PAGE = 200;

export function AuditLog(props: {
  title: string;
  queryKey: readonly string[];
  /** `query`: where to go on. */
  read: (options: { query?: { before: string }; signal: AbortSignal }) => Promise<AuditPage>;
  what: (entry: AuditEntry) => ReactNode;
}) {
  const { title, queryKey, read, what } = props;
  const t = useTexts();
  const log = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      read({ ...(pageParam === null ? {} : { query: { before: String(pageParam) } }), signal }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => (page.entries.length < PAGE ? undefined : page.entries.at(-1)?.id),
  });
  const entries = log.data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <section className="section" aria-label={title}>
      <h2>{title}</h2>
      {log.isPending && <Loading />}
      {log.error && (
        <Failure title={t('app.unreachable')} error={log.error} retry={() => void log.refetch()} />
      )}
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
                <tr key={entry.id}>
                  <td className="quiet-text">
                    {formatDate(entry.at)} {new Date(entry.at).toTimeString().slice(0, 8)}
                  </td>
                  <td className="mono">{entry.actor.name}</td>
                  <td className="mono">{entry.subject?.id === entry.actor.id ? '' : entry.subject?.name}</td>
                  <td>{what(entry)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {log.hasNextPage && <Button onClick={() => void log.fetchNextPage()}>{t('class.log.more')}</Button>}
    </section>
  );
}
