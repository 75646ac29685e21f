/**
 * The cluster map's feed: the state of all clusters of a lab as plain objects keyed by name or number, and changes as JSON
 * merge patches of it (RFC 7396): what is left out stayed, `null` went, arrays and scalars are replaced whole. So the state
 * itself holds no null: -1 and '' stand for "none".
 */
import { z } from 'zod';
import { TimestampMs } from './text.ts';

export const MapBroker = z.object({
  /** As clients address it. `''`: it has never registered. */
  address: z.string(),
  rack: z.string(),
  /**
   * up · fenced: the controller counts it out though it may answer (starting, or cut off) · silent: takes connections and
   * does not answer · gone: takes none
   */
  seen: z.enum(['up', 'fenced', 'silent', 'gone']),
});
export type MapBroker = z.infer<typeof MapBroker>;

export const MapPartition = z.object({
  /** -1: none. */
  leader: z.number().int(),
  epoch: z.number().int(),
  /** The first is the preferred leader. */
  replicas: z.array(z.number().int()),
  isr: z.array(z.number().int()),
  /** While a reassignment is under way. */
  adding: z.array(z.number().int()).optional(),
  removing: z.array(z.number().int()).optional(),
});
export type MapPartition = z.infer<typeof MapPartition>;

const byNumber = z.record(z.string(), z.number());

export const MapProducer = z.object({
  epoch: z.number().int(),
  sequence: z.number().int(),
  /** As its last record says. */
  at: z.number(),
  transactional: z.boolean(),
});
export type MapProducer = z.infer<typeof MapProducer>;

export const MapTopic = z.object({
  internal: z.boolean(),
  partitions: z.record(z.string(), MapPartition),
  /** High watermarks by partition; the last known of one without a leader. */
  ends: byNumber,
  starts: byNumber,
  /** Partition → producer id → what is known of it. Idempotent producers only: others leave no trace. */
  producers: z.record(z.string(), z.record(z.string(), MapProducer)),
});
export type MapTopic = z.infer<typeof MapTopic>;

export const MapMember = z.object({
  clientId: z.string(),
  host: z.string(),
  instanceId: z.string(),
  /** Topic → partitions. */
  partitions: z.record(z.string(), z.array(z.number().int())),
});
export type MapMember = z.infer<typeof MapMember>;

export const MapGroup = z.object({
  protocol: z.enum(['classic', 'consumer']),
  state: z.string(),
  /** By member id, at most MAP_MEMBERS_MAX of them. */
  members: z.record(z.string(), MapMember),
  memberCount: z.number().int(),
  /** Topic → partition → offset. Lag is the partition's end less this. */
  committed: z.record(z.string(), byNumber),
});
export type MapGroup = z.infer<typeof MapGroup>;

export const MAP_MEMBERS_MAX = 40;

export const MapCluster = z.object({
  /** The quorum's leader; -1: none is known. */
  controller: z.number().int(),
  brokers: z.record(z.string(), MapBroker),
  topics: z.record(z.string(), MapTopic),
  groups: z.record(z.string(), MapGroup),
  /** Over the map's limits, and therefore not in it. */
  topicsLeftOut: z.number().int(),
  groupsLeftOut: z.number().int(),
});
export type MapCluster = z.infer<typeof MapCluster>;

/** Clusters by the lab's names for them, the trainee's first one first. */
export const MapState = z.object({ clusters: z.record(z.string(), MapCluster) });
export type MapState = z.infer<typeof MapState>;

/** A JSON merge patch of MapState. */
export type MapChange = { readonly [key: string]: MapChangeValue };
export type MapChangeValue = MapChange | readonly MapChangeValue[] | string | number | boolean | null;
const MapChange = z.custom<MapChange>((value) => typeof value === 'object' && value !== null);

/** Pushed to windows that watch: the whole at first and after a gap, then what changed, `revision` by `revision`. */
export const MapUpdate = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('whole'), revision: z.number().int(), at: TimestampMs, state: MapState }),
  z.object({ kind: z.literal('change'), revision: z.number().int(), at: TimestampMs, change: MapChange }),
]);
export type MapUpdate = z.infer<typeof MapUpdate>;

/** Answer of `map.history`: what the map showed in the last hour, as far as somebody watched. */
export const MapHistory = z.object({
  /** Null: nothing was kept. */
  base: z.object({ at: TimestampMs, state: MapState }).nullable(),
  /** In order of time. `gap`: nobody watched before it, so when it happened is not known. */
  changes: z.array(z.object({ at: TimestampMs, change: MapChange, gap: z.boolean() })),
});
export type MapHistory = z.infer<typeof MapHistory>;

/** Applies a merge patch; what it does not touch is shared with the state before, not copied. */
export function applyMapChange(state: MapState, change: MapChange): MapState {
  return merge(state as unknown as Json, change) as unknown as MapState; // a patch made by `mapChange` keeps the shape
}

/** The patch that makes `after` of `before`; null: they are equal. */
export function mapChange(before: MapState, after: MapState): MapChange | null {
  return difference(before as unknown as Json, after as unknown as Json);
}

type Json = { readonly [key: string]: MapChangeValue };

function isObject(value: MapChangeValue | undefined): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function merge(target: Json, patch: Json): Json {
  const merged = Object.assign(unprototyped(), target);
  for (const [key, value] of Object.entries(patch)) {
    const known = Object.hasOwn(merged, key) ? merged[key] : undefined;
    if (value === null) delete merged[key];
    else if (isObject(value)) merged[key] = merge(isObject(known) ? known : {}, value);
    else merged[key] = value;
  }
  return merged;
}

function difference(before: Json, after: Json): Json | null {
  if (before === after) return null;
  const patch = unprototyped();
  let changed = false;
  const put = (key: string, value: MapChangeValue): void => {
    patch[key] = value;
    changed = true;
  };
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) put(key, null);
  for (const [key, value] of Object.entries(after)) {
    const known = Object.hasOwn(before, key) ? before[key] : undefined;
    if (known === value || value === undefined) continue;
    if (isObject(value) && isObject(known)) {
      const inner = difference(known, value);
      if (inner !== null) put(key, inner);
    } else if (!sameList(known, value)) put(key, value);
  }
  return changed ? patch : null;
}

/** A topic may be called `__proto__`. */
function unprototyped(): Record<string, MapChangeValue> {
  return Object.create(null);
}

function sameList(one: MapChangeValue | undefined, other: MapChangeValue): boolean {
  if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
  return one.every((value, index) => value === other[index]);
}
