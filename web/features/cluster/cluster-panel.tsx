/** The clusters as the course draws them, live or at a moment of the last hour. */
import type { MapState } from '@brokerlab/server/contract';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useNow } from '../../ui/format.ts';
import { useTexts } from '../../ui/i18n.ts';
import { Empty } from '../../ui/states.tsx';
import { useStore } from '../../ui/store.ts';
import { useLab, useLabState } from '../lab/lab-context.tsx';
import { Board } from './board.tsx';
import { BoardContext } from './board-context.ts';
import { Clients } from './clients.tsx';
import { type ClusterMap, drawCluster } from './cluster-map.ts';
import { sentencesOf } from './event-words.ts';
import { FlowArrows } from './flow-arrows.tsx';
import { flowsOf } from './flows.ts';
import { shownFrame } from './map-store.ts';
import { useStepLook } from './step-look.ts';
import { eventsBefore, type Timeline } from './timeline.ts';
import { TimelineBar } from './timeline-bar.tsx';
import './cluster.css';

const freshMs = 2_500;
const noBrokers: never[] = [];

export function ClusterPanel() {
  const t = useTexts();
  const { session, content } = useLab();
  const state = useStore(session.map.store, (whole) => whole);
  const brokerStates = useLabState((lab) =>
    lab.environment?.state === 'ready' ? lab.environment.brokers : noBrokers,
  );
  const clockOffsetMs = useLabState((lab) => lab.clockOffsetMs);
  const look = useStepLook(content);
  const [showInternal, setShowInternal] = useState(false);
  const [pointed, setPointed] = useState<string | null>(null);
  useEffect(() => session.map.watch(), [session]);
  const place = useRef<HTMLElement>(null);
  const frame = shownFrame(state);
  useShownLook(place, look, frame !== null);
  useNewTopicInView(place, state.moment === null ? (frame?.state ?? null) : null);
  if (!frame) return <Empty title={t('cluster.waiting')} />;
  const names = Object.keys(frame.state.clusters);
  const maps = names.map((name, index) => ({
    name,
    map: drawCluster(frame.state.clusters[name]!, {
      brokerStates: index === 0 && state.moment === null ? brokerStates : noBrokers,
      showInternal,
      clusters: names.filter((other) => other !== name),
    }),
  }));
  const fresh = eventsBefore(state.timeline, state.moment ?? frame.at, freshMs);
  return (
    <div className="cluster" data-past={state.moment !== null}>
      <div className="flows">
        <FlowArrows flows={flowsOf(frame.state)} />
      </div>
      <section
        ref={place}
        className="cluster-body"
        data-several={names.length > 1}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, takes arrow keys, and F6 brings the focus here
        tabIndex={0}
        data-panel-focus
        data-testid="cluster-map"
        aria-label={t('cluster.map')}
        aria-description={t('map.help')}
        onKeyDown={goByArrows}
      >
        {maps.map(({ name, map }, index) => (
          <BoardContext
            key={name}
            value={{ place: { cluster: name, first: index === 0 }, look, fresh, point: setPointed }}
          >
            <div className="cluster-one" data-testid={`map-cluster-${name}`}>
              {names.length > 1 && <h2>{t('map.cluster', { name })}</h2>}
              <Board map={map} />
              <Clients map={map} at={frame.at} />
            </div>
          </BoardContext>
        ))}
      </section>
      <TimelineBar map={session.map} state={state} clockOffsetMs={clockOffsetMs} />
      <Legend
        maps={maps.map(({ map }) => map)}
        pointed={pointed}
        internal={{ shown: showInternal, show: setShowInternal }}
      />
      <Announcer timeline={state.timeline} clusters={names.length} />
    </div>
  );
}

/** What happens, as sentences for those who hear the page. */
function Announcer({ timeline, clusters }: { timeline: Timeline; clusters: number }) {
  const t = useTexts();
  // Told again after a moment, so that what came meanwhile is one announcement.
  useNow(1_000);
  const from = useRef(timeline.at(-1)?.at ?? 0);
  const words = useRef('');
  const fresh = timeline.filter((frame) => frame.at > from.current && !frame.gap);
  const events = fresh.flatMap((frame) => frame.events);
  if (events.length > 0) {
    from.current = fresh.at(-1)!.at;
    words.current = sentencesOf(events, t, clusters);
  }
  return (
    <div className="visually-hidden" role="log" aria-live="polite" data-testid="map-news">
      {words.current}
    </div>
  );
}

