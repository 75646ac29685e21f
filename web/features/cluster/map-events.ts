/** What happened between two states of the map, as a person would tell it. Pure. */
import type { MapBroker, MapCluster, MapGroup, MapPartition, MapState } from '@brokerlab/server/contract';

export type MapEvent = { readonly cluster: string } & (
  | ({ readonly kind: 'leader'; readonly from: number; readonly to: number } & Place)
  | ({ readonly kind: 'isr'; readonly left: readonly number[]; readonly joined: readonly number[] } & Place)
  | ({
      readonly kind: 'moveStarted';
      readonly adding: readonly number[];
      readonly removing: readonly number[];
    } & Place)
  | ({ readonly kind: 'moveEnded'; readonly replicas: readonly number[] } & Place)
  | { readonly kind: 'broker'; readonly broker: number; readonly seen: MapBroker['seen'] }
  | { readonly kind: 'controller'; readonly to: number }
  | { readonly kind: 'topic'; readonly topic: string; readonly change: 'created' | 'deleted' }
  | { readonly kind: 'grown'; readonly topic: string; readonly partitions: number }
  | { readonly kind: 'group'; readonly group: string; readonly change: 'appeared' | 'gone' }
  | { readonly kind: 'rebalance'; readonly group: string; readonly members: number }
);
interface Place {
  readonly topic: string;
  readonly partition: number;
}
export type EventTone = 'bad' | 'warn' | 'plain';

export function toneOf(event: MapEvent): EventTone {
  if (event.kind === 'broker') return event.seen === 'up' ? 'plain' : 'bad';
  if (event.kind === 'leader') return event.to < 0 ? 'bad' : 'warn';
  if (event.kind === 'isr') return event.left.length > 0 ? 'bad' : 'plain';
  if (event.kind === 'controller') return event.to < 0 ? 'bad' : 'warn';
  return event.kind === 'moveStarted' || event.kind === 'rebalance' ? 'warn' : 'plain';
}

export function readEvents(before: MapState, after: MapState): MapEvent[] {
  const events: MapEvent[] = [];
  for (const [cluster, now] of Object.entries(after.clusters)) {
    const known = before.clusters[cluster];
    if (!known || known === now) continue;
    for (const event of clusterEvents(known, now)) events.push({ cluster, ...event });
  }
  return events;
}

type Told = MapEvent extends infer Event ? (Event extends MapEvent ? Omit<Event, 'cluster'> : never) : never;

function* clusterEvents(before: MapCluster, now: MapCluster): Generator<Told> {
  yield* brokerEvents(before, now);
  if (before.topics !== now.topics) yield* topicEvents(before, now);
  if (before.groups !== now.groups) yield* groupEvents(before, now);
}

function* brokerEvents(before: MapCluster, now: MapCluster): Generator<Told> {
  for (const [id, { seen }] of Object.entries(now.brokers)) {
    const known = before.brokers[id]?.seen;
    if (known !== seen && (known !== undefined || seen === 'up')) {
      yield { kind: 'broker', broker: Number(id), seen };
    }
  }
  // For the moment in which nobody can tell, nothing has happened yet.
  if (before.controller !== now.controller && now.controller >= 0 && Object.keys(before.brokers).length > 0) {
    yield { kind: 'controller', to: now.controller };
  }
}

function* topicEvents(before: MapCluster, now: MapCluster): Generator<Told> {
  for (const topic of Object.keys(before.topics)) {
    if (!now.topics[topic]) yield { kind: 'topic', topic, change: 'deleted' };
  }
  for (const [topic, view] of Object.entries(now.topics)) {
    const known = before.topics[topic];
    if (known === view) continue;
    if (!known) {
      yield { kind: 'topic', topic, change: 'created' };
      continue;
    }
    const count = Object.keys(view.partitions).length;
    if (count > Object.keys(known.partitions).length) yield { kind: 'grown', topic, partitions: count };
    if (known.partitions === view.partitions) continue;
    for (const [partition, one] of Object.entries(view.partitions)) {
      const old = known.partitions[partition];
      if (!old || old === one) continue;
      for (const event of partitionEvents(old, one)) yield { ...event, topic, partition: Number(partition) };
    }
  }
}

type AtPlace = Told extends infer Event ? (Event extends Place ? Omit<Event, keyof Place> : never) : never;

function* partitionEvents(old: MapPartition, now: MapPartition): Generator<AtPlace> {
  if (old.leader !== now.leader) yield { kind: 'leader', from: old.leader, to: now.leader };
  const left = old.isr.filter((id) => !now.isr.includes(id));
  const joined = now.isr.filter((id) => !old.isr.includes(id));
  if (left.length > 0 || joined.length > 0) yield { kind: 'isr', left, joined };
  const moving = (one: MapPartition) => (one.adding?.length ?? 0) + (one.removing?.length ?? 0) > 0;
  if (!moving(old) && moving(now)) {
    yield { kind: 'moveStarted', adding: now.adding ?? [], removing: now.removing ?? [] };
  }
  if (moving(old) && !moving(now)) yield { kind: 'moveEnded', replicas: now.replicas };
}

function* groupEvents(before: MapCluster, now: MapCluster): Generator<Told> {
  for (const group of Object.keys(before.groups)) {
    if (!now.groups[group]) yield { kind: 'group', group, change: 'gone' };
  }
  for (const [group, view] of Object.entries(now.groups)) {
    const known = before.groups[group];
    if (known === view) continue;
    if (!known) yield { kind: 'group', group, change: 'appeared' };
    else if (assignmentOf(known) !== assignmentOf(view)) {
      yield { kind: 'rebalance', group, members: view.memberCount };
    }
  }
}

function assignmentOf(group: MapGroup): string {
  const members = Object.entries(group.members).map(([id, { partitions }]) => [id, partitions]);
  return JSON.stringify([group.memberCount, members.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))]);
}
