/** Messages as rows; each opens to show key, value and headers whole. */
import type { ConsoleMessage } from '@brokerlab/server/contract';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { copyText } from '../../ui/clipboard.ts';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { useTexts } from '../../ui/i18n.ts';
import { type Decoded, decode, type Format } from './decode.ts';

interface ListFormats {
  readonly key: Format;
  readonly value: Format;
}

export function MessageList(props: {
  messages: readonly ConsoleMessage[];
  formats: ListFormats;
  replay: (message: ConsoleMessage) => void;
}) {
  const t = useTexts();
  const [open, setOpen] = useState<string | null>(null);
  return (
    <div className="table-scroll">
      <table className="table console-table console-message-table" aria-label={t('console.tabs.messages')}>
        <thead>
          <tr>
            <th data-number>{t('console.partition.number')}</th>
            <th data-number>{t('console.message.offset')}</th>
            <th>{t('console.message.time')}</th>
            <th>{t('console.message.key')}</th>
            <th>{t('console.message.value')}</th>
            <th data-number>{t('console.message.headers')}</th>
          </tr>
        </thead>
        <tbody>
          {props.messages.map((message) => {
            const id = `${message.partition}/${message.offset}`;
            return (
              <MessageRow
                key={id}
                message={message}
                formats={props.formats}
                open={open === id}
                toggle={() => setOpen(open === id ? null : id)}
                replay={props.replay}
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function MessageRow(props: {
  message: ConsoleMessage;
  formats: ListFormats;
  open: boolean;
  toggle: () => void;
  replay: (message: ConsoleMessage) => void;
}) {
  const { message, formats, open, toggle } = props;
  const t = useTexts();
  const key = decode(message.key, formats.key);
  const value = decode(message.value, formats.value);
  return (
    <>
      <tr data-testid="console-message">
        <td data-number>{message.partition}</td>
        <td data-number>
          <button
            type="button"
            className="console-link"
            aria-expanded={open}
            aria-label={t('console.message.open', { offset: message.offset })}
            onClick={toggle}
          >
            {formatCount(message.offset)}
          </button>
        </td>
        <td className="console-time">{timeText(message.timestampMs)}</td>
        <td>
          <Short decoded={key} />
        </td>
        <td>
          <Short decoded={value} />
        </td>
        <td data-number>{message.headers.length || ''}</td>
      </tr>
      {open && (
        <tr>
          <td colSpan={6}>
            <dl className="console-message">
              <Part title={t('console.message.key')} decoded={key} size={message.key?.size ?? null} />
              <Part title={t('console.message.value')} decoded={value} size={message.value?.size ?? null} />
              {message.headers.map((header, index) => (
                <Part
                  // biome-ignore lint/suspicious/noArrayIndexKey: a message may have the same header twice, and never changes
                  key={index}
                  title={`${t('console.message.header')} ${header.key}`}
                  decoded={decode(header.value, 'auto')}
                  size={header.value?.size ?? null}
                />
              ))}
            </dl>
            <div className="row console-tools">
              <span className="quiet-text">
                {message.timestampType} · {t('console.message.codec', { codec: message.codec })}
              </span>
              <Button size="compact-xs" onClick={() => void copyText(value.text)}>
                {t('console.message.copyValue')}
              </Button>
              <Button size="compact-xs" onClick={() => props.replay(message)}>
                {t('console.message.replay')}
              </Button>
            </div>
          </td>
        </tr>
      )}
    </>
  );
}

const SHORT_MAX = 120;

function Short({ decoded }: { decoded: Decoded }) {
  const line = decoded.text.replace(/\s+/g, ' ');
  return (
    <span className="console-short mono" data-null={decoded.as === 'null'}>
      {line.length > SHORT_MAX ? `${line.slice(0, SHORT_MAX)}…` : line}
    </span>
  );
}

function Part({ title, decoded, size }: { title: string; decoded: Decoded; size: number | null }) {
  const t = useTexts();
  return (
    <>
      <dt>
        {title}{' '}
        <span className="quiet-text">
          {decoded.as}
          {size !== null && ` · ${formatBytes(size)}`}
          {decoded.mismatch && ` · ${t('console.message.mismatch')}`}
          {decoded.cut && ` · ${t('console.message.cut')}`}
        </span>
      </dt>
      <dd>
        <pre>{decoded.text}</pre>
      </dd>
    </>
  );
}

function timeText(timeMs: number): string {
  if (timeMs < 0) return '–';
  const date = new Date(timeMs);
  const two = (value: number, digits = 2): string => String(value).padStart(digits, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${two(date.getMilliseconds(), 3)}`;
}
