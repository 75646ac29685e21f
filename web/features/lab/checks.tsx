/** The checks of the step one reads: verdict by shape, word and colour; what was seen; what to look at next. */
import type { CheckContent, CheckState, StepContent, StepProgress } from '@brokerlab/server/contract';
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { call } from '../../api/rest.ts';
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import { Inline } from '../../ui/markdown.tsx';
import { notifyError } from '../../ui/notify.ts';
import { useStore } from '../../ui/store.ts';
import { EXAM_ID } from '../exam/exam.ts';
import { SkipTask } from '../exam/skip-task.tsx';
import { HelpButtons } from './help.tsx';
import { useLab } from './lab-context.tsx';
import { type Shown, VerdictMark } from './verdict-mark.tsx';

export function Checks(props: {
  step: StepContent;
  progress: StepProgress | null;
  isLast: boolean;
  onNext: () => void;
}) {
  const t = useTexts();
  const { session } = useLab();
  const connected = useStore(session.connection.store, ({ state }) => state === 'connected');
  const { step, progress } = props;
  const passed = progress?.state === 'passed';
  const inExam = session.labId === EXAM_ID;
  return (
    <section className="checks" data-panel="checks" tabIndex={-1} aria-label={t('lab.checks')}>
      <div className="checks-head">
        <h2>{t('lab.checks')}</h2>
        <span>{connected ? t('lab.checksLive') : t('lab.checksPaused')}</span>
      </div>
      {progress?.given && <p className="checks-given">{t('lab.given')}</p>}
      <ul className="checks-list">
        {step.checks.map((check) => (
          <CheckRow
            key={check.id}
            check={check}
            open={progress?.state === 'open'}
            state={progress?.checks.find(({ id }) => id === check.id) ?? null}
          />
        ))}
      </ul>
      <Announcer progress={progress} step={step} />
      <div className="checks-actions">
        {progress && !inExam && <HelpButtons progress={progress} hintsTotal={step.hintsTotal} />}
        {inExam && progress?.state === 'open' && <SkipTask stepId={step.id} onSkipped={props.onNext} />}
        <span className="grow" />
        <Button
          variant="filled"
          data-testid="next"
          data-passed={passed}
          disabled={!passed}
          title={passed ? undefined : t('lab.nextLocked')}
          onClick={props.onNext}
        >
          {props.isLast ? t('lab.finish') : t('lab.next')}
        </Button>
      </div>
    </section>
  );
}

function CheckRow(props: { check: CheckContent; state: CheckState | null; open: boolean }) {
  const { check, state, open } = props;
  const t = useTexts();
  const localized = useLocalized();
  const shown: Shown = state === null || state.at === null ? 'waiting' : state.verdict;
  const message = state?.message ? localized(state.message) : '';
  return (
    <li className="check" data-testid={`check-${check.id}`} data-verdict={state?.verdict ?? 'notYet'}>
      <VerdictMark verdict={shown} />
      <div>
        <div className="check-title">
          <Inline text={localized(check.title)} />
          <span className="visually-hidden"> — {t(`lab.verdict.${shown}`)}</span>
        </div>
        <p className="check-why">{message ? <Inline text={message} /> : '\u00a0'}</p>
        {shown === 'brokenCheck' && <p className="check-look">{t('lab.brokenCheck')}</p>}
        {state?.hint && shown !== 'passed' && (
          <p className="check-look">
            <span aria-hidden="true">→ </span>
            <Inline text={localized(state.hint)} />
          </p>
        )}
        {check.inBox && <p className="check-look">{t('lab.inBox')}</p>}
        {check.kind === 'program' && <RunButton check={check} open={open} />}
      </div>
    </li>
  );
}

/** Tries the trainee's program against input that nobody has seen, or runs the script that checks. */
function RunButton({ check, open }: { check: CheckContent; open: boolean }) {
  const t = useTexts();
  const { session } = useLab();
  const run = useMutation({
    mutationFn: () => call('runProgram', { path: { labId: session.labId, checkId: check.id } }),
    onSuccess: session.takeLab,
    onError: notifyError,
  });
  return (
    <Button
      data-testid={`run-${check.id}`}
      disabled={!open}
      loading={run.isPending}
      onClick={() => run.mutate()}
    >
      {t(check.inBox ? 'lab.runScript' : 'lab.runProgram')}
    </Button>
  );
}

/** Verdicts that turn are read out, the first look is not. */
function Announcer({ step, progress }: { step: StepContent; progress: StepProgress | null }) {
  const t = useTexts();
  const localized = useLocalized();
  const [said, setSaid] = useState('');
  const before = useRef<{ step: string; verdicts: Map<string, string> } | null>(null);
  useEffect(() => {
    if (!progress) return;
    const verdicts = new Map(progress.checks.map((check) => [check.id, check.verdict]));
    const known = before.current?.step === step.id ? before.current.verdicts : null;
    before.current = { step: step.id, verdicts };
    if (!known) return;
    const turned = step.checks.filter((check) => known.get(check.id) !== verdicts.get(check.id));
    if (turned.length === 0) return;
    const words = turned.map(
      (check) => `${localized(check.title)}: ${t(`lab.verdict.${verdicts.get(check.id) ?? 'notYet'}`)}`,
    );
    setSaid([...words, ...(progress.state === 'passed' ? [t('lab.stepPassed')] : [])].join('. '));
  }, [step, progress, t, localized]);
  return (
    <div className="visually-hidden" role="status">
      {said}
    </div>
  );
}
