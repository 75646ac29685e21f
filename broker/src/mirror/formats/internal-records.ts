/**
 * Records of MirrorMaker's own topics (KIP-382), as Java's RemoteClusterUtils and MirrorClient read them: strings with a
 * length of two bytes, numbers big-endian, values behind a version of two bytes, of which 0 is known. Offset syncs have none.
 */
import { Reader } from '../../wire/reader.ts';
import { Writer } from '../../wire/writer.ts';

export interface KeyValue {
  readonly key: Buffer;
  readonly value: Buffer;
}

export interface OffsetSyncRecord {
  readonly topic: string;
  readonly partition: number;
  readonly upstream: number;
  readonly downstream: number;
}

export interface Checkpoint {
  readonly group: string;
  /** The topic's name on the target. */
  readonly topic: string;
  readonly partition: number;
  readonly upstream: number;
  readonly downstream: number;
  readonly metadata: string;
}

export interface Heartbeat {
  readonly source: string;
  readonly target: string;
  readonly timestamp: number;
}

const version = 0;

export function writeOffsetSync(sync: OffsetSyncRecord): KeyValue {
  return {
    key: written((writer) => {
      writeString(writer, sync.topic);
      writer.int32(sync.partition);
    }),
    value: written((writer) => {
      writer.int64(BigInt(sync.upstream));
      writer.int64(BigInt(sync.downstream));
    }),
  };
}

/** `null`: no offset sync. */
export function readOffsetSync(key: Buffer | null, value: Buffer | null): OffsetSyncRecord | null {
  if (key === null || value === null) return null;
  return unlessForeign(() => {
    const [keys, values] = [new Reader(key), new Reader(value)];
    return {
      topic: readString(keys),
      partition: keys.int32(),
      upstream: Number(values.int64()),
      downstream: Number(values.int64()),
    };
  });
}

export function writeCheckpoint(checkpoint: Checkpoint): KeyValue {
  return {
    key: written((writer) => {
      writeString(writer, checkpoint.group);
      writeString(writer, checkpoint.topic);
      writer.int32(checkpoint.partition);
    }),
    value: written((writer) => {
      writer.int16(version);
      writer.int64(BigInt(checkpoint.upstream));
      writer.int64(BigInt(checkpoint.downstream));
      writeString(writer, checkpoint.metadata);
    }),
  };
}

/** `null`: no checkpoint, or of a version not known here. */
export function readCheckpoint(key: Buffer | null, value: Buffer | null): Checkpoint | null {
  return reading(key, value, (keys, values) => ({
    group: readString(keys),
    topic: readString(keys),
    partition: keys.int32(),
    upstream: Number(values.int64()),
    downstream: Number(values.int64()),
    metadata: readString(values),
  }));
}

export function writeHeartbeat(heartbeat: Heartbeat): KeyValue {
  return {
    key: written((writer) => {
      writeString(writer, heartbeat.source);
      writeString(writer, heartbeat.target);
    }),
    value: written((writer) => {
      writer.int16(version);
      writer.int64(BigInt(heartbeat.timestamp));
    }),
  };
}

/** `null`: no heartbeat, or of a version not known here. */
export function readHeartbeat(key: Buffer | null, value: Buffer | null): Heartbeat | null {
  return reading(key, value, (keys, values) => ({
    source: readString(keys),
    target: readString(keys),
    timestamp: Number(values.int64()),
  }));
}

function written(write: (writer: Writer) => void): Buffer {
  const writer = new Writer(64);
  write(writer);
  return writer.finish();
}

function reading<T>(
  key: Buffer | null,
  value: Buffer | null,
  read: (keys: Reader, values: Reader) => T,
): T | null {
  if (key === null || value === null) return null;
  return unlessForeign(() => {
    const values = new Reader(value);
    return values.int16() === version ? read(new Reader(key), values) : null;
  });
}

function unlessForeign<T>(read: () => T | null): T | null {
  try {
    return read();
  } catch {
    return null; // a record of somebody else's
  }
}

function writeString(writer: Writer, text: string): void {
  const byteCount = Buffer.byteLength(text);
  writer.int16(byteCount);
  writer.utf8(text, byteCount);
}

function readString(reader: Reader): string {
  return reader.utf8(reader.int16());
}
