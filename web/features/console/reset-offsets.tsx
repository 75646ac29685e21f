/** Sets a group's offsets elsewhere: tried first, so that one sees what would change, and then done. */
import type { ConsoleGroupDetail, OffsetsReset, OffsetTarget } from '@brokerlab/server/contract';
import { Button, Checkbox, Group, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { formatCount } from '../../ui/format.ts';
import { useTexts } from '../../ui/i18n.ts';
import { notify, notifyError } from '../../ui/notify.ts';
import { CommandLine } from './command-line.tsx';
import { commands } from './commands.ts';
import { FormDialog } from './form-dialog.tsx';
import { useAct, usePlace } from './use-console.ts';

const kinds = ['earliest', 'latest', 'shift', 'time', 'offset', 'group'] as const;

export function ResetOffsets({ group, close }: { group: ConsoleGroupDetail; close: () => void }) {
  const t = useTexts();
  const { bootstrap } = usePlace();
  const { id } = group.summary;
  const [topics, setTopics] = useState<readonly string[]>(group.summary.topics);
  const [kind, setKind] = useState<(typeof kinds)[number]>('earliest');
  const [number, setNumber] = useState(0);
  const [time, setTime] = useState(() => localTime(Date.now() - 3_600_000));
  const [other, setOther] = useState('');
  const [planned, setPlanned] = useState<OffsetsReset | null>(null);
  const reset = useAct('resetOffsets', { group: id });
  const target = targetOf(kind, { number, time, other });
  const ready = topics.length > 0 && target !== null;
  const run = async (execute: boolean): Promise<void> => {
    if (!target) return;
    try {
      const answer = await reset.mutateAsync({ topics: [...topics], target, execute });
      setPlanned(answer);
      if (!execute) return;
      notify(t('console.group.resetDone', { group: id }), { tone: 'ok' });
      close();
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <FormDialog
      wide
      title={t('console.group.reset')}
      close={close}
      submit={() => void run(false)}
      buttons={
        <>
          <Button size="xs" disabled={!ready} loading={reset.isPending} onClick={() => void run(false)}>
            {t('console.group.dryRun')}
          </Button>
          <Button
            size="xs"
            variant="filled"
            disabled={!ready || planned === null || group.summary.members > 0}
            onClick={() => void run(true)}
          >
            {t('console.group.resetDo')}
          </Button>
        </>
      }
    >
      <fieldset>
        <legend>{t('console.group.topics')}</legend>
        {group.summary.topics.map((topic) => (
          <Checkbox
            key={topic}
            size="xs"
            label={topic}
            checked={topics.includes(topic)}
            onChange={(event) => {
              setPlanned(null);
              setTopics(
                event.currentTarget.checked ? [...topics, topic] : topics.filter((one) => one !== topic),
              );
            }}
          />
        ))}
      </fieldset>
      <Group grow align="end">
        <NativeSelect
          label={t('console.group.resetTo')}
          data={kinds.map((value) => ({ value, label: t(`console.group.to.${value}`) }))}
          value={kind}
          onChange={(event) => {
            setPlanned(null);
            setKind(event.currentTarget.value as typeof kind);
          }}
        />
        {(kind === 'shift' || kind === 'offset') && (
          <NumberInput
            label={t(`console.group.to.${kind}`)}
            value={number}
            allowDecimal={false}
            {...(kind === 'offset' ? { min: 0 } : {})}
            onChange={(value) => setNumber(typeof value === 'number' ? value : 0)}
          />
        )}
        {kind === 'time' && (
          <TextInput
            type="datetime-local"
            step={1}
            label={t('console.group.to.time')}
            value={time}
            onChange={(event) => setTime(event.currentTarget.value)}
          />
        )}
        {kind === 'group' && (
          <TextInput
            label={t('console.group.to.group')}
            value={other}
            onChange={(event) => setOther(event.currentTarget.value)}
          />
        )}
      </Group>
      {planned && <Planned planned={planned} />}
      {target && (
        <CommandLine
          command={commands.resetOffsets(bootstrap, id, { topics, target, execute: planned !== null })}
        />
      )}
      {group.summary.members > 0 && <p className="notice">{t('console.group.busy')}</p>}
    </FormDialog>
  );
}

function Planned({ planned }: { planned: OffsetsReset }) {
  const t = useTexts();
  return (
    <table className="table console-table" aria-label={t('console.group.dryRun')}>
      <thead>
        <tr>
          <th>{t('console.topic.name')}</th>
          <th data-number>{t('console.partition.number')}</th>
          <th data-number>{t('console.group.before')}</th>
          <th data-number>{t('console.group.after')}</th>
        </tr>
      </thead>
      <tbody>
        {planned.offsets.map(({ topic, partition, before, after }) => (
          <tr key={`${topic}/${partition}`}>
            <td>{topic}</td>
            <td data-number>{partition}</td>
            <td data-number>{before === null ? '–' : formatCount(before)}</td>
            <td data-number>{formatCount(after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Null: not filled in yet. */
function targetOf(
  kind: (typeof kinds)[number],
  { number, time, other }: { number: number; time: string; other: string },
): OffsetTarget | null {
  switch (kind) {
    case 'earliest':
    case 'latest':
      return { to: kind };
    case 'shift':
      return { to: 'shift', by: Math.trunc(number) };
    case 'offset':
      return { to: 'offset', offset: Math.max(0, Math.trunc(number)) };
    case 'time': {
      const timeMs = new Date(time).getTime();
      return Number.isNaN(timeMs) ? null : { to: 'time', timeMs };
    }
    case 'group':
      return other.trim() === '' ? null : { to: 'group', groupId: other.trim() };
  }
}

/** As `datetime-local` wants it. */
function localTime(timeMs: number): string {
  const date = new Date(timeMs - new Date(timeMs).getTimezoneOffset() * 60_000);
  return date.toISOString().slice(0, 19);
}
