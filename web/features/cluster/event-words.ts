/** A map event as one sentence. */
import type { Translate } from '../../ui/i18n.ts';
import type { MapEvent } from './map-events.ts';

export function sentenceOf(event: MapEvent, t: Translate, clusters: number): string {
  const told = tell(event, t);
  return clusters > 1 ? `${event.cluster} · ${told}` : told;
}

/** Several at once: the first few, and how many more. */
export function sentencesOf(events: readonly MapEvent[], t: Translate, clusters: number): string {
  const told = events.slice(0, toldMax).map((event) => sentenceOf(event, t, clusters));
  const more = events.length - told.length;
  return [...told, ...(more > 0 ? [t('map.event.more', { count: more })] : [])].join('. ');
}

const toldMax = 3;
const listed = (ids: readonly number[]): string => (ids.length > 0 ? ids.join(', ') : '–');

function tell(event: MapEvent, t: Translate): string {
  switch (event.kind) {
    case 'leader': {
      const { topic, partition, from, to } = event;
      if (to < 0) return t('map.event.leaderLost', { topic, partition, from });
      if (from < 0) return t('map.event.leaderFound', { topic, partition, to });
      return t('map.event.leader', { topic, partition, from, to });
    }
    case 'isr': {
      const { topic, partition, left, joined } = event;
      if (left.length > 0) return t('map.event.isrLeft', { topic, partition, brokers: listed(left) });
      return t('map.event.isrJoined', { topic, partition, brokers: listed(joined) });
    }
    case 'moveStarted': {
      const { topic, partition } = event;
      const [adding, removing] = [listed(event.adding), listed(event.removing)];
      return t('map.event.moveStarted', { topic, partition, adding, removing });
    }
    case 'moveEnded': {
      const { topic, partition, replicas } = event;
      return t('map.event.moveEnded', { topic, partition, replicas: listed(replicas) });
    }
    case 'broker':
      return t(brokerWords[event.seen], { broker: event.broker });
    case 'controller':
      return t('map.event.controller', { to: event.to });
    case 'topic':
      return t(event.change === 'created' ? 'map.event.topicCreated' : 'map.event.topicDeleted', {
        topic: event.topic,
      });
    case 'grown':
      return t('map.event.grown', { topic: event.topic, partitions: event.partitions });
    case 'group':
      return t(event.change === 'appeared' ? 'map.event.groupAppeared' : 'map.event.groupGone', {
        group: event.group,
      });
    case 'rebalance':
      return t('map.event.rebalance', { group: event.group, members: event.members });
  }
}

const brokerWords = {
  up: 'map.event.brokerUp',
  fenced: 'map.event.brokerFenced',
  silent: 'map.event.brokerSilent',
  gone: 'map.event.brokerGone',
} as const;
