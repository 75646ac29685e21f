/** One producer of a load: a record every so many milliseconds, whatever becomes of the earlier ones. */
import { Producer } from '../producer/producer.ts';
import type { ClientOptions } from '../types.ts';
import type { ProduceWork, Tally, Worker } from './workload.ts';

/** Records not yet answered for; beyond it, nothing new is sent until some are. */
const WAITING_MAX = 2_000;
export const METADATA_AGE_MS = 1_500;

export interface ProducerPlace {
  readonly client: ClientOptions;
  readonly tally: Tally;
  readonly loadId: string;
}

export function startProducer(work: ProduceWork, { client, tally, loadId }: ProducerPlace): Worker {
  let turn = 0;
  const producer = new Producer({
    ...client,
    acks: work.acks,
    idempotence: work.idempotence,
    deliveryTimeoutMs: work.deliveryTimeoutMs,
    requestTimeoutMs: Math.min(10_000, work.deliveryTimeoutMs),
    blockMsMax: work.deliveryTimeoutMs,
    lingerMs: 0,
    // Keyless records go round the partitions, so that each gets the same share.
    batchBytes: 1,
    random: (bound) => {
      turn += 1;
      return turn % bound;
    },
    ...(work.retries === undefined ? {} : { retries: work.retries }),
  });
  const everyMs = 1000 / work.perSecond;
  let dueMs = performance.now();
  let waiting = 0;
  const send = (): void => {
    const n = tally.next();
    const key = work.keys === 0 ? null : `key-${(n % work.keys) + 1}`;
    const value = work.value
      .replaceAll('{load}', loadId)
      .replaceAll('{n}', String(n))
      .replaceAll('{key}', key ?? '');
    waiting += 1;
    const done = (ok: boolean): void => {
      waiting -= 1;
      if (ok) tally.acknowledge(n);
      else tally.failed += 1;
    };
    const record = {
      topic: work.topic,
      key: key === null ? null : Buffer.from(key),
      value: Buffer.from(value),
    };
    producer.send(record, (outcome) => done(outcome.ok)).catch(() => done(false));
  };
  const timer = setInterval(
    () => {
      // A machine that was busy for a while does not make up for it in one burst.
      dueMs = Math.max(dueMs, performance.now() - 1000);
      for (; dueMs <= performance.now() && waiting < WAITING_MAX; dueMs += everyMs) send();
    },
    Math.max(20, Math.min(everyMs, 100)),
  );
  // New partitions are used at once, not after Kafka's five minutes (metadata.max.age.ms).
  const refresher = setInterval(() => void producer.refresh().catch(() => undefined), METADATA_AGE_MS);
  return {
    async stop() {
      clearInterval(timer);
      clearInterval(refresher);
      await Promise.race([producer.close(), unlessLong()]);
    },
  };
}

/** A cluster that does not answer shall not hold up the end. */
function unlessLong(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 2_000).unref();
  });
}
