/** A question among the instructions. A prediction is locked in before the fact; other answers are tried until right. */
import type { CheckContent, QuizAnswer } from '@brokerlab/server/contract';
import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { call } from '../../api/rest.ts';
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import { Inline, Prose } from '../../ui/markdown.tsx';
import { notifyError } from '../../ui/notify.ts';
import { useLab, useLabState } from './lab-context.tsx';

export function Quiz({ check }: { check: CheckContent }) {
  const t = useTexts();
  const localized = useLocalized();
  const { session } = useLab();
  const given = useLabState((state) => state.lab?.quizAnswers.find((answer) => answer.checkId === check.id));
  const verdict = useLabState(
    (state) =>
      state.lab?.steps.flatMap((step) => step.checks).find((known) => known.id === check.id)?.verdict ??
      'notYet',
  );
  const [draft, setDraft] = useState('');
  const questionId = useId();
  const answer = useMutation({
    mutationFn: (text: string) =>
      call('answerQuiz', { path: { labId: session.labId, checkId: check.id }, body: { answer: text } }),
    onSuccess: session.takeLab,
    onError: notifyError,
  });
  const { quiz } = check;
  if (!quiz) return null;
  const locked = given?.locked ?? false;
  const chosen = locked ? (given?.answer ?? '') : draft || given?.answer || '';
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (chosen && !locked) answer.mutate(chosen);
  };
  return (
    <form
      className="quiz"
      data-form={quiz.form}
      data-locked={locked}
      aria-labelledby={questionId}
      onSubmit={submit}
    >
      <p id={questionId}>
        {quiz.form === 'predict' && <b>{t('lab.predict')} </b>}
        <Inline text={localized(quiz.question)} />
      </p>
      {quiz.choices ? (
        <div role="radiogroup" aria-labelledby={questionId}>
          {quiz.choices.map((choice) => (
            <label key={choice.id} className="quiz-choice" data-chosen={choice.id === chosen}>
              <input
                type="radio"
                name={questionId}
                value={choice.id}
                checked={choice.id === chosen}
                disabled={locked}
                onChange={() => setDraft(choice.id)}
              />
              <span>
                <Inline text={localized(choice.text)} />
                {locked && choice.id === chosen && (
                  <span className="quiz-mine"> — {t('lab.predictLocked')}</span>
                )}
              </span>
            </label>
          ))}
        </div>
      ) : (
        <TextInput
          aria-labelledby={questionId}
          value={locked ? (given?.answer ?? '') : draft}
          disabled={locked}
          maxLength={200}
          onChange={(event) => setDraft(event.currentTarget.value)}
        />
      )}
      {!locked && (
        <div className="quiz-actions">
          <Button
            type="submit"
            variant="filled"
            disabled={!chosen || chosen === given?.answer}
            loading={answer.isPending}
          >
            {quiz.form === 'predict' ? t('lab.predictLock') : t('lab.answer')}
          </Button>
          <span className="quiet-text">{quiz.form === 'predict' ? t('lab.predictHint') : null}</span>
        </div>
      )}
      {given && <Outcome given={given} form={quiz.form} right={verdict === 'passed'} />}
    </form>
  );
}

function Outcome(props: { given: QuizAnswer; form: 'predict' | 'answer'; right: boolean }) {
  const t = useTexts();
  const localized = useLocalized();
  const { given } = props;
  return (
    <div className="quiz-outcome" role="status">
      {props.form === 'answer' && (
        <p className={props.right ? 'quiz-right' : 'quiz-wrong'}>
          {props.right ? `✓ ${t('lab.answerRight')}` : `↺ ${t('lab.answerWrong')}`}
        </p>
      )}
      {given.explanation && <Prose text={localized(given.explanation)} />}
    </div>
  );
}
