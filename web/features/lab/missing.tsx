/** What the open step needs and is gone, with the button that puts it back. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { call } from '../../api/rest.ts';
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import { Inline } from '../../ui/markdown.tsx';
import { notifyError } from '../../ui/notify.ts';
import { useLab, useLabState } from './lab-context.tsx';

const NONE: readonly { ko: string; en: string }[] = [];

export function Missing() {
  const t = useTexts();
  const localized = useLocalized();
  const { session } = useLab();
  const missing = useLabState((state) => state.lab?.missing ?? NONE);
  const restore = useMutation({
    mutationFn: () => call('restoreStep', { path: { labId: session.labId } }),
    onSuccess: session.takeLab,
    onError: notifyError,
  });
  if (missing.length === 0) return null;
  return (
    <aside className="note" role="status">
      {missing.map((one) => (
        <p key={one.en}>
          <Inline text={localized(one)} />
        </p>
      ))}
      <Button data-testid="restore" loading={restore.isPending} onClick={() => restore.mutate()}>
        {t('lab.restore')}
      </Button>
    </aside>
  );
}
