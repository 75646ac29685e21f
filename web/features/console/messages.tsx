/** A topic's messages: from where, which, shown how; read on, followed live, downloaded, written and sent again. */
import type { ConsoleMessage, ConsolePartition, ReadFrom } from '@brokerlab/server/contract';
import { Button, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { formatCount } from '../../ui/format.ts';
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import { Empty } from '../../ui/states.tsx';
import { CommandLine } from './command-line.tsx';
import { commands } from './commands.ts';
import { type Format, formats } from './decode.ts';
import { download } from './download.ts';
import { MessageList } from './message-list.tsx';
import { type Draft, draftOf, ProduceForm } from './produce.tsx';
import { usePlace } from './use-console.ts';
import { type Reading, useMessages } from './use-messages.ts';

const starts = ['newest', 'oldest', 'offset', 'time', 'follow'] as const;
type Start = (typeof starts)[number];

export function MessagesView({
  topic,
  partitions,
}: {
  topic: string;
  partitions: readonly ConsolePartition[];
}) {
  const t = useTexts();
  const localized = useLocalized();
  const { bootstrap } = usePlace();
  const { state, read, more, follow, stop } = useMessages(topic);
  const [start, setStart] = useState<Start>('newest');
  const [partition, setPartition] = useState<number | null>(null);
  const [offset, setOffset] = useState(0);
  const [time, setTime] = useState('');
  const [limit, setLimit] = useState(50);
  const [text, setText] = useState('');
  const [expression, setExpression] = useState('');
  const [committed, setCommitted] = useState(false);
  const [keyFormat, setKeyFormat] = useState<Format>('auto');
  const [valueFormat, setValueFormat] = useState<Format>('auto');
  const [draft, setDraft] = useState<Draft | null>(null);
  const from = fromOf(start, { offset, time });
  const reading: Reading = {
    partition,
    from,
    limit,
    text,
    expression,
    isolation: committed ? 'read_committed' : 'read_uncommitted',
  };
  const go = (): void => void (start === 'follow' ? follow(reading) : read(reading));
  return (
    <div className="console-messages">
      <form
        className="row console-tools"
        onSubmit={(event) => {
          event.preventDefault();
          go();
        }}
      >
        <NativeSelect
          size="xs"
          label={t('console.message.from')}
          data={starts.map((value) => ({ value, label: t(`console.message.start.${value}`) }))}
          value={start}
          onChange={(event) => setStart(event.currentTarget.value as Start)}
        />
        {start === 'offset' && (
          <NumberInput
            size="xs"
            w={110}
            label={t('console.message.offset')}
            value={offset}
            min={0}
            allowDecimal={false}
            onChange={(value) => setOffset(typeof value === 'number' ? value : 0)}
          />
        )}
        {start === 'time' && (
          <TextInput
            size="xs"
            type="datetime-local"
            step={1}
            label={t('console.message.time')}
            value={time}
            onChange={(event) => setTime(event.currentTarget.value)}
          />
        )}
        <NativeSelect
          size="xs"
          label={t('console.partition.number')}
          data={[
            { value: '', label: t('console.message.allPartitions') },
            ...partitions.map((one) => ({ value: String(one.partition), label: String(one.partition) })),
          ]}
          value={partition === null ? '' : String(partition)}
          onChange={(event) =>
            setPartition(event.currentTarget.value === '' ? null : Number(event.currentTarget.value))
          }
        />
        <NumberInput
          size="xs"
          w={80}
          label={t('console.message.limit')}
          value={limit}
          min={1}
          max={1000}
          allowDecimal={false}
          onChange={(value) => setLimit(typeof value === 'number' ? Math.min(1000, Math.max(1, value)) : 50)}
        />
        <TextInput
          size="xs"
          label={t('console.message.text')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <TextInput
          size="xs"
          className="mono grow"
          label={t('console.message.expression')}
          placeholder="json.amount > 100"
          title={t('console.message.expressionHint')}
          value={expression}
          onChange={(event) => setExpression(event.currentTarget.value)}
        />
        <NativeSelect
          size="xs"
          label="isolation.level"
          data={['read_uncommitted', 'read_committed']}
          value={committed ? 'read_committed' : 'read_uncommitted'}
          onChange={(event) => setCommitted(event.currentTarget.value === 'read_committed')}
        />
        {state.following || state.busy ? (
          <Button size="xs" onClick={stop}>
            {t('console.message.stop')}
          </Button>
        ) : (
          <Button size="xs" type="submit" variant="filled" data-testid="console-read">
            {start === 'follow' ? t('console.message.follow') : t('console.message.read')}
          </Button>
        )}
      </form>
      <div className="row console-tools">
        <FormatSelect label={t('console.message.keyAs')} value={keyFormat} set={setKeyFormat} />
        <FormatSelect label={t('console.message.valueAs')} value={valueFormat} set={setValueFormat} />
        <span className="quiet-text" role="status">
          {state.following
            ? t('console.message.following', { count: state.messages.length })
            : t('console.message.found', {
                found: formatCount(state.messages.length),
                scanned: formatCount(state.scanned),
              })}
        </span>
        <span className="grow" />
        {state.messages.length > 0 && (
          <>
            <Button size="xs" onClick={() => download(topic, state.messages, 'json')}>
              JSON
            </Button>
            <Button size="xs" onClick={() => download(topic, state.messages, 'csv')}>
              CSV
            </Button>
          </>
        )}
        <Button size="xs" data-testid="console-produce" onClick={() => setDraft(draftOf(null))}>
          {t('console.message.add')}
        </Button>
      </div>
      {state.error && (
        <p className="notice notice-bad" role="alert">
          {localized(state.error)}
        </p>
      )}
      {state.messages.length > 0 ? (
        <MessageList
          messages={state.messages}
          formats={{ key: keyFormat, value: valueFormat }}
          replay={(message: ConsoleMessage) => setDraft(draftOf(message))}
        />
      ) : (
        !state.busy &&
        !state.following && <Empty title={t('console.message.none')}>{t('console.message.noneHint')}</Empty>
      )}
      {!state.following && state.messages.length > 0 && !state.ended && (
        <Button size="xs" loading={state.busy} onClick={() => void more()}>
          {t('console.message.more')}
        </Button>
      )}
      <CommandLine command={commands.read(bootstrap, topic, { partition, from, limit })} />
      {draft && (
        <ProduceForm
          topic={topic}
          draft={draft}
          partitions={partitions.length}
          close={() => setDraft(null)}
          sent={go}
        />
      )}
    </div>
  );
}

function FormatSelect(props: { label: string; value: Format; set: (format: Format) => void }) {
  const t = useTexts();
  return (
    <NativeSelect
      size="xs"
      aria-label={props.label}
      data={formats.map((value) => ({ value, label: `${props.label}: ${t(`console.format.${value}`)}` }))}
      value={props.value}
      onChange={(event) => props.set(event.currentTarget.value as Format)}
    />
  );
}

function fromOf(start: Start, { offset, time }: { offset: number; time: string }): ReadFrom {
  if (start === 'offset') return { at: 'offset', offset };
  if (start === 'time') {
    const timeMs = new Date(time).getTime();
    return { at: 'time', timeMs: Number.isNaN(timeMs) ? 0 : timeMs };
  }
  return { at: start === 'oldest' ? 'oldest' : 'newest' };
}
