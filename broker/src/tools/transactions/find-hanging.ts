/** find-hanging: open transactions older than any may be, which no coordinator will end. */
import { toApiError } from '../../client/client-error.ts';
import type { TopicPartition } from '../../client/main.ts';
import { getting } from '../framework/admin.ts';
import { Terse } from '../framework/finish.ts';
import { printTable } from '../framework/table.ts';
import { JavaError } from '../java/java-error.ts';
import {
  type Connected,
  describeProducers,
  describeTransaction,
  failed,
  listTransactions,
  type ProducerState,
} from './calls.ts';

export interface Search {
  readonly broker: number | null;
  readonly topic: string | null;
  readonly partition: number | null;
  readonly timeoutMinutesMax: number;
}

interface OpenTransaction extends TopicPartition {
  readonly producer: ProducerState;
}

const headers = [
  'Topic',
  'Partition',
  'ProducerId',
  'ProducerEpoch',
  'CoordinatorEpoch',
  'StartOffset',
  'LastTimestamp',
  'Duration(min)',
];
const minuteMs = 60_000;

export async function findHanging(connected: Connected, search: Search): Promise<void> {
  if (search.topic === null && search.broker === null) {
    throw new Terse(
      'The `find-hanging` command requires either --topic or --broker-id to limit the scope of the search',
    );
  }
  if (search.partition !== null && search.topic === null) {
    throw new Terse('The --partition argument requires --topic to be provided');
  }
  const open = await openTransactions(connected, await partitionsOf(connected, search), search);
  const hanging = open.length === 0 ? [] : await thoseHanging(connected, open);
  const now = connected.ports.now();
  printTable(
    connected.ports,
    headers,
    hanging.map(({ topic, partition, producer }) => [
      topic,
      String(partition),
      String(producer.producerId),
      String(producer.producerEpoch),
      String(producer.coordinatorEpoch),
      String(producer.currentTxnStartOffset),
      String(producer.lastTimestamp),
      String(Math.trunc((now - Number(producer.lastTimestamp)) / minuteMs)),
    ]),
  );
}

async function partitionsOf(
  { admin }: Connected,
  { topic, partition, broker }: Search,
): Promise<TopicPartition[]> {
  if (topic !== null && partition !== null) return [{ topic, partition }];
  const topics = topic === null ? await namesOf(admin) : [topic];
  const what = `Failed to describe ${topics.length} topics`;
  const described = await told(
    what,
    getting('describeTopicPartitions', admin.describeTopicPartitions(topics)),
  );
  return described.flatMap(({ name, error, partitions }) => {
    if (error !== null) throw failed(what, toApiError(error.code)!.message);
    return partitions
      .filter(({ replicas }) => broker === null || replicas.includes(broker))
      .map((entry) => ({ topic: name, partition: entry.partition }));
  });
}

async function namesOf(admin: Connected['admin']): Promise<string[]> {
  const { topics } = await told('Failed to list topics', getting('listTopics', admin.metadata()));
  return topics.map(({ name }) => name);
}

async function told<T>(what: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof JavaError)) throw error;
    throw failed(what, error.inner?.text ?? error.text);
  }
}

async function openTransactions(
  connected: Connected,
  partitions: readonly TopicPartition[],
  { broker, timeoutMinutesMax }: Search,
): Promise<OpenTransaction[]> {
  const on = broker === null ? 'Optional.empty' : `Optional[${broker}]`;
  const what = `Failed to describe producers for ${partitions.length} partitions on broker ${on}`;
  const now = connected.ports.now();
  const found: OpenTransaction[] = [];
  for (const { topic, partition } of partitions) {
    for (const producer of await describeProducers(connected, { topic, partition, broker }, what)) {
      const old = now - Number(producer.lastTimestamp) > timeoutMinutesMax * minuteMs;
      if (producer.currentTxnStartOffset >= 0n && old) found.push({ topic, partition, producer });
    }
  }
  return found;
}

/** Those of which no coordinator knows any more. */
async function thoseHanging(
  connected: Connected,
  open: readonly OpenTransaction[],
): Promise<OpenTransaction[]> {
  const producerIds = [...new Set(open.map(({ producer }) => producer.producerId))];
  const listWhat = `Failed to list transactions for ${producerIds.length} producers`;
  const listed = await listTransactions(connected, listWhat, { producerIds });
  const ids = new Map(listed.map(({ producerId, transactionalId }) => [producerId, transactionalId]));
  const ongoing = new Set<string>();
  const what = `Failed to describe ${ids.size} transactions`;
  for (const [producerId, transactionalId] of ids) {
    const described = await describeTransaction(connected, transactionalId, what);
    for (const { topic, partitions } of described?.state.topics ?? []) {
      for (const partition of partitions) ongoing.add(`${producerId}/${topic}-${partition}`);
    }
  }
  return open.filter(({ topic, partition, producer }) => {
    return !ongoing.has(`${producer.producerId}/${topic}-${partition}`);
  });
}
