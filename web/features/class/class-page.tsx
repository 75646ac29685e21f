/** One class: its parts as tabs that stand in the address. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { classQuery } from '../../api/queries.ts';
import { Header } from '../../ui/header.tsx';
import { useTexts } from '../../ui/i18n.ts';
import { Failure, Loading } from '../../ui/states.tsx';
import { ClassLog } from './class-log.tsx';
import { classTabs } from './class-tabs.ts';
import { LiveScreen } from './live/live-screen.tsx';
import { ReportPanel } from './report-panel.tsx';
import { RosterPanel } from './roster-panel.tsx';
import { SettingsPanel } from './settings-panel.tsx';
import '../../ui/page.css';
import './class.css';

export function ClassPage() {
  const t = useTexts();
  const { classId } = useParams({ from: '/signed-in/classes/$classId' });
  const { tab = 'live', trainee = null } = useSearch({ from: '/signed-in/classes/$classId' });
  const read = useQuery(classQuery(classId));
  return (
    <div className={tab === 'live' ? 'page live-page' : 'page'}>
      <Header>
        <nav aria-label={t('class.title')} className="class-nav">
          <Link to="/classes" className="class-back" activeOptions={{ exact: true }}>
            {t('class.back')}
          </Link>
          <span className="header-title">{read.data?.title ?? '\u00a0'}</span>
          {classTabs.map((one) => (
            <Link
              key={one}
              to="/classes/$classId"
              params={{ classId }}
              search={{ tab: one }}
              data-status={one === tab ? 'active' : undefined}
              aria-current={one === tab ? 'page' : undefined}
              data-testid={`tab-${one}`}
            >
              {t(`class.tabs.${one}`)}
            </Link>
          ))}
        </nav>
      </Header>
      <main id="main" className={tab === 'live' ? 'live-main' : 'page-main'}>
        {tab === 'live' && <LiveScreen classId={classId} trainee={trainee} />}
        {tab !== 'live' && read.isPending && <Loading />}
        {tab !== 'live' && read.error && (
          <Failure title={t('class.failed')} error={read.error} retry={() => void read.refetch()} />
        )}
        {read.data && tab === 'roster' && <RosterPanel detail={read.data} />}
        {read.data && tab === 'report' && <ReportPanel classId={classId} />}
        {read.data && tab === 'settings' && <SettingsPanel key={read.data.revision} detail={read.data} />}
        {read.data && tab === 'log' && <ClassLog classId={classId} />}
      </main>
    </div>
  );
}
