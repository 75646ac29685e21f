/** A new topic: name, partitions, replication factor and, as `key=value` lines, settings. */
import { Button, Group, NumberInput, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTexts } from '../../ui/i18n.ts';
import { notifyError } from '../../ui/notify.ts';
import { CommandLine } from './command-line.tsx';
import { commands } from './commands.ts';
import { FormDialog } from './form-dialog.tsx';
import { tellFailures } from './parts.tsx';
import { useAct, usePlace } from './use-console.ts';

export function CreateTopic({ close }: { close: () => void }) {
  const t = useTexts();
  const { bootstrap, go } = usePlace();
  const create = useAct('createTopic');
  const [name, setName] = useState('');
  const [partitions, setPartitions] = useState<number | null>(null);
  const [replicationFactor, setReplicationFactor] = useState<number | null>(null);
  const [settings, setSettings] = useState('');
  const topic = { name: name.trim(), partitions, replicationFactor, configs: readSettings(settings) };
  const submit = async (): Promise<void> => {
    try {
      const answer = await create.mutateAsync(topic);
      if (!tellFailures(answer, t('console.topic.created', { topic: topic.name }))) return;
      close();
      go({ view: 'topic', name: topic.name });
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <FormDialog
      title={t('console.topic.create')}
      close={close}
      submit={() => void submit()}
      buttons={
        <Button
          size="xs"
          type="submit"
          variant="filled"
          loading={create.isPending}
          disabled={topic.name === ''}
        >
          {t('console.topic.createDo')}
        </Button>
      }
    >
      <TextInput
        label={t('console.topic.name')}
        value={name}
        required
        data-autofocus
        maxLength={249}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Group grow>
        <Whole label={t('console.topic.partitions')} value={partitions} set={setPartitions} max={10_000} />
        <Whole
          label={t('console.topic.replicas')}
          value={replicationFactor}
          set={setReplicationFactor}
          max={100}
        />
      </Group>
      <Textarea
        label={t('console.topic.settings')}
        description={t('console.topic.settingsHint')}
        placeholder={'retention.ms=60000\ncleanup.policy=compact'}
        autosize
        minRows={2}
        value={settings}
        onChange={(event) => setSettings(event.currentTarget.value)}
      />
      <CommandLine command={commands.createTopic(bootstrap, topic)} />
    </FormDialog>
  );
}

/** Empty: the cluster's own default. */
function Whole(props: {
  label: string;
  value: number | null;
  set: (value: number | null) => void;
  max: number;
}) {
  const t = useTexts();
  return (
    <NumberInput
      label={props.label}
      placeholder={t('console.topic.byDefault')}
      value={props.value ?? ''}
      min={1}
      max={props.max}
      allowDecimal={false}
      onChange={(value) => props.set(typeof value === 'number' ? value : null)}
    />
  );
}

export function readSettings(text: string): Record<string, string> {
  const pairs = text.split('\n').flatMap((line) => {
    const at = line.indexOf('=');
    return at < 1 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()] as const];
  });
  return Object.fromEntries(pairs);
}
