/** The wire inspector: what passes between clients and the trainee's brokers, decoded, with the bytes beside it. */
import type { WireEntry, WireExchange, WireFilter } from '@brokerlab/server/contract';
import { useEffect, useMemo, useRef, useState } from 'react';
import { CallError } from '../../api/rest.ts';
import { formatBytes } from '../../ui/format.ts';
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import { Empty } from '../../ui/states.tsx';
import { useLab } from '../lab/lab-context.tsx';
import { Exchange } from './exchange.tsx';
import { WireFilters } from './wire-filters.tsx';
import { passes, withNews } from './wire-view.ts';
import './wire.css';

const noFilter: WireFilter = { apis: [], clientId: '', topic: '', brokers: false, own: false };
/** A filter is asked for once it is typed. */
const settleMs = 250;

export function WirePanel() {
  const t = useTexts();
  const [filter, setFilter] = useState(noFilter);
  const { entries, skipped, cluster, paused, setPaused, clear } = useWire(filter);
  const [chosen, setChosen] = useState<number | null>(null);
  const shown = useMemo(() => entries.filter((entry) => passes(entry, filter)), [entries, filter]);
  const { clusters } = useLab().content;
  return (
    <div className="wire">
      <WireFilters filter={filter} onFilter={setFilter} clusters={clusters}>
        {cluster !== null && cluster !== (filter.cluster ?? clusters[0]) && (
          <span className="wire-skipped">{t('wire.othersCluster', { cluster })}</span>
        )}
        {skipped > 0 && <span className="wire-skipped">{t('wire.skipped', { count: skipped })}</span>}
        <span className="grow" />
        <button
          type="button"
          className="wire-button"
          aria-pressed={paused}
          onClick={() => setPaused(!paused)}
        >
          {paused ? t('wire.resume') : t('wire.pause')}
        </button>
        <button type="button" className="wire-button" onClick={clear}>
          {t('wire.clear')}
        </button>
      </WireFilters>
      <div className="wire-body">
        {shown.length === 0 ? (
          <Empty title={t('wire.empty')}>{t('wire.emptyHint')}</Empty>
        ) : (
          <List entries={shown} chosen={chosen} onChoose={setChosen} />
        )}
        <Details id={chosen} answered={entries.find(({ id }) => id === chosen)?.responseBytes ?? null} />
      </div>
    </div>
  );
}

/** Watches while the panel is on the screen; asks again after a reconnect and when the filter changes. */
function useWire(filter: WireFilter) {
  const { session } = useLab();
  const { connection, labId } = session;
  const [entries, setEntries] = useState<readonly WireEntry[]>([]);
  const [skipped, setSkipped] = useState(0);
  const [cluster, setCluster] = useState<string | null>(null);
  const [paused, setPaused] = useState(false);
  const asked = useRef(filter);
  const isPaused = useRef(paused);
  isPaused.current = paused;
  useEffect(() => {
    const endNews = connection.on('wire', (message) => {
      if (message.labId !== labId || isPaused.current) return;
      setCluster(message.cluster);
      setEntries((known) => withNews(known, message.update.entries));
      if (message.update.skipped > 0) setSkipped((count) => count + message.update.skipped);
    });
    const endConnect = connection.onConnect(() =>
      connection.tell({ type: 'wire.watch', filter: asked.current }),
    );
    return () => {
      endNews();
      endConnect();
      connection.tell({ type: 'wire.watch', filter: null });
    };
  }, [connection, labId]);
  useEffect(() => {
    if (asked.current === filter) return;
    const timer = setTimeout(() => {
      if (asked.current.cluster !== filter.cluster) setEntries([]);
      asked.current = filter;
      connection.tell({ type: 'wire.watch', filter });
    }, settleMs);
    return () => clearTimeout(timer);
  }, [connection, filter]);
  const clear = (): void => {
    setEntries([]);
    setSkipped(0);
  };
  return { entries, skipped, cluster, paused, setPaused, clear };
}

function List(props: {
  entries: readonly WireEntry[];
  chosen: number | null;
  onChoose: (id: number) => void;
}) {
  const t = useTexts();
  const { entries, chosen, onChoose } = props;
  return (
    <div className="wire-list">
      <table aria-label={t('wire.list')}>
        <thead>
          <tr>
            <th scope="col">{t('wire.at')}</th>
            <th scope="col">{t('wire.api')}</th>
            <th scope="col">{t('wire.client')}</th>
            <th scope="col">{t('wire.broker')}</th>
            <th scope="col">{t('wire.topic')}</th>
            <th scope="col">{t('wire.size')}</th>
            <th scope="col">{t('wire.took')}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.id} data-chosen={entry.id === chosen} onClick={() => onChoose(entry.id)}>
              <td className="wire-time">{clock(entry.at)}</td>
              <td>
                <button
                  type="button"
                  className="wire-api"
                  data-testid={`wire-${entry.api}`}
                  aria-pressed={entry.id === chosen}
                >
                  {t('wire.versionOf', { api: entry.api || entry.apiKey, version: entry.apiVersion })}
                </button>
              </td>
              <td className="mono">{entry.clientId}</td>
              <td>{entry.broker}</td>
              <td className="mono">{entry.topics.join(', ')}</td>
              <td>
                {formatBytes(entry.requestBytes)} →{' '}
                {entry.responseBytes === null ? '–' : formatBytes(entry.responseBytes)}
              </td>
              <td>
                {entry.tookMs === null
                  ? t('wire.waiting')
                  : t('time.ms', { count: Math.round(entry.tookMs) })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Details({ id, answered }: { id: number | null; answered: number | null }) {
  const t = useTexts();
  const localized = useLocalized();
  const { session } = useLab();
  const [exchange, setExchange] = useState<WireExchange | null>(null);
  const [failure, setFailure] = useState<CallError | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an answer that has come is read, too
  useEffect(() => {
    if (id === null) return;
    let over = false;
    session.connection
      .request({ type: 'wire.read', id })
      .then((read) => {
        if (over) return;
        setExchange(read);
        setFailure(null);
      })
      .catch((error: unknown) => {
        if (!over && error instanceof CallError) setFailure(error);
      });
    return () => {
      over = true;
    };
  }, [id, answered, session]);
  if (id === null) return <div className="wire-details wire-none">{t('wire.choose')}</div>;
  if (failure) return <div className="wire-details wire-none">{localized(failure.text)}</div>;
  if (!exchange || exchange.entry.id !== id) return <div className="wire-details" />;
  return <Exchange key={id} exchange={exchange} />;
}

function clock(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${parts}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}
