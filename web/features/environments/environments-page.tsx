/** My environments: what runs, since when and with what, and all one can do to it without opening the lab. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { environmentsQuery, useSession } from '../../api/queries.ts';
import { Header } from '../../ui/header.tsx';
import { useTexts } from '../../ui/i18n.ts';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { EnvironmentRow } from './environment-row.tsx';
import '../../ui/page.css';
import './environments.css';

export function EnvironmentsPage() {
  const t = useTexts();
  const me = useSession()?.me;
  const environments = useQuery(environmentsQuery);
  const rows = environments.data?.environments ?? [];
  return (
    <div className="page">
      <a className="skip-link" href="#main">
        {t('app.skipToMain')}
      </a>
      <Header />
      <main id="main" className="page-main">
        <h1 className="page-title">{t('environments.title')}</h1>
        <p className="page-intro">
          {me && !me.guest && <span className="mono">{me.name} · </span>}
          {t('environments.intro')}
          {environments.data && (
            <>
              {' '}
              <b data-testid="environments-running">
                {t('environments.runningOf', {
                  count: rows.filter(({ state }) => state === 'ready' || state === 'starting').length,
                  max: environments.data.runningMax,
                })}
              </b>
            </>
          )}
        </p>
        <div className="section table-scroll">
          {environments.isPending && <Loading />}
          {environments.error && (
            <Failure
              title={t('environments.failed')}
              error={environments.error}
              retry={() => void environments.refetch()}
            />
          )}
          {environments.data && rows.length === 0 && (
            <Empty title={t('environments.empty')}>
              <p>{t('environments.emptyHint')}</p>
              <Button component={Link} to="/" variant="filled" mt="sm">
                {t('environments.toLabs')}
              </Button>
            </Empty>
          )}
          {rows.length > 0 && (
            <table className="table environments">
              <thead>
                <tr>
                  <th className="environments-state">{t('environments.colState')}</th>
                  <th>{t('environments.colLab')}</th>
                  <th className="environments-use">{t('environments.colCpu')}</th>
                  <th className="environments-use">{t('environments.colMemory')}</th>
                  <th className="environments-use">{t('environments.colDisk')}</th>
                  <th className="environments-actions">{t('environments.colActions')}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <EnvironmentRow key={row.labId} environment={row} />
                ))}
              </tbody>
            </table>
          )}
        </div>
      </main>
    </div>
  );
}
