/** The labs of the course in order: what each is about, how long it takes, how far one is. */
import type { LabCard } from '@brokerlab/server/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { courseQuery, useSession } from '../../api/queries.ts';
import { formatDate } from '../../ui/format.ts';
import { Header } from '../../ui/header.tsx';
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import { Icon } from '../../ui/icons.tsx';
import { Inline } from '../../ui/markdown.tsx';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { StepBar } from '../../ui/step-bar.tsx';
import { MyClasses } from '../class/my-classes.tsx';
import { CourseConcepts } from '../concepts/concept-links.tsx';
import { ExamCard } from '../exam/exam-card.tsx';
import '../../ui/page.css';
import './labs-page.css';

/** While one reads the list, the lab page's code arrives: opening a lab then waits for nothing but the lab. */
function usePreloadedLabPage(): void {
  useEffect(() => {
    const timer = setTimeout(() => void import('./lab-page.tsx').catch(() => undefined), 200);
    return () => clearTimeout(timer);
  }, []);
}

export function LabsPage() {
  usePreloadedLabPage();
  const t = useTexts();
  const localized = useLocalized();
  const course = useQuery(courseQuery);
  const me = useSession()?.me;
  const labs = course.data?.labs ?? [];
  const next = labs.find((lab) => lab.passedAt === null);
  return (
    <div className="page">
      <a className="skip-link" href="#main">
        {t('app.skipToMain')}
      </a>
      <Header />
      <main id="main" className="page-main">
        <h1 className="page-title">{course.data ? localized(course.data.title) : t('labs.title')}</h1>
        <p className="page-intro">
          {me && !me.guest && `${t('labs.hello', { name: me.displayName })} · `}
          {course.data &&
            t('labs.overall', {
              total: labs.length,
              passed: labs.filter((lab) => lab.passedAt !== null).length,
            })}
          {'\u00a0'}
        </p>
        {me?.role === 'trainee' && <MyClasses />}
        {course.isPending && <Loading />}
        {course.error && (
          <Failure title={t('labs.failed')} error={course.error} retry={() => void course.refetch()} />
        )}
        {course.data && labs.length === 0 && <Empty title={t('labs.empty')}>{t('labs.emptyHint')}</Empty>}
        <ol className="labs">
          {labs.map((lab, index) => (
            <Card key={lab.id} lab={lab} number={index + 1} isNext={lab.id === next?.id} />
          ))}
        </ol>
        {course.data && labs.length > 0 && <ExamCard exam={course.data.exam} />}
        {course.data && <CourseConcepts concepts={course.data.concepts} />}
      </main>
    </div>
  );
}

function Card({ lab, number, isNext }: { lab: LabCard; number: number; isNext: boolean }) {
  const t = useTexts();
  const localized = useLocalized();
  const state = lab.passedAt !== null ? 'passed' : lab.startedAt !== null ? 'open' : 'new';
  const action = { passed: t('labs.again'), open: t('labs.resume'), new: t('labs.start') }[state];
  return (
    <li>
      <Link
        to="/labs/$labId"
        params={{ labId: lab.id }}
        className="lab-card"
        data-testid={`lab-${lab.id}`}
        data-state={state}
        data-next={isNext}
      >
        <span className="lab-card-number">{number}</span>
        <span className="lab-card-text">
          <span className="lab-card-title">
            {localized(lab.title)}
            {lab.imported && (
              <>
                {' '}
                <span className="badge" title={t('lab.importedHint')}>
                  {t('lab.imported')}
                </span>
              </>
            )}
          </span>
          <span className="lab-card-summary">
            <Inline text={localized(lab.summary)} />
          </span>
        </span>
        <span className="lab-card-progress">
          <StepBar passed={lab.stepsPassed} total={lab.stepsTotal} />
          <span className="lab-card-steps">
            {lab.passedAt !== null ? (
              <span className="lab-card-done">
                <Icon name="check" /> {t('labs.doneOn', { date: formatDate(lab.passedAt) })}
              </span>
            ) : (
              t('labs.steps', { passed: lab.stepsPassed, total: lab.stepsTotal })
            )}
          </span>
        </span>
        <span className="lab-card-minutes">{t('labs.minutes', { count: lab.minutes })}</span>
        <span className="lab-card-action">{action}</span>
      </Link>
    </li>
  );
}
