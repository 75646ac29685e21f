/** Reading and writing messages from the console. A reading is bounded; where it stopped the next one goes on. */
import type { Client, ClientOptions, FetchedRecord, IsolationLevel } from '@brokerlab/broker/client';
import { Producer } from '@brokerlab/broker/client';
import type { z } from 'zod';
import type {
  ConsoleMessage,
  MessageBytes,
  MessagesRead,
  ProduceMessage,
  ReadFrom,
  ReadMessages,
} from '../contract/main.ts';
import { ConsoleError } from './console-error.ts';
import { type Execute, filterByExpression } from './expression.ts';
import { topicNamed } from './read-cluster.ts';

/** Looked at in one reading, however few of them hold the text. */
const SCANNED_MAX = 20_000;
const SCAN_MS_MAX = 5_000;
/** Of the newest messages, when only some of them are wanted. */
const NEWEST_SCANNED = 5_000;
const FETCH_RECORDS = 500;
const FETCH_BYTES = 1024 * 1024;
const SHOWN_BYTES_MAX = 64 * 1024;
/** All that one answer may carry. */
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;

type Reading = z.output<typeof ReadMessages>;

interface Cursor {
  readonly partition: number;
  next: number;
  readonly end: number;
}

export interface MessageSource {
  readonly client: Client;
  /** Where expressions run. */
  readonly execute: Execute;
}

export async function readMessages(
  { client, execute }: MessageSource,
  topic: string,
  reading: Reading,
): Promise<MessagesRead> {
  const { partitions } = await topicNamed(client, topic);
  const led = partitions
    .filter(({ leader, partition }) => leader !== null && (reading.partition ?? partition) === partition)
    .map(({ partition }) => partition)
    .sort((a, b) => a - b);
  const cursors = await cursorsFor(client, { topic, partitions: led, reading });
  const found: FetchedRecord[] = [];
  // Of the newest, the last ones are wanted, which come at the end of what is read.
  const newest = reading.from.at === 'newest';
  const enough = newest ? Number.POSITIVE_INFINITY : reading.limit;
  let scanned = 0;
  const deadline = performance.now() + SCAN_MS_MAX;
  for (const cursor of inTurn(cursors)) {
    if (found.length >= enough || scanned >= SCANNED_MAX || performance.now() > deadline) break;
    const batch = await client.fetchRecords({
      topic,
      partition: cursor.partition,
      from: cursor.next,
      max: Math.min(FETCH_RECORDS, cursor.end - cursor.next),
      isolation: reading.isolation satisfies IsolationLevel,
      bytesMax: FETCH_BYTES,
    });
    const records = batch.records.filter(({ offset }) => offset < cursor.end);
    const wanted = await wantedOf(records, reading, execute);
    const taken = wanted.slice(0, enough - found.length);
    found.push(...taken);
    const left = wanted[taken.length];
    scanned += left === undefined ? records.length : records.indexOf(left);
    const next = left === undefined ? batch.nextOffset : left.offset;
    cursor.next = next > cursor.next || left !== undefined ? next : cursor.end;
  }
  return answerOf(found, { cursors, scanned, newest, limit: reading.limit });
}

async function wantedOf(
  records: readonly FetchedRecord[],
  { text, expression }: Reading,
  execute: Execute,
): Promise<readonly FetchedRecord[]> {
  const holding = records.filter(textFilter(text));
  if (expression.trim() === '' || holding.length === 0) return holding;
  return await filterByExpression(holding, { expression, execute });
}

/** As long as anything is left, one piece of each partition after the other. */
function* inTurn(cursors: readonly Cursor[]): Generator<Cursor> {
  for (let some = true; some; ) {
    some = false;
    for (const cursor of cursors) {
      if (cursor.next >= cursor.end) continue;
      some = true;
      yield cursor;
    }
  }
}

