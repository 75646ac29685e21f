/** One exchange opened: the fields of its request and response as a tree, and the bytes of the one under the pointer. */
import type { WireExchange, WireFrame } from '@brokerlab/server/contract';
import { type CSSProperties, type KeyboardEvent, useMemo, useState } from 'react';
import { formatCount } from '../../ui/format.ts';
import { useTexts } from '../../ui/i18n.ts';
import { Hex } from './hex.tsx';
import { bytesOf, type FieldRow, pageOf, rowAt, rowsOf } from './wire-view.ts';

export function Exchange({ exchange }: { exchange: WireExchange }) {
  const t = useTexts();
  const [side, setSide] = useState<'request' | 'response'>('request');
  const { entry } = exchange;
  const frame = exchange[side];
  return (
    <section
      className="wire-details"
      aria-label={t('wire.versionOf', { api: entry.api || entry.apiKey, version: entry.apiVersion })}
    >
      <div className="wire-sides">
        {(['request', 'response'] as const).map((one) => (
          <button
            key={one}
            type="button"
            className="wire-side"
            data-testid={`wire-${one}`}
            aria-pressed={side === one}
            onClick={() => setSide(one)}
          >
            {t(`wire.${one}`)}
          </button>
        ))}
        <span className="mono">#{entry.correlationId}</span>
      </div>
      {frame ? <Frame key={side} frame={frame} /> : <p className="wire-none">{t('wire.noResponse')}</p>}
    </section>
  );
}

function Frame({ frame }: { frame: WireFrame }) {
  const t = useTexts();
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [pointed, setPointed] = useState<FieldRow | null>(null);
  const [turned, setTurned] = useState<number | null>(null);
  const [follow, setFollow] = useState(true);
  const bytes = useMemo(() => bytesOf(frame.bytes), [frame.bytes]);
  const rows = useMemo(() => rowsOf(frame.fields, toggled), [frame.fields, toggled]);
  const point = (row: FieldRow | null): void => {
    setPointed(row);
    setFollow(true);
    if (row) setTurned(null);
  };
  const toggle = (path: string): void => {
    const next = new Set(toggled);
    if (!next.delete(path)) next.add(path);
    setToggled(next);
  };
  const page = turned ?? pageOf(Math.min(pointed?.field.start ?? 0, Math.max(0, bytes.length - 1)));
  return (
    <div className="wire-frame">
      <div
        className="wire-fields"
        role="tree"
        aria-label={t('wire.fields')}
        onKeyDown={(event) => goInTree(event, rows, toggle)}
      >
        {rows.map((row, index) => (
          <Field
            key={row.path}
            row={row}
            first={index === 0}
            pointed={row.path === pointed?.path}
            onPoint={point}
            onToggle={toggle}
          />
        ))}
      </div>
      <div className="wire-bytes">
        <Hex
          bytes={bytes}
          page={page}
          range={pointed?.field ?? null}
          follow={follow}
          onPage={setTurned}
          onByte={(byte) => {
            setFollow(false);
            setPointed(byte === null ? null : rowAt(rows, byte));
          }}
        />
        {frame.totalBytes > bytes.length && (
          <p className="wire-cut">
            {t('wire.cut', { total: formatCount(frame.totalBytes), shown: formatCount(bytes.length) })}
          </p>
        )}
      </div>
    </div>
  );
}

function Field(props: {
  row: FieldRow;
  first: boolean;
  pointed: boolean;
  onPoint: (row: FieldRow | null) => void;
  onToggle: (path: string) => void;
}) {
  const t = useTexts();
  const { row, onPoint, onToggle } = props;
  const { field, depth, open, path } = row;
  const inner = field.children.length > 0;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around it takes the keys
    <div
      role="treeitem"
      className="wire-field"
      data-path={path}
      data-pointed={props.pointed}
      data-broken={field.broken === true}
      aria-level={depth + 1}
      aria-selected={props.pointed}
      {...(inner ? { 'aria-expanded': open } : {})}
      tabIndex={props.first || props.pointed ? 0 : -1}
      style={{ '--depth': depth } as CSSProperties}
      onPointerEnter={() => onPoint(row)}
      onFocus={() => onPoint(row)}
      onClick={() => inner && onToggle(path)}
    >
      <span className="wire-fold" aria-hidden="true">
        {inner ? (open ? '▾' : '▸') : ''}
      </span>
      <span className="wire-name">{field.name}</span>
      <span className="wire-value">{inner && field.kind !== 'array' ? '' : field.value}</span>
      {field.broken && <span className="wire-broken">{t('wire.broken')}</span>}
      <span className="wire-kind">
        {field.kind} · {field.end - field.start} B
      </span>
    </div>
  );
}

function goInTree(
  event: KeyboardEvent<HTMLElement>,
  rows: readonly FieldRow[],
  toggle: (path: string) => void,
): void {
  const path = (event.target as HTMLElement).dataset['path'];
  const at = rows.findIndex((row) => row.path === path);
  const row = rows[at];
  if (!row) return;
  const focus = (index: number): void => {
    const next = rows[index];
    if (next) event.currentTarget.querySelector<HTMLElement>(`[data-path="${next.path}"]`)?.focus();
  };
  const inner = row.field.children.length > 0;
  if (event.key === 'ArrowDown') focus(at + 1);
  else if (event.key === 'ArrowUp') focus(at - 1);
  else if (event.key === 'ArrowRight' && inner) row.open ? focus(at + 1) : toggle(row.path);
  else if (event.key === 'ArrowLeft' && row.open) toggle(row.path);
  else if (event.key === 'ArrowLeft') {
    focus(rows.findIndex((one) => one.path === row.path.slice(0, row.path.lastIndexOf('/'))));
  } else if (event.key === 'Enter' && inner) toggle(row.path);
  else return;
  event.preventDefault();
}
