/** More partitions for a topic. There is no way back, and keys go elsewhere from then on: both are said. */
import { Button, Group, Modal, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { useTexts } from '../../ui/i18n.ts';
import { notifyError } from '../../ui/notify.ts';
import { CommandLine } from './command-line.tsx';
import { commands } from './commands.ts';
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
    <Modal
      opened
      onClose={close}
      title={<b>{t('console.topic.addPartitions')}</b>}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <div className="console-form">
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
        <Group justify="flex-end" gap={8}>
          <Button size="xs" onClick={close}>
            {t('app.cancel')}
          </Button>
          <Button size="xs" variant="filled" loading={add.isPending} onClick={() => void submit()}>
            {t('console.topic.addPartitions')}
          </Button>
        </Group>
      </div>
    </Modal>
  );
}