function Legend(props: {
  maps: readonly ClusterMap[];
  pointed: string | null;
  internal: { shown: boolean; show: (shown: boolean) => void };
}) {
  const t = useTexts();
  const { maps, pointed, internal } = props;
  const sum = (read: (map: ClusterMap) => number) => maps.reduce((total, map) => total + read(map), 0);
  const offline = sum((map) => map.alarms.offline);
  const under = sum((map) => map.alarms.underReplicated);
  return (
    <div className="cluster-legend">
      {offline > 0 && (
        <span className="legend-alarm" data-tone="bad">
          ! {t('map.alarmOffline', { count: offline })}
        </span>
      )}
      {under > 0 && (
        <span className="legend-alarm" data-tone="warn">
          ! {t('map.alarmUnder', { count: under })}
        </span>
      )}
      {pointed !== null ? <span className="legend-pointed">{pointed}</span> : <Marks />}
      <span className="grow">{sum((map) => map.topicsLeftOut) > 0 && t('cluster.truncated')}</span>
      {sum((map) => map.internalTopics) > 0 && (
        <label className="cluster-internal">
          <input
            type="checkbox"
            checked={internal.shown}
            onChange={(event) => internal.show(event.currentTarget.checked)}
          />
          {t('cluster.showInternal')}
        </label>
      )}
    </div>
  );
}

function Marks() {
  const t = useTexts();
  return (
    <>
      <span>
        <i className="legend-mark" data-role="leader" /> {t('cluster.leader')}
      </span>
      <span>
        <i className="legend-mark" data-role="follower" /> {t('cluster.follower')}
      </span>
      <span>★ {t('cluster.preferredLeader')}</span>
      <span>
        <i className="legend-mark" data-role="behind" /> {t('cluster.notInSync')}
      </span>
      <span>
        <i className="legend-mark" data-role="offline" /> {t('cluster.offline')}
      </span>
    </>
  );
}

/** Up and down within a broker, left and right to the same partition elsewhere. */
function goByArrows(event: KeyboardEvent<HTMLElement>): void {
  const place = event.currentTarget;
  const now = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-cell]') : null;
  const cells = [...place.querySelectorAll<HTMLElement>('[data-cell]')];
  if (!event.key.startsWith('Arrow') || cells.length === 0) return;
  event.preventDefault();
  if (!now) {
    cells[0]?.focus();
    return;
  }
  const forward = event.key === 'ArrowDown' || event.key === 'ArrowRight';
  const vertical = event.key === 'ArrowDown' || event.key === 'ArrowUp';
  const line = cells.filter((cell) =>
    vertical
      ? cell.dataset['column'] === now.dataset['column']
      : cell.dataset['cell'] === now.dataset['cell'],
  );
  line[line.indexOf(now) + (forward ? 1 : -1)]?.focus();
}

/** What the step points at is brought into view when it begins to. */
function useShownLook(place: React.RefObject<HTMLElement | null>, look: unknown, drawn: boolean): void {
  useEffect(() => {
    if (!look || !drawn) return;
    place.current
      ?.querySelector('[data-look="true"]')
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [look, drawn, place]);
}

/** A topic that appears while one looks is brought into view; those of before stay where they are. */
function useNewTopicInView(place: React.RefObject<HTMLElement | null>, state: MapState | null): void {
  const known = useRef<ReadonlySet<string> | null>(null);
  const names = useMemo(
    () => Object.values(state?.clusters ?? {}).flatMap(({ topics }) => Object.keys(topics)),
    [state],
  );
  useEffect(() => {
    if (!state) return;
    const before = known.current;
    known.current = new Set(names);
    const appeared = before && names.find((name) => !before.has(name));
    if (!appeared) return;
    const row = place.current?.querySelector(`tr[data-topic="${CSS.escape(appeared)}"]`);
    row?.nextElementSibling?.scrollIntoView({ block: 'nearest' });
    row?.scrollIntoView({ block: 'nearest' });
  }, [names, state, place]);
}
