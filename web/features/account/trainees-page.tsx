/** Who has come how far; the class room proper comes with classes. */
import type { TraineeOverview } from '@brokerlab/server/contract';
import { useQuery } from '@tanstack/react-query';
import { traineesQuery } from '../../api/queries.ts';
import { Header } from '../../ui/header.tsx';
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { StepBar } from '../../ui/step-bar.tsx';
import { GradeFiles } from '../class/grade-files.tsx';
import './account.css';
import '../../ui/page.css';

export function TraineesPage() {
  const t = useTexts();
  const trainees = useQuery(traineesQuery);
  return (
    <div className="page">
      <Header />
      <main id="main" className="page-main">
        <h1 className="page-title">{t('trainees.title')}</h1>
        <p className="page-intro">{t('trainees.intro')}</p>
        <div className="section report-head" data-testid="grade-files">
          <b>{t('class.report.grades')}</b>
          <GradeFiles address="/api/grades" />
        </div>
        <div className="section table-scroll">
          {trainees.isPending && <Loading />}
          {trainees.error && (
            <Failure
              title={t('app.unreachable')}
              error={trainees.error}
              retry={() => void trainees.refetch()}
            />
          )}
          {trainees.data?.trainees.length === 0 && <Empty title={t('trainees.empty')} />}
          {trainees.data && trainees.data.trainees.length > 0 && (
            <table className="table">
              <thead>
                <tr>
                  <th style={{ width: 200 }}>{t('trainees.colTrainee')}</th>
                  <th>{t('trainees.colLabs')}</th>
                </tr>
              </thead>
              <tbody>
                {trainees.data.trainees.map((trainee) => (
                  <TraineeRow key={trainee.account.id} trainee={trainee} />
                ))}
              </tbody>
            </table>
          )}
        </div>
      </main>
    </div>
  );
}

function TraineeRow({ trainee }: { trainee: TraineeOverview }) {
  const t = useTexts();
  const localized = useLocalized();
  const { account } = trainee;
  const presence = trainee.connected ? t('trainees.online') : t('trainees.offline');
  return (
    <tr>
      <td>
        <span
          className="online"
          data-on={trainee.connected}
          role="img"
          aria-label={presence}
          title={presence}
        />
        <span className="mono">{account.name}</span>
        {account.displayName !== account.name && <span className="quiet-text"> {account.displayName}</span>}
      </td>
      <td>
        <div className="trainee-labs">
          {trainee.labs.length === 0 && <span className="quiet-text">{t('trainees.notStarted')}</span>}
          {trainee.labs.map((lab) => (
            <span key={lab.labId} className="trainee-lab">
              {localized(lab.title)}
              <StepBar passed={lab.stepsPassed} total={lab.stepsTotal} />
              <span className="quiet-text">
                {lab.stepsPassed}/{lab.stepsTotal} · {t(`trainees.environment.${lab.environment}`)}
                {lab.hintsOpened > 0 && ` · ${t('trainees.hints', { count: lab.hintsOpened })}`}
                {lab.solutionsOpened > 0 && ` · ${t('trainees.solutions', { count: lab.solutionsOpened })}`}
              </span>
            </span>
          ))}
        </div>
      </td>
    </tr>
  );
}
