/** The lab: instructions and checks on the left, cluster, files and terminals on the right, facts below. */
import type { LabContent } from '@brokerlab/server/contract';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { type CSSProperties, useEffect, useMemo, useState } from 'react';
import { courseQuery, labQuery, queryClient, useSession } from '../../api/queries.ts';
import { Header } from '../../ui/header.tsx';
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import { notify, notifyError } from '../../ui/notify.ts';
import { useDrawnTheme } from '../../ui/preferences.ts';
import { Splitter, useStoredWidth } from '../../ui/splitter.tsx';
import { Failure, Loading } from '../../ui/states.tsx';
import { ClassOverlay } from '../class/trainee/class-overlay.tsx';
import { useClassPart } from '../class/trainee/class-part.ts';
import { ClassPartBar } from '../class/trainee/class-part-bar.tsx';
import { ShowTerminal } from '../class/trainee/show-terminal.tsx';
import { EXAM_ID } from '../exam/exam.ts';
import { ExamBar } from '../exam/exam-bar.tsx';
import { ExamResult } from '../exam/exam-result.tsx';
import { Checks } from './checks.tsx';
import { Dock } from './dock.tsx';
import { useFreshTexts } from './fresh-texts.ts';
import { Instructions } from './instructions.tsx';
import { LabProvider, useLab, useLabState } from './lab-context.tsx';
import { LabFooter } from './lab-footer.tsx';
import { focusTerminal, listenToLabKeys } from './lab-keys.ts';
import { LabMenu } from './lab-menu.tsx';
import { LabPalette } from './lab-palette.tsx';
import { type LabSession, openLabSession } from './lab-session.ts';
import { openTerminal } from './run-in-terminal.ts';
import { useSessionEvents } from './session-events.ts';
import { useShownStep } from './shown-step.ts';
import { StepNav } from './step-nav.tsx';
import { useStepTerminals } from './step-terminals.ts';
import { createWorkspace } from './workspace.ts';
import './lab.css';

export function LabPage() {
  const { labId } = useParams({ from: '/signed-in/labs/$labId' });
  return <OpenedLab key={labId} labId={labId} />;
}

function OpenedLab({ labId }: { labId: string }) {
  const t = useTexts();
  const content = useQuery(labQuery(labId));
  const session = useLabSession(labId);
  if (content.error) {
    return (
      <div className="page">
        <Header />
        <main id="main">
          <Failure title={t('lab.failedLoad')} error={content.error} retry={() => void content.refetch()} />
        </main>
      </div>
    );
  }
  if (!content.data || !session) return <LabFrame />;
  const readAgain = () => void queryClient.invalidateQueries(labQuery(labId));
  return <Lab content={content.data} session={session} readAgain={readAgain} />;
}

/** The socket opens while texts are still on their way; it closes when the page is left. */
function useLabSession(labId: string): LabSession | null {
  const theme = useDrawnTheme();
  const [session, setSession] = useState<LabSession | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of theme must not open the lab again
  useEffect(() => {
    const opened = openLabSession(labId, theme);
    setSession(opened);
    return () => opened.close();
  }, [labId]);
  useEffect(() => session?.hub.setTheme(theme), [session, theme]);
  return session;
}

function LabFrame() {
  return (
    <div className="lab">
      <Header />
      <main id="main" className="lab-main">
        <Loading />
      </main>
      <footer className="lab-footer" />
    </div>
  );
}

const instructionsWidth = { initial: 404, min: 300, max: 720 } as const;

function Lab(props: { content: LabContent; session: LabSession; readAgain: () => void }) {
  const { content, session } = props;
  useFreshTexts(content, session, props.readAgain);
  const me = useSession()?.me;
  const workspace = useMemo(() => createWorkspace(`${me?.id ?? ''}.${content.id}`), [me?.id, content.id]);
  const value = useMemo(() => ({ session, content, workspace }), [session, content, workspace]);
  return (
    <LabProvider value={value}>
      <LabScreen />
    </LabProvider>
  );
}

function LabScreen() {
  const t = useTexts();
  const localized = useLocalized();
  const lab = useLab();
  const { content, session, workspace } = lab;
  const width = useStoredWidth('instructions', instructionsWidth);
  const { shown, show, next, isLast } = useShownStep();
  const steps = useLabState((state) => state.lab?.steps);
  const openError = useLabState((state) => state.openError);
  const finished = useLabState((state) => state.lab !== null && state.lab.passedAt !== null);
  const examOver = finished && content.id === EXAM_ID;
  const navigate = useNavigate();
  useSessionEvents();
  const classPart = useClassPart();
  useEffect(
    () =>
      session.store.subscribe(() => {
        const { terminals } = session.store.get();
        if (terminals) workspace.showTerminals(terminals);
      }),
    [session, workspace],
  );
  useEffect(
    () =>
      listenToLabKeys(lab, {
        newTerminal: () => void openTerminal(lab).catch(notifyError),
        splitTerminal: () =>
          void openTerminal(lab, { besideOf: workspace.store.get().terminal }).catch(notifyError),
      }),
    [lab, workspace],
  );
  useEffect(() => workspace.store.set({ shownStep: shown.id }), [workspace, shown.id]);
  useEffect(() => {
    document.title = `${localized(content.title)} · Brokerlab`;
  }, [content, localized]);
  const progress = steps?.find((step) => step.id === shown.id) ?? null;
  useStepTerminals(shown, progress);
  const onNext = (): void => {
    if (!isLast) {
      next();
      return;
    }
    void queryClient.invalidateQueries({ queryKey: courseQuery.queryKey });
    notify(t('lab.finished'), { tone: 'ok' });
    void navigate({ to: '/' });
  };
  return (
    <div className="lab">
      <a className="skip-link" href="#main">
        {t('app.skipToMain')}
      </a>
      <button
        type="button"
        className="skip-link"
        onClick={() => focusTerminal(workspace.store.get().terminal)}
      >
        {t('app.skipToTerminal')}
      </button>
      <Header
        actions={
          <>
            <ExamBar />
            <ClassPartBar part={classPart} />
            <ShowTerminal />
            <LabMenu />
          </>
        }
      >
        <span className="header-title">{localized(content.title)}</span>
        {!examOver && <StepNav shown={shown.id} onShow={show} />}
        {finished && !examOver && <span className="lab-finished">✓ {t('labs.done')}</span>}
      </Header>
      {examOver ? (
        <ExamResult />
      ) : (
        <main id="main" className="lab-main" style={{ '--aside': `${width.pixels}px` } as CSSProperties}>
          <div className="lab-aside">
            <Instructions step={shown} number={content.steps.indexOf(shown) + 1} progress={progress} />
            <Checks step={shown} progress={progress} isLast={isLast} onNext={onNext} />
          </div>
          <Splitter label={t('lab.resizeInstructions')} width={width} limits={instructionsWidth} />
          {openError ? (
            <Failure title={t('lab.failedLoad')} error={openError} retry={session.openLab} />
          ) : (
            <Dock />
          )}
        </main>
      )}
      <LabFooter />
      <LabPalette part={classPart} shown={shown} onStep={show} />
      <ClassOverlay part={classPart} onStep={show} />
    </div>
  );
}
