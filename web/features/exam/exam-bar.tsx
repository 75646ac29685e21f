/** In the header of an exam: the time that is left, by the server's clock, and handing it in. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/rest.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { useNow } from '../../ui/format.ts';
import { useTexts } from '../../ui/i18n.ts';
import { notifyError } from '../../ui/notify.ts';
import { useLab, useLabState } from '../lab/lab-context.tsx';
import './exam.css';

export function ExamBar() {
  const t = useTexts();
  const { session } = useLab();
  const exam = useLabState((state) => state.lab?.exam ?? null);
  const over = useLabState((state) => state.lab?.passedAt !== null);
  const now = useNow(1000);
  const [asked, setAsked] = useState(false);
  const handIn = useMutation({
    mutationFn: () => call('handInExam'),
    onSuccess: session.takeLab,
    onError: notifyError,
  });
  if (exam === null || over) return null;
  const left = Math.max(0, Math.ceil((exam.endsAt - now) / 1000));
  const text = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
  return (
    <>
      <span className="exam-left" data-testid="exam-left" data-soon={left < 60}>
        {t('exam.left', { time: text })}
      </span>
      <Button data-testid="exam-hand-in" loading={handIn.isPending} onClick={() => setAsked(true)}>
        {t('exam.handIn')}
      </Button>
      <Confirm
        opened={asked}
        title={t('exam.handIn')}
        confirm={t('exam.handIn')}
        onConfirm={() => handIn.mutate()}
        onClose={() => setAsked(false)}
      >
        {t('exam.handInHint')}
      </Confirm>
    </>
  );
}
