/** Sends the records that a lab says are there. A topic that holds records already is left: they were sent before. */
import type { ClientOptions, ProducerRecord } from '@brokerlab/broker/client';
import { Producer } from '@brokerlab/broker/client';
import type { ProduceAct } from '../lab/schema.ts';

export type Connection = Pick<ClientOptions, 'bootstrap' | 'dial'>;

export async function produceRecords(connection: Connection, act: ProduceAct): Promise<void> {
  const producer = new Producer({
    ...connection,
    compression: act.compression,
    lingerMs: act.batchRecords === undefined ? 5 : 1000,
    ...(act.valueBytes === undefined ? {} : { batchBytes: 256 * 1024 }),
    deliveryTimeoutMs: 20_000,
  });
  let failure: string | undefined;
  let sent = 0;
  try {
    for (const record of recordsOf(act)) {
      await producer.send(record, (outcome) => {
        if (!outcome.ok) failure ??= outcome.failure.message;
      });
      sent += 1;
      if (act.batchRecords !== undefined && sent % act.batchRecords === 0) await producer.flush();
    }
    await producer.flush();
  } finally {
    await producer.close();
  }
  if (failure !== undefined) throw new Error(`records for ${act.topic} were refused: ${failure}`);
}

function* recordsOf(act: ProduceAct): Generator<ProducerRecord> {
  const now = Date.now();
  const age = (seconds: number | undefined) =>
    seconds === undefined ? {} : { timestamp: now - seconds * 1000 };
  for (const record of act.records ?? []) {
    const headers = Object.entries(record.headers ?? {}).map(([key, value]) => ({
      key,
      value: bytes(value),
    }));
    yield {
      topic: act.topic,
      key: bytes(record.key),
      value: bytes(record.value),
      headers,
      ...(record.partition === undefined ? {} : { partition: record.partition }),
      ...age(record.ageSeconds),
    };
  }
  for (let n = 1; n <= (act.count ?? 0); n++) {
    const key = keyOf(act, n);
    const value = act.value.replaceAll('{n}', String(n)).replaceAll('{key}', String(key ?? ''));
    yield {
      topic: act.topic,
      key: bytes(key),
      value: bytes(act.valueBytes === undefined ? value : value.padEnd(act.valueBytes, '.')),
      ...(act.partition === undefined ? {} : { partition: act.partition }),
      ...age(act.ageSeconds),
    };
  }
}

function keyOf({ keys }: ProduceAct, n: number): string | number | null {
  if (keys === undefined) return null;
  if (typeof keys === 'number') return `key-${((n - 1) % keys) + 1}`;
  return keys[(n - 1) % keys.length] ?? null;
}

function bytes(value: string | number | null): Buffer | null {
  return value === null ? null : Buffer.from(String(value));
}
