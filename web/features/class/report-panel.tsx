/** What a class came to: points with their evidence to take away, where it lost time, which checks it failed and how. */
import type { CheckReport, ClassReport, Grades, StepReport } from '@brokerlab/server/contract';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/rest.ts';
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import { Inline } from '../../ui/markdown.tsx';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { GradeFiles } from './grade-files.tsx';
import { clock } from './live/needs.ts';
import './report.css';

export function ReportPanel({ classId }: { classId: string }) {
  const t = useTexts();
  const report = useQuery({
    queryKey: ['classes', classId, 'report'],
    queryFn: ({ signal }) => call('readClassReport', { path: { classId }, signal }),
  });
  const grades = useQuery({
    queryKey: ['classes', classId, 'grades'],
    queryFn: ({ signal }) => call('readClassGrades', { path: { classId }, query: { view: 'labs' }, signal }),
  });
  const error = report.error ?? grades.error;
  if (error) {
    return <Failure title={t('class.failed')} error={error} retry={() => void report.refetch()} />;
  }
  if (!report.data || !grades.data) return <Loading />;
  return (
    <>
      <GradesSection classId={classId} report={report.data} grades={grades.data.labs} />
      <TimeSection steps={report.data.steps} labs={report.data.labs} />
      <ChecksSection checks={report.data.checks} labs={report.data.labs} />
    </>
  );
}

type Labs = ClassReport['labs'];
type LabGrade = Grades['labs'][number];

function GradesSection(props: { classId: string; report: ClassReport; grades: readonly LabGrade[] }) {
  const t = useTexts();
  const localized = useLocalized();
  const { report, grades, classId } = props;
  const labs = report.labs.filter(({ id }) => grades.some(({ labId }) => labId === id));
  const people = [...new Map(grades.map((grade) => [grade.accountId, grade])).values()];
  return (
    <section className="section" aria-label={t('class.report.grades')}>
      <div className="report-head">
        <h2>{t('class.report.grades')}</h2>
        <span className="quiet-text">
          {t('class.report.begun', { begun: report.begun, total: report.trainees })}
        </span>
        <span className="grow" />
        <GradeFiles address={`/api/classes/${classId}/grades`} />
      </div>
      {people.length === 0 ? (
        <Empty title={t('class.report.none')} />
      ) : (
        <div className="table-scroll">
          <table className="table" data-testid="grades">
            <thead>
              <tr>
                <th>{t('class.live.trainee')}</th>
                {labs.map((lab) => (
                  <th key={lab.id} title={lab.imported ? t('lab.importedHint') : undefined}>
                    {localized(lab.title)}
                    {lab.imported && (
                      <>
                        {' '}
                        <span className="badge">{t('lab.imported')}</span>
                      </>
                    )}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {people.map((person) => (
                <tr key={person.accountId}>
                  <td className="class-name">
                    {person.displayName} <span className="mono quiet-text">{person.accountName}</span>
                  </td>
                  {labs.map((lab) => (
                    <Points
                      key={lab.id}
                      grade={best(
                        grades.filter(
                          ({ accountId, labId }) => accountId === person.accountId && labId === lab.id,
                        ),
                      )}
                    />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** Of several runs of a lab, the one with most points. */
function best(runs: readonly LabGrade[]): LabGrade | undefined {
  return [...runs].sort((one, other) => other.points - one.points)[0];
}

function Points({ grade }: { grade: LabGrade | undefined }) {
  const t = useTexts();
  if (!grade) return <td className="quiet-text">–</td>;
  return (
    <td
      title={t('class.report.checksPassed', { passed: grade.checksPassed, total: grade.checksTotal })}
      data-done={grade.passedAt !== null}
      className="report-points"
    >
      {grade.passedAt !== null && <span aria-hidden="true">✓ </span>}
      {round(grade.points)} / {round(grade.pointsMax)}
      {grade.brokenChecks.length > 0 && (
        <span className="quiet-text">
          {' '}
          · {t('class.report.broken', { count: grade.brokenChecks.length })}
        </span>
      )}
    </td>
  );
}

function TimeSection({ steps, labs }: { steps: readonly StepReport[]; labs: Labs }) {
  const t = useTexts();
  const localized = useLocalized();
  const most = Math.max(1, ...steps.map(({ lostSeconds }) => lostSeconds));
  return (
    <section className="section" aria-label={t('class.report.time')}>
      <h2>{t('class.report.time')}</h2>
      {steps.length === 0 ? (
        <Empty title={t('class.report.none')} />
      ) : (
        <div className="table-scroll">
          <table className="table">
            <thead>
              <tr>
                <th>{t('class.report.step')}</th>
                <th>{t('class.report.passed')}</th>
                <th>{t('class.report.median')}</th>
                <th>{t('class.report.slowest')}</th>
                <th>{t('class.report.plan')}</th>
                <th>{t('class.report.help')}</th>
                <th style={{ width: '26%' }}>{t('class.report.lost')}</th>
              </tr>
            </thead>
            <tbody>
              {steps.map((step) => (
                <tr key={`${step.labId}/${step.stepId}`}>
                  <td>
                    {titleOf(labs, step.labId, localized)} · {step.number}.{' '}
                    <Inline text={localized(step.title)} />
                  </td>
                  <td>
                    {step.passed} / {step.reached}
                  </td>
                  <td>{step.medianSeconds === null ? '–' : clock(step.medianSeconds * 1000)}</td>
                  <td>{step.slowestSeconds === null ? '–' : clock(step.slowestSeconds * 1000)}</td>
                  <td className="quiet-text">{clock(step.planSeconds * 1000)}</td>
                  <td className="quiet-text">
                    {t('trainees.hints', { count: step.hintsOpened })} ·{' '}
                    {t('trainees.solutions', { count: step.solutionsOpened })}
                  </td>
                  <td>
                    <span className="report-bar">
                      <span style={{ width: `${(100 * step.lostSeconds) / most}%` }} />
                    </span>
                    {clock(step.lostSeconds * 1000)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function ChecksSection({ checks, labs }: { checks: readonly CheckReport[]; labs: Labs }) {
  const t = useTexts();
  const localized = useLocalized();
  return (
    <section className="section" aria-label={t('class.report.failed')}>
      <h2>{t('class.report.failed')}</h2>
      {checks.length === 0 && <Empty title={t('class.report.noFailures')} />}
      <ol className="report-checks">
        {checks.map((check) => (
          <li key={`${check.labId}/${check.checkId}`}>
            <b>
              <Inline text={localized(check.title)} />
            </b>
            <span className="quiet-text">
              {titleOf(labs, check.labId, localized)} ·{' '}
              {t('class.report.failedTimes', { count: check.failed, trainees: check.trainees })}
              {check.broken > 0 && ` · ${t('class.report.broken', { count: check.broken })}`}
            </span>
            <ul>
              {check.how.map(({ message, count }) => (
                <li key={message.en}>
                  <span className="report-count">{count}×</span> <Inline text={localized(message)} />
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </section>
  );
}

function titleOf(labs: Labs, labId: string, localized: ReturnType<typeof useLocalized>): string {
  const lab = labs.find(({ id }) => id === labId);
  return lab ? localized(lab.title) : labId;
}

function round(points: number): number {
  return Math.round(points * 10) / 10;
}
