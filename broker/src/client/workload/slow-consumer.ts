/** One consumer of a load: takes a record, is busy with it for so long, takes the next. */
import { setTimeout as delay } from 'node:timers/promises';
import { Consumer, WakeupError } from '../consumer/consumer.ts';
import type { ClientOptions, FetchedRecord } from '../types.ts';
import { METADATA_AGE_MS } from './steady-producer.ts';
import type { ConsumeWork, Tally, Worker } from './workload.ts';

const POLL_MS = 200;
const AGAIN_MS = 1_000;

export interface ConsumerPlace {
  readonly client: ClientOptions;
  readonly tally: Tally;
  readonly instanceId: string;
}

export function startConsumer(work: ConsumeWork, place: ConsumerPlace): Worker {
  const stopping = new AbortController();
  let consumer = open(work, place);
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await handle(consumer, { work, tally: place.tally, stopping: stopping.signal });
      } catch (error) {
        if (stopping.signal.aborted || error instanceof WakeupError) break;
        // Fenced, or the cluster was away: join again, as a supervisor would start the server again.
        await consumer.close().catch(() => undefined);
        await delay(AGAIN_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
        if (!stopping.signal.aborted) consumer = open(work, place);
      }
    }
  };
  const running = run();
  return {
    async stop() {
      stopping.abort();
      consumer.wakeup();
      await running;
      await consumer.close().catch(() => undefined);
    },
  };
}

function open(work: ConsumeWork, { client, instanceId }: ConsumerPlace): Consumer {
  const consumer = new Consumer({
    ...client,
    groupId: work.group,
    assignors: [work.assignor],
    offsetReset: work.offsetReset,
    sessionTimeoutMs: work.sessionTimeoutMs,
    heartbeatIntervalMs: work.heartbeatMs,
    pollIntervalMaxMs: work.maxPollIntervalMs,
    autoCommitIntervalMs: work.commitMs,
    pollRecordsMax: work.maxPollRecords,
    metadataAgeMsMax: METADATA_AGE_MS,
    ...(work.instanceIds ? { groupInstanceId: instanceId } : {}),
  });
  consumer.subscribe([work.topic]);
  return consumer;
}

async function handle(
  consumer: Consumer,
  { work, tally, stopping }: { work: ConsumeWork; tally: Tally; stopping: AbortSignal },
): Promise<void> {
  let freeMs = performance.now();
  while (!stopping.aborted) {
    const records = await consumer.poll(POLL_MS);
    if (records.length === 0) freeMs = performance.now();
    for (const [index, _record] of records.entries()) {
      freeMs += work.processingMs;
      await delay(Math.max(0, freeMs - performance.now()), undefined, { signal: stopping }).catch(
        () => undefined,
      );
      if (stopping.aborted) return putBack(consumer, records.slice(index));
      tally.handled += 1;
    }
  }
}

/** What was taken and not finished is not committed: another consumer shall have it. */
function putBack(consumer: Consumer, unfinished: readonly FetchedRecord[]): void {
  for (const { topic, partition, offset } of [...unfinished].reverse())
    consumer.seek({ topic, partition }, offset);
}
