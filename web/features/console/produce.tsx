/** One message written by hand, or an earlier one sent again. */
import type { ConsoleMessage, MessageBytes } from '@brokerlab/server/contract';
import { Button, Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTexts } from '../../ui/i18n.ts';
import { notify, notifyError } from '../../ui/notify.ts';
import { CommandLine } from './command-line.tsx';
import { commands } from './commands.ts';
import { decode } from './decode.ts';
import { FormDialog } from './form-dialog.tsx';
import { useAct, usePlace } from './use-console.ts';

export interface Draft {
  readonly partition: number | null;
  /** Null: no key. */
  readonly key: string | null;
  /** Null: a tombstone. */
  readonly value: string | null;
  /** `key: value` lines. */
  readonly headers: string;
  /** Sent as it was, byte for byte; null: as text. */
  readonly original: ConsoleMessage | null;
}

export function draftOf(message: ConsoleMessage | null): Draft {
  if (!message) return { partition: null, key: '', value: '', headers: '', original: null };
  const text = (value: MessageBytes) => (value === null ? null : decode(value, 'string').text);
  return {
    partition: null,
    key: text(message.key),
    value: text(message.value),
    headers: message.headers.map(({ key, value }) => `${key}: ${text(value) ?? ''}`).join('\n'),
    original: message,
  };
}

export function ProduceForm(props: {
  topic: string;
  draft: Draft;
  partitions: number;
  close: () => void;
  sent: () => void;
}) {
  const { topic, close } = props;
  const t = useTexts();
  const { bootstrap } = usePlace();
  const [draft, setDraft] = useState(props.draft);
  const produce = useAct('produceMessage', { topic });
  const change = (part: Partial<Draft>): void => setDraft({ ...draft, ...part, original: null });
  const headers = readHeaders(draft.headers);
  const submit = async (): Promise<void> => {
    try {
      const { partition, offset } = await produce.mutateAsync(bodyOf(draft, headers));
      notify(t('console.message.sent', { partition, offset }), { tone: 'ok' });
      props.sent();
      close();
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <FormDialog
      wide
      title={props.draft.original ? t('console.message.replay') : t('console.message.add')}
      close={close}
      submit={() => void submit()}
      buttons={
        <Button
          size="xs"
          type="submit"
          variant="filled"
          loading={produce.isPending}
          data-testid="console-send"
        >
          {t('console.message.send')}
        </Button>
      }
    >
      <NativeSelect
        label={t('console.partition.number')}
        data={[
          { value: '', label: t('console.message.byKey') },
          ...Array.from({ length: props.partitions }, (_, index) => ({
            value: String(index),
            label: String(index),
          })),
        ]}
        value={draft.partition === null ? '' : String(draft.partition)}
        onChange={(event) =>
          setDraft({
            ...draft,
            partition: event.currentTarget.value === '' ? null : Number(event.currentTarget.value),
          })
        }
      />
      <TextInput
        label={t('console.message.key')}
        value={draft.key ?? ''}
        disabled={draft.key === null}
        onChange={(event) => change({ key: event.currentTarget.value })}
      />
      <Checkbox
        size="xs"
        label={t('console.message.noKey')}
        checked={draft.key === null}
        onChange={(event) => change({ key: event.currentTarget.checked ? null : '' })}
      />
      <Textarea
        label={t('console.message.value')}
        autosize
        minRows={3}
        maxRows={14}
        value={draft.value ?? ''}
        disabled={draft.value === null}
        data-autofocus
        onChange={(event) => change({ value: event.currentTarget.value })}
      />
      <Checkbox
        size="xs"
        label={t('console.message.tombstone')}
        checked={draft.value === null}
        onChange={(event) => change({ value: event.currentTarget.checked ? null : '' })}
      />
      <Textarea
        label={t('console.message.headers')}
        description={t('console.message.headersHint')}
        autosize
        minRows={1}
        value={draft.headers}
        onChange={(event) => change({ headers: event.currentTarget.value })}
      />
      <CommandLine
        command={commands.produce(bootstrap, topic, {
          key: draft.key || null,
          value: draft.value,
          headers,
        })}
      />
    </FormDialog>
  );
}

/** An earlier message goes as its bytes, unless a part of it did not fit the page or was changed. */
function bodyOf(draft: Draft, headers: readonly { key: string; value: string | null }[]) {
  const { original, partition } = draft;
  const whole = (value: MessageBytes) => value === null || decode(value, 'base64').cut === false;
  if (
    original &&
    [original.key, original.value, ...original.headers.map(({ value }) => value)].every(whole)
  ) {
    const base64 = (value: MessageBytes) => value?.base64 ?? null;
    return {
      partition,
      key: base64(original.key),
      value: base64(original.value),
      headers: original.headers.map(({ key, value }) => ({ key, value: base64(value) })),
      encoding: 'base64' as const,
    };
  }
  return { partition, key: draft.key === '' ? null : draft.key, value: draft.value, headers: [...headers] };
}

export function readHeaders(text: string): { key: string; value: string | null }[] {
  return text.split('\n').flatMap((line) => {
    const at = line.indexOf(':');
    if (line.trim() === '') return [];
    return [
      at < 0
        ? { key: line.trim(), value: null }
        : { key: line.slice(0, at).trim(), value: line.slice(at + 1).trim() },
    ];
  });
}
