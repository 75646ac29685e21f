/** The server at a glance: room for more, everybody's environments, what was done by whom. */
import type { AdminOverview, RunningEnvironment } from '@brokerlab/server/contract';
import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { adminQuery, queryClient } from '../../api/queries.ts';
import { call } from '../../api/rest.ts';
import { AuditLog } from '../../ui/audit-log.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { formatBytes } from '../../ui/format.ts';
import { Header } from '../../ui/header.tsx';
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import { notifyError } from '../../ui/notify.ts';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { runningTime } from '../environments/running-time.ts';
import { LookSection } from './look.tsx';
import { QuotaSection } from './quotas.tsx';
import '../../ui/page.css';
import { whatWas } from '../class/log-words.ts';
import './admin.css';

export function AdminPage() {
  const t = useTexts();
  const overview = useQuery(adminQuery);
  return (
    <div className="page">
      <Header />
      <main id="main" className="page-main">
        <h1 className="page-title">{t('admin.title')}</h1>
        {overview.isPending && <Loading />}
        {overview.error && !overview.data && (
          <Failure
            title={t('app.unreachable')}
            error={overview.error}
            retry={() => void overview.refetch()}
          />
        )}
        {overview.data && (
          <>
            <Capacity overview={overview.data} />
            <Environments overview={overview.data} />
          </>
        )}
        <QuotaSection />
        <LookSection />
        <Log />
      </main>
    </div>
  );
}

function Capacity({ overview }: { overview: AdminOverview }) {
  const t = useTexts();
  const { forecast, machine, environments } = overview;
  const memory = machine.memoryBytes - machine.memoryAvailableBytes;
  const disk = machine.diskBytes - machine.diskFreeBytes;
  return (
    <section className="section" aria-label={t('admin.capacity')}>
      <p className="admin-room" data-testid="admin-room">
        {t('admin.room', { count: forecast.roomFor })}
      </p>
      <p className="quiet-text">
        {t('admin.limitedBy', { what: t(`admin.limits.${forecast.limitedBy}`) })}{' '}
        {t(forecast.measured ? 'admin.measured' : 'admin.assumed', {
          memory: formatBytes(forecast.memoryEach),
          processor: forecast.processorEach.toFixed(2),
          disk: formatBytes(forecast.diskEach),
        })}
      </p>
      <dl className="admin-facts">
        <div>
          <dt>{t('admin.running')}</dt>
          <dd>{environments.length}</dd>
        </div>
        <div>
          <dt>{t('admin.memory')}</dt>
          <dd>
            {formatBytes(memory)} / {formatBytes(machine.memoryBytes)}
          </dd>
        </div>
        <div>
          <dt>{t('admin.load')}</dt>
          <dd>{t('admin.loadValue', { load: machine.load.toFixed(2), cpus: machine.cpus })}</dd>
        </div>
        <div>
          <dt>{t('admin.disk')}</dt>
          <dd>
            {formatBytes(disk)} / {formatBytes(machine.diskBytes)}
          </dd>
        </div>
        <div>
          <dt>{t('admin.uptime')}</dt>
          <dd>{runningTime(overview.at - overview.startedAt)}</dd>
        </div>
        <div>
          <dt>{t('admin.version')}</dt>
          <dd>{overview.version}</dd>
        </div>
      </dl>
      <p className="quiet-text">
        {t('admin.backup')} <code>npm run backup -- FILE</code>
      </p>
    </section>
  );
}

function Environments({ overview }: { overview: AdminOverview }) {
  const t = useTexts();
  const localized = useLocalized();
  const [stopping, setStopping] = useState<RunningEnvironment | null>(null);
  const stop = useMutation({
    mutationFn: ({ account, labId }: RunningEnvironment) =>
      call('stopAnyEnvironment', { path: { accountId: account.id, labId } }),
    onError: notifyError,
    onSettled: () => queryClient.invalidateQueries(adminQuery),
  });
  return (
    <section className="section" aria-label={t('admin.environments')}>
      <h2>{t('admin.environments')}</h2>
      {overview.environments.length === 0 ? (
        <Empty title={t('admin.none')} />
      ) : (
        <div className="table-scroll">
          <table className="table">
            <thead>
              <tr>
                <th>{t('admin.who')}</th>
                <th>{t('environments.colLab')}</th>
                <th>{t('environments.colState')}</th>
                <th>{t('environments.colMemory')}</th>
                <th>{t('environments.colDisk')}</th>
                <th>{t('admin.viewers')}</th>
                <th aria-label={t('environments.colActions')} />
              </tr>
            </thead>
            <tbody>
              {overview.environments.map((one) => (
                <tr key={`${one.account.id}/${one.labId}`}>
                  <td>
                    <span className="mono">{one.account.name}</span>{' '}
                    {one.account.displayName !== one.account.name && (
                      <span className="quiet-text">{one.account.displayName}</span>
                    )}
                  </td>
                  <td>{localized(one.title)}</td>
                  <td>
                    {one.since === null
                      ? t(`environments.state.${one.state}`)
                      : t('environments.running', { time: runningTime(overview.at - one.since) })}
                  </td>
                  <td>{formatBytes(one.memoryBytes)}</td>
                  <td>{formatBytes(one.diskBytes)}</td>
                  <td>{one.viewers}</td>
                  <td>
                    <Button size="compact-xs" onClick={() => setStopping(one)}>
                      {t('environments.stop')}
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Confirm
        opened={stopping !== null}
        title={t('environments.stop')}
        confirm={t('environments.stop')}
        danger
        onClose={() => setStopping(null)}
        onConfirm={() => stopping && stop.mutate(stopping)}
      >
        {stopping && t('admin.stopConfirm', { name: stopping.account.displayName })}
      </Confirm>
    </section>
  );
}

/** The action as it is kept: this log is for whoever has to find out what happened. */
function Log() {
  const t = useTexts();
  return (
    <AuditLog
      title={t('admin.log')}
      queryKey={['admin', 'audit']}
      read={(options) => call('readAudit', options)}
      what={(entry) => (
        <>
          {whatWas(entry, t)}{' '}
          <span className="quiet-text mono" title={JSON.stringify(entry.detail)}>
            {[entry.action, entry.detail.labId].filter(Boolean).join(' · ')}
          </span>
        </>
      )}
    />
  );
}
