/** A row a trainee, a column a step of the lab that is open; other labs are one column each and open on a click. */
import type { LiveLab, LiveRow } from '@brokerlab/server/contract';
import { memo } from 'react';
import { formatAgo, useNow } from '../../../ui/format.ts';
import { type Translate, useLocalized, useTexts } from '../../../ui/i18n.ts';
import { Icon } from '../../../ui/icons.tsx';
import { useLiveState, useNameOf } from './live-context.tsx';
import { clock, needOf } from './needs.ts';
import { countPassed } from './numbers.tsx';
import { type CellState, StepCell } from './step-cell.tsx';

export function LiveTable(props: {
  labId: string | null;
  /** Whether the labs that are not open have a column each. */
  othersShown: boolean;
  onLab: (labId: string) => void;
  chosen: string | null;
  onChoose: (accountId: string) => void;
}) {
  const t = useTexts();
  const { labId, chosen, onChoose, othersShown } = props;
  const all = useLiveState((state) => state.live?.labs ?? noLabs);
  const labs = all.filter(({ id }) => othersShown || id === labId);
  const rows = useLiveState((state) => state.rows);
  const lockedFrom = useLiveState((state) => (labId === null ? null : (state.state.locks[labId] ?? null)));
  const offset = useLiveState((state) => state.clockOffsetMs);
  const now = useNow(1_000) + offset;
  const nameOf = useNameOf();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <section className="live-table" tabIndex={0} aria-label={t('class.live.table')}>
      <table>
        <Head all={all} labs={labs} labId={labId} onLab={props.onLab} lockedFrom={lockedFrom} />
        <tbody>
          {rows.map((row) => (
            <Row
              key={row.accountId}
              row={row}
              name={nameOf(row)}
              labs={labs}
              labId={labId}
              lockedFrom={lockedFrom}
              chosen={chosen === row.accountId}
              onChoose={onChoose}
              // Only what runs is drawn each second.
              now={row.online ? now : 0}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

const noLabs: readonly LiveLab[] = [];

function Head(props: {
  all: readonly LiveLab[];
  labs: readonly LiveLab[];
  labId: string | null;
  onLab: (labId: string) => void;
  lockedFrom: string | null;
}) {
  const t = useTexts();
  const localized = useLocalized();
  const { all } = props;
  return (
    <thead>
      <tr>
        <th className="live-name">{t('class.live.trainee')}</th>
        {props.labs.map((lab) =>
          lab.id === props.labId ? (
            lab.steps.map((step, index) => (
              <th key={`${lab.id}/${step.id}`} className="live-step" title={localized(step.title)}>
                {index + 1}
                {props.lockedFrom === step.id && (
                  <span role="img" aria-label={t('class.live.lockedHere')}>
                    {' '}
                    ⛒
                  </span>
                )}
              </th>
            ))
          ) : (
            <th key={lab.id} className="live-lab">
              <button
                type="button"
                title={localized(lab.title)}
                aria-label={t('class.live.openLab', { lab: localized(lab.title) })}
                onClick={() => props.onLab(lab.id)}
              >
                {t('class.live.labNumber', { number: all.indexOf(lab) + 1 })}
              </button>
            </th>
          ),
        )}
        <th className="live-time">{t('class.live.inStep')}</th>
        <th>{t('class.live.lastCommand')}</th>
        <th className="live-why">{t('class.live.lookAt')}</th>
      </tr>
    </thead>
  );
}

interface RowProps {
  readonly row: LiveRow;
  readonly name: string;
  readonly labs: readonly LiveLab[];
  readonly labId: string | null;
  readonly lockedFrom: string | null;
  readonly chosen: boolean;
  readonly onChoose: (accountId: string) => void;
  readonly now: number;
}

const Row = memo(function Row(props: RowProps) {
  const t = useTexts();
  const { row, chosen, onChoose } = props;
  const presence = t(row.online ? 'trainees.online' : 'trainees.offline');
  return (
    <tr data-chosen={chosen} data-online={row.online} data-testid={`row-${row.name}`}>
      <td className="live-name">
        <button type="button" aria-pressed={chosen} onClick={() => onChoose(row.accountId)}>
          <span className="online" data-on={row.online} role="img" aria-label={presence} title={presence} />
          <span className="live-name-text">{props.name}</span>
          {row.staff.length > 0 && <StaffMark staff={row.staff} />}
          {row.handAt !== null && (
            <span
              className="live-hand"
              role="img"
              aria-label={t('class.live.hand')}
              title={t('class.live.hand')}
            >
              <Icon name="hand" />
            </span>
          )}
        </button>
      </td>
      {props.labs.map((lab) => (
        <LabCells key={lab.id} lab={lab} {...props} />
      ))}
      <td className="live-time quiet-text">
        {row.stepSince !== null && row.online ? clock(props.now - row.stepSince) : ''}
      </td>
      <Command row={row} />
      <Why row={row} now={props.now} />
    </tr>
  );
});

function StaffMark({ staff }: { staff: LiveRow['staff'] }) {
  const t = useTexts();
  const words = staff.map(({ name, doing }) => `${name}: ${t(`class.live.doing.${doing ?? 'look'}`)}`);
  const label = [...new Set(words)].join(' · ');
  return (
    <span className="staff-mark" role="img" aria-label={label} title={label}>
      ◉
    </span>
  );
}

function LabCells({ lab, row, labId, lockedFrom }: RowProps & { lab: LiveLab }) {
  const letters = row.labs[lab.id];
  if (lab.id !== labId) {
    return (
      <td className="live-lab quiet-text" data-done={letters !== undefined && !/[^p]/.test(letters)}>
        {letters === undefined ? '' : `${countPassed(letters)}/${lab.steps.length}`}
      </td>
    );
  }
  const level = row.labId === lab.id ? needOf(row)?.level : undefined;
  const own = row.locks[lab.id];
  const from = own === undefined ? lockedFrom : own;
  const lockedAt = lab.steps.findIndex(({ id }) => id === from);
  return lab.steps.map((step, index) => {
    const letter = letters?.[index] ?? '-';
    const state = cellState(letter, level, lockedAt >= 0 && index >= lockedAt);
    return (
      <td key={step.id} className="live-step">
        <StepCell state={state} helped={letter === 'h'} />
      </td>
    );
  });
}

function cellState(letter: string, level: 'stuck' | 'hand' | 'look' | undefined, locked: boolean): CellState {
  if (letter === 'p') return 'passed';
  if (locked) return 'locked';
  if (letter === '-') return 'later';
  if (level === 'stuck') return 'stuck';
  return level === undefined ? 'open' : 'look';
}

function Command({ row }: { row: LiveRow }) {
  const t = useTexts();
  const { command } = row;
  if (!command) return <td className="live-command" />;
  const { exitCode } = command;
  const state = exitCode === null ? 'running' : exitCode === 0 ? 'ok' : 'failed';
  const result = resultOf(exitCode, t);
  return (
    <td className="live-command" title={`${command.text} — ${result}`}>
      <span className="live-command-cell">
        <span className="live-exit" data-state={state} role="img" aria-label={result}>
          {state === 'failed' ? `✕ ${exitCode}` : state === 'ok' ? '✓' : '▸'}
        </span>
        <span className="mono live-command-text">{command.text}</span>
      </span>
    </td>
  );
}

export function resultOf(exitCode: number | null, t: Translate): string {
  if (exitCode === null) return t('class.live.running');
  return exitCode === 0 ? t('class.live.ok') : t('class.live.exit', { code: exitCode });
}

function Why({ row, now }: { row: LiveRow; now: number }) {
  const t = useTexts();
  const localized = useLocalized();
  const need = needOf(row);
  if (!need) return <td className="live-why" />;
  const words = row.reasons.map(({ text }) => localized(text));
  if (row.handAt !== null && now > 0)
    words.unshift(`${t('class.live.hand')} · ${formatAgo(now - row.handAt, t)}`);
  else if (row.handAt !== null) words.unshift(t('class.live.hand'));
  const text = words.join(' · ');
  return (
    <td className="live-why" data-level={need.level} title={text}>
      {text}
    </td>
  );
}
