/**
 * Source offsets as Kafka Connect stores them (`mm2-offsets.<source>.internal`): JSON without blanks, fields in the order
 * in which Java's maps hold them. Keys are compared as bytes by whoever reads them, so every character counts.
 */
import { CHECKPOINT_CONNECTOR, HEARTBEAT_CONNECTOR, SOURCE_CONNECTOR } from '../names/connect-names.ts';

export interface SourcePartition {
  readonly cluster: string;
  readonly topic: string;
  readonly partition: number;
}

export function sourceOffsetKey({ cluster, topic, partition }: SourcePartition): Buffer {
  return json([SOURCE_CONNECTOR, { cluster, partition, topic }]);
}

export function heartbeatOffsetKey(source: string, target: string): Buffer {
  return json([HEARTBEAT_CONNECTOR, { sourceClusterAlias: source, targetClusterAlias: target }]);
}

export function checkpointOffsetKey(checkpoint: {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
}): Buffer {
  const { group, topic, partition } = checkpoint;
  return json([CHECKPOINT_CONNECTOR, { partition, topic, group }]);
}

export function offsetValue(offset: number): Buffer {
  return json({ offset });
}

/** The partition a key is about; `null`: it belongs to another connector. */
export function readSourceOffsetKey(key: Buffer | null): SourcePartition | null {
  const parsed = parse(key);
  if (!Array.isArray(parsed) || parsed[0] !== SOURCE_CONNECTOR) return null;
  const place: unknown = parsed[1];
  if (typeof place !== 'object' || place === null) return null;
  const { cluster, topic, partition } = place as Record<string, unknown>;
  if (typeof cluster !== 'string' || typeof topic !== 'string' || typeof partition !== 'number') return null;
  return { cluster, topic, partition };
}

/** `null`: no offset, as after a reset (a record without value). */
export function readOffsetValue(value: Buffer | null): number | null {
  const parsed = parse(value);
  if (typeof parsed !== 'object' || parsed === null || !('offset' in parsed)) return null;
  return typeof parsed.offset === 'number' ? parsed.offset : null;
}

function parse(bytes: Buffer | null): unknown {
  if (bytes === null) return null;
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}

/** Jackson, which Connect writes with, leaves characters beyond ASCII as they are, as `JSON.stringify` does. */
function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
