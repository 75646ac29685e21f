/** More partitions for a topic. There is no way back, and keys go elsewhere from then on: both are said. */
import { Button, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { useTexts } from '../../ui/i18n.ts';
import { notifyError } from '../../ui/notify.ts';
import { CommandLine } from './command-line.tsx';
import { commands } from './commands.ts';
import { FormDialog } from './form-dialog.tsx';
import { tellFailures } from './parts.tsx';
import { useAct, usePlace } from './use-console.ts';

export function AddPartitions({ topic, now, close }: { topic: string; now: number; close: () => void }) {
  const t = useTexts();
  const { bootstrap } = usePlace();
  const [total, setTotal] = useState(now + 1);
  const add = useAct('addPartitions', { topic });
  const submit = async (): Promise<void> => {
    try {
      if (tellFailures(await add.mutateAsync({ total }), t('console.topic.grown', { topic, total }))) close();
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <FormDialog
      title={t('console.topic.addPartitions')}
      close={close}
      submit={() => void submit()}
      buttons={
        <Button size="xs" type="submit" variant="filled" loading={add.isPending}>
          {t('console.topic.addPartitions')}
        </Button>
      }
    >
      <p>{t('console.topic.growHint')}</p>
      <NumberInput
        label={t('console.topic.total')}
        value={total}
        min={now + 1}
        max={10_000}
        allowDecimal={false}
        data-autofocus
        onChange={(value) => setTotal(typeof value === 'number' ? value : now + 1)}
      />
      <CommandLine command={commands.addPartitions(bootstrap, topic, total)} />
    </FormDialog>
  );
}
