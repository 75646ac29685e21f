/** Leaves the open task of an exam as it is. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { call } from '../../api/rest.ts';
import { useTexts } from '../../ui/i18n.ts';
import { notifyError } from '../../ui/notify.ts';
import { useLab } from '../lab/lab-context.tsx';

export function SkipTask({ stepId, onSkipped }: { stepId: string; onSkipped: () => void }) {
  const t = useTexts();
  const { session } = useLab();
  const skip = useMutation({
    mutationFn: () => call('skipExamStep', { path: { stepId } }),
    onSuccess: (state) => {
      session.takeLab(state);
      onSkipped();
    },
    onError: notifyError,
  });
  return (
    <Button
      data-testid="exam-skip"
      loading={skip.isPending}
      title={t('exam.skipHint')}
      onClick={() => skip.mutate()}
    >
      {t('exam.skip')}
    </Button>
  );
}
