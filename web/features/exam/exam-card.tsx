/** Begins an exam: how many tasks, how many minutes. One that runs is gone on with, one that is over can be looked at. */
import type { Course } from '@brokerlab/server/contract';
import { Button, NumberInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { labQuery, queryClient } from '../../api/queries.ts';
import { call } from '../../api/rest.ts';
import { useTexts } from '../../ui/i18n.ts';
import { notifyError } from '../../ui/notify.ts';
import { EXAM_ID } from './exam.ts';
import './exam.css';

export function ExamCard({ exam }: { exam: Course['exam'] }) {
  const t = useTexts();
  const navigate = useNavigate();
  const [steps, setSteps] = useState(5);
  const [minutes, setMinutes] = useState(30);
  const enter = () => navigate({ to: '/labs/$labId', params: { labId: EXAM_ID } });
  const start = useMutation({
    mutationFn: () => call('startExam', { body: { steps, minutes } }),
    onSuccess: () => {
      queryClient.removeQueries({ queryKey: labQuery(EXAM_ID).queryKey });
      void enter();
    },
    onError: notifyError,
  });
  return (
    <section className="exam-card" aria-label={t('exam.title')} data-testid="exam-card">
      <div className="exam-card-text">
        <h2>{t('exam.title')}</h2>
        <p>{t('exam.intro')}</p>
      </div>
      {exam && !exam.over ? (
        <Button variant="filled" data-testid="exam-resume" onClick={() => void enter()}>
          {t('exam.resume')}
        </Button>
      ) : (
        <>
          <NumberInput
            className="exam-number"
            label={t('exam.steps')}
            value={steps}
            min={1}
            max={10}
            clampBehavior="strict"
            data-testid="exam-steps"
            onChange={(value) => setSteps(Number(value) || 1)}
          />
          <NumberInput
            className="exam-number"
            label={t('exam.minutes')}
            value={minutes}
            min={1}
            max={240}
            clampBehavior="strict"
            data-testid="exam-minutes"
            onChange={(value) => setMinutes(Number(value) || 1)}
          />
          <Button
            variant="filled"
            data-testid="exam-start"
            loading={start.isPending}
            onClick={() => start.mutate()}
          >
            {t('exam.start')}
          </Button>
          {exam && (
            <Button data-testid="exam-last" onClick={() => void enter()}>
              {t('exam.last')}
            </Button>
          )}
        </>
      )}
    </section>
  );
}
