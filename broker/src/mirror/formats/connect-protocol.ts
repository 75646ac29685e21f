/**
 * What Kafka Connect's workers tell each other in the group of a flow (protocol type `connect`, KIP-415 and KIP-507): each
 * worker its place and what it runs, the leader who runs what. Bytes as Apache Kafka 4.3.1 reads and writes them.
 */
import { Reader } from '../../wire/reader.ts';
import { Writer } from '../../wire/writer.ts';

/** By preference, as Apache Kafka's workers offer them unless `connect.protocol` says otherwise. */
export const connectProtocols = [
  { name: 'sessioned', version: 2 },
  { name: 'compatible', version: 1 },
  { name: 'default', version: 0 },
] as const;

/** What Apache Kafka's MirrorMaker gives as its REST address when it has none (dedicated mode without internal REST). */
const noAddress = 'NOTUSED';
/** Ours are known by their client id, which every coordinator puts before a member's id. */
const ownMark = '-brokerlab';

export interface Work {
  readonly connector: string;
  /** Task numbers; -1 is the connector itself. */
  readonly tasks: readonly number[];
}

export interface WorkerState {
  readonly url: string;
  /** How far it has read Connect's config topic. */
  readonly configOffset: bigint;
  readonly allocation: readonly Work[];
}

export function ownClientId(clientId: string): string {
  return clientId + ownMark;
}

/** Of ours, of any process; the rest are Kafka Connect's workers. */
export function isOwnMember(memberId: string): boolean {
  return /-brokerlab-[^-]+-[^-]+-[^-]+-[^-]+-[^-]+$/.test(memberId);
}

/** What ours says of itself: it keeps no Connect configuration and takes no work from another leader. */
export function ownMetadata(version: number): Buffer {
  const writer = new Writer(64);
  writer.int16(version);
  writeString(writer, noAddress);
  writer.int64(-1n);
  if (version > 0) writer.int32(-1);
  return writer.finish();
}

/** `null`: not what a worker says. */
export function readWorkerState(metadata: Buffer): WorkerState | null {
  try {
    const reader = new Reader(metadata);
    const version = reader.int16();
    const url = readString(reader);
    const configOffset = reader.int64();
    const size = version > 0 ? reader.int32() : -1;
    return { url, configOffset, allocation: size > 0 ? readAllocation(new Reader(reader.bytes(size))) : [] };
  } catch {
    return null;
  }
}

/** To a worker that is to run nothing and to stop what it runs. */
export function idleAssignment(options: {
  readonly version: number;
  readonly leader: string;
  readonly configOffset: bigint;
  readonly revoked: readonly Work[];
}): Buffer {
  const { version, leader, configOffset, revoked } = options;
  const writer = new Writer(128);
  writer.int16(version);
  writer.int16(0); // no error
  writeString(writer, leader);
  writeString(writer, noAddress);
  writer.int64(configOffset);
  writer.int32(0);
  if (version > 0) {
    writer.int32(revoked.length);
    for (const { connector, tasks } of revoked) {
      writeString(writer, connector);
      writer.int32(tasks.length);
      for (const task of tasks) writer.int32(task);
    }
    writer.int32(0); // no delay
  }
  return writer.finish();
}

function readAllocation(reader: Reader): Work[] {
  reader.int16(); // version
  reader.int16(); // error
  readString(reader); // leader
  readString(reader); // its address
  reader.int64();
  return Array.from({ length: readCount(reader) }, () => ({
    connector: readString(reader),
    tasks: Array.from({ length: readCount(reader) }, () => reader.int32()),
  }));
}

/** Nobody runs more; members are not trusted to say how much is to be read. */
const countMost = 100_000;

function readCount(reader: Reader): number {
  const count = reader.int32();
  if (count > countMost) throw new RangeError(`${count} entries in a worker's assignment`);
  return Math.max(0, count);
}

function writeString(writer: Writer, text: string): void {
  const byteCount = Buffer.byteLength(text);
  writer.int16(byteCount);
  writer.utf8(text, byteCount);
}

function readString(reader: Reader): string {
  return reader.utf8(reader.int16());
}