async function cursorsFor(
  client: Client,
  { topic, partitions, reading }: { topic: string; partitions: readonly number[]; reading: Reading },
): Promise<Cursor[]> {
  if (partitions.length === 0) return [];
  const offsets = async (at: 'earliest' | 'latest' | number) => {
    const answers = await client.listOffsets(partitions.map((partition) => ({ topic, partition, at })));
    return new Map(answers.map(({ partition, offset, error }) => [partition, error === null ? offset : -1]));
  };
  const [first, last] = await Promise.all([offsets('earliest'), offsets('latest')]);
  const { from } = reading;
  const timed = from.at === 'time' ? await offsets(from.timeMs) : null;
  const filtered = reading.text !== '' || reading.expression.trim() !== '';
  const share = Math.ceil((filtered ? NEWEST_SCANNED : reading.limit) / partitions.length);
  return partitions.map((partition) => {
    const start = first.get(partition) ?? 0;
    const end = last.get(partition) ?? 0;
    const wanted = beginning(from, { partition, end, share, timed: timed?.get(partition) ?? -1 });
    return { partition, next: Math.min(end, Math.max(start, wanted)), end };
  });
}

function beginning(
  from: ReadFrom,
  { partition, end, share, timed }: { partition: number; end: number; share: number; timed: number },
): number {
  switch (from.at) {
    case 'oldest':
      return 0;
    case 'newest':
      return end - share;
    case 'offset':
      return from.offset;
    case 'time':
      return timed < 0 ? end : timed;
    case 'next':
      return from.offsets[String(partition)] ?? end;
  }
}

function textFilter(text: string): (record: FetchedRecord) => boolean {
  if (text === '') return () => true;
  const wanted = Buffer.from(text, 'utf8');
  const holds = (bytes: Buffer | null) => bytes?.includes(wanted) === true;
  return ({ key, value, headers }) =>
    holds(key) || holds(value) || headers.some((header) => header.key.includes(text) || holds(header.value));
}

function answerOf(
  found: readonly FetchedRecord[],
  {
    cursors,
    scanned,
    newest,
    limit,
  }: { cursors: readonly Cursor[]; scanned: number; newest: boolean; limit: number },
): MessagesRead {
  const sorted = [...found].sort(
    (a, b) => a.timestamp - b.timestamp || a.partition - b.partition || a.offset - b.offset,
  );
  if (newest) sorted.reverse();
  let left = ANSWER_BYTES_MAX;
  const bytes = (value: Buffer | null): MessageBytes => {
    if (value === null) return null;
    const shown = value.subarray(0, Math.min(SHOWN_BYTES_MAX, Math.max(0, left)));
    left -= shown.length;
    return { base64: shown.toString('base64'), size: value.length };
  };
  const messages = sorted.slice(0, limit).map(
    (record): ConsoleMessage => ({
      partition: record.partition,
      offset: record.offset,
      timestampMs: record.timestamp,
      timestampType: record.timestampType,
      codec: record.batch.codec,
      key: bytes(record.key),
      value: bytes(record.value),
      headers: record.headers.map((header) => ({ key: header.key, value: bytes(header.value) })),
    }),
  );
  return {
    messages,
    next: Object.fromEntries(cursors.map(({ partition, next }) => [String(partition), next])),
    ended: cursors.every(({ next, end }) => next >= end),
    scanned,
  };
}

const SEND_MS_MAX = 10_000;

export async function produceMessage(
  connection: Pick<ClientOptions, 'bootstrap' | 'dial'>,
  topic: string,
  message: z.output<typeof ProduceMessage>,
): Promise<{ partition: number; offset: number }> {
  const bytes = (text: string | null) => (text === null ? null : Buffer.from(text, message.encoding));
  const producer = new Producer({
    ...connection,
    clientId: 'brokerlab-console',
    deliveryTimeoutMs: SEND_MS_MAX,
    requestTimeoutMs: SEND_MS_MAX / 2,
    blockMsMax: SEND_MS_MAX,
    lingerMs: 0,
  });
  try {
    return await new Promise((resolve, reject) => {
      const record = {
        topic,
        ...(message.partition === null ? {} : { partition: message.partition }),
        key: bytes(message.key),
        value: bytes(message.value),
        headers: message.headers.map(({ key, value }) => ({ key, value: bytes(value) })),
      };
      const sending = producer.send(record, (outcome) => {
        if (outcome.ok) resolve({ partition: outcome.metadata.partition, offset: outcome.metadata.offset });
        else reject(refusedBy(`${outcome.failure.exception}: ${outcome.failure.message}`));
      });
      sending.then(() => producer.flush()).catch(reject);
    });
  } finally {
    await producer.close();
  }
}

export function refusedBy(words: string): ConsoleError {
  return new ConsoleError({ ko: `카프카가 거절했어요. ${words}`, en: `Kafka refused this. ${words}` });
}
