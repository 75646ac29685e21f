/** The last hour under the map: events as marks, and a handle that goes back to any of them. */
import { useMemo } from 'react';
import { useNow } from '../../ui/format.ts';
import { useTexts } from '../../ui/i18n.ts';
import { Icon } from '../../ui/icons.tsx';
import { sentencesOf } from './event-words.ts';
import { toneOf } from './map-events.ts';
import type { MapStore, MapStoreState } from './map-store.ts';
import type { Frame, Timeline } from './timeline.ts';

const hourMs = 3_600_000;
/** Two marks nearer than this share of the line are one. */
const markApart = 1 / 250;

export function TimelineBar(props: { map: MapStore; state: MapStoreState; clockOffsetMs: number }) {
  const t = useTexts();
  const { map, state } = props;
  const { timeline, moment } = state;
  const tick = useNow(1_000) + props.clockOffsetMs;
  const now = Math.max(tick, timeline.at(-1)?.at ?? 0);
  const from = Math.max(now - hourMs, Math.min(timeline[0]?.at ?? now, now - 60_000));
  const eventful = useMemo(() => timeline.filter(({ events }) => events.length > 0), [timeline]);
  const clusters = Object.keys(state.live?.clusters ?? {}).length;
  const at = moment ?? now;
  const shown = eventful.findLast((frame) => frame.at <= at);
  const go = (step: -1 | 1): void => {
    const next =
      step < 0 ? eventful.findLast((frame) => frame.at < at) : eventful.find((frame) => frame.at > at);
    if (next) map.lookAt(next.at);
    else map.lookAt(step > 0 ? null : (timeline[0]?.at ?? null));
  };
  return (
    <section className="timeline" aria-label={t('map.timeline')} data-past={moment !== null}>
      <button
        type="button"
        className="timeline-button"
        data-testid="map-pause"
        onClick={() => map.lookAt(moment === null ? now : null)}
      >
        {moment === null ? t('map.pause') : t('map.backToNow')}
      </button>
      <button
        type="button"
        className="timeline-button timeline-step"
        aria-label={t('map.previousEvent')}
        onClick={() => go(-1)}
      >
        <Icon name="chevronRight" />
      </button>
      <button
        type="button"
        className="timeline-button"
        aria-label={t('map.nextEvent')}
        disabled={moment === null}
        onClick={() => go(1)}
      >
        <Icon name="chevronRight" />
      </button>
      <span className="timeline-time">{clock(moment ?? from)}</span>
      <div className="timeline-line">
        <Marks frames={eventful} from={from} now={now} />
        <input
          type="range"
          data-testid="map-time"
          aria-label={t('map.timeline')}
          aria-valuetext={moment === null ? t('map.now') : t('map.past', { time: clock(moment) })}
          title={t('map.timelineHelp')}
          min={from}
          max={now}
          step={1}
          value={at}
          onChange={(event) => {
            const value = Number(event.currentTarget.value);
            map.lookAt(value >= now - (now - from) / 400 ? null : value);
          }}
          onKeyDown={(event) => {
            if (event.key === 'ArrowLeft' || event.key === 'ArrowDown') go(-1);
            else if (event.key === 'ArrowRight' || event.key === 'ArrowUp') go(1);
            else if (event.key === 'End') map.lookAt(null);
            else if (event.key === 'Home') map.lookAt(timeline[0]?.at ?? null);
            else return;
            event.preventDefault();
          }}
        />
      </div>
      <span className="timeline-time">{moment === null ? t('map.now') : clock(now)}</span>
      <span className="timeline-event" data-testid="map-event" title={shown && told(shown)}>
        {shown ? `${clock(shown.at)} ${told(shown)}` : t('map.nothingYet')}
      </span>
    </section>
  );

  function told(frame: Frame): string {
    const words = sentencesOf(frame.events, t, clusters);
    return frame.gap ? `${t('map.gap')}: ${words}` : words;
  }
}

function Marks({ frames, from, now }: { frames: Timeline; from: number; now: number }) {
  const marks: { share: number; tone: 'bad' | 'warn' | 'plain'; gap: boolean }[] = [];
  const worse = { plain: 0, warn: 1, bad: 2 };
  for (const frame of frames) {
    if (frame.at < from) continue;
    const share = (frame.at - from) / (now - from);
    const tone = frame.events.map(toneOf).reduce((one, other) => (worse[other] > worse[one] ? other : one));
    const last = marks.at(-1);
    if (last && share - last.share < markApart) {
      if (worse[tone] > worse[last.tone]) last.tone = tone;
    } else marks.push({ share, tone, gap: frame.gap });
  }
  return (
    <span className="timeline-marks" aria-hidden="true">
      {marks.map(({ share, tone, gap }) => (
        <i key={share} data-tone={tone} data-gap={gap} style={{ left: `${share * 100}%` }} />
      ))}
    </span>
  );
}

function clock(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
