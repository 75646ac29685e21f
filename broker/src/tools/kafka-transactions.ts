/** kafka-transactions.sh: transactions and their producers. Follows org.apache.kafka.tools.TransactionsCommand. */
import { createAdmin, loadProperties } from './framework/admin.ts';
import type { Arguments } from './framework/argparse/parse.ts';
import { readArguments } from './framework/argparse/read.ts';
import { finish, Terse } from './framework/finish.ts';
import type { ToolPorts } from './framework/ports.ts';
import { printTable } from './framework/table.ts';
import { JavaError } from './java/java-error.ts';
import {
  abortTransaction,
  type Connected,
  describeProducers,
  describeTransaction,
  failed,
  listTransactions,
  terminate,
} from './transactions/calls.ts';
import { findHanging } from './transactions/find-hanging.ts';
import { transactionsParser } from './transactions/options.ts';

type Values = Arguments['values'];

export async function run(ports: ToolPorts): Promise<number> {
  const args = readArguments(ports, transactionsParser, { help: 1 });
  try {
    return await finish(ports, () => execute(ports, args));
  } catch (error) {
    if (!(error instanceof Uncaught)) throw error;
    ports.err(`Exception in thread "main" ${error.failure.trace}`);
    return 1;
  }
}

/** An exception that ends Java's program. */
class Uncaught extends Error {
  readonly failure: JavaError;

  constructor(failure: JavaError) {
    super(failure.line);
    this.failure = failure;
  }
}

async function execute(ports: ToolPorts, { command, values }: Arguments): Promise<void> {
  await using admin = await connect(ports, values);
  const connected = { ports, admin };
  switch (command) {
    case 'list':
      return await list(connected, values);
    case 'describe':
      return await describe(connected, text(values, 'transactional_id')!);
    case 'describe-producers':
      return await showProducers(connected, values);
    case 'abort':
      return await abort(connected, values);
    case 'find-hanging':
      return await findHanging(connected, {
        broker: number(values, 'broker_id'),
        topic: text(values, 'topic'),
        partition: number(values, 'partition'),
        timeoutMinutesMax: number(values, 'max_transaction_timeout')!,
      });
    default:
      return await terminate(connected, text(values, 'transactionalId')!);
  }
}

async function connect(ports: ToolPorts, values: Values) {
  const properties = readProperties(ports, text(values, 'command_config'));
  try {
    return await createAdmin(ports, { bootstrap: text(values, 'bootstrap_server')!, properties });
  } catch (error) {
    throw error instanceof JavaError ? new Uncaught(error) : error;
  }
}

function readProperties(ports: ToolPorts, path: string | null): Map<string, string> {
  try {
    return loadProperties(ports, path);
  } catch (error) {
    if (!(error instanceof JavaError)) throw error;
    throw failed('Failed to load admin client properties', error.text);
  }
}

function text(values: Values, name: string): string | null {
  return (values.get(name) as string | undefined) ?? null;
}

function number(values: Values, name: string): number | null {
  return (values.get(name) as number | undefined) ?? null;
}

async function list(connected: Connected, values: Values): Promise<void> {
  const durationMs = number(values, 'duration_filter');
  const pattern = text(values, 'transactional_id_pattern');
  const listings = await listTransactions(connected, 'Failed to list transactions', {
    ...(durationMs === null ? {} : { durationMs }),
    ...(pattern === null ? {} : { pattern }),
  });
  printTable(
    connected.ports,
    ['TransactionalId', 'Coordinator', 'ProducerId', 'TransactionState'],
    listings.map(({ transactionalId, broker, producerId, transactionState }) => {
      return [transactionalId, String(broker), String(producerId), transactionState];
    }),
  );
}

async function describe(connected: Connected, id: string): Promise<void> {
  const what = `Failed to describe transaction state of transactional-id \`${id}\``;
  const described = await describeTransaction(connected, id, what);
  if (described === null) {
    throw failed(
      what,
      `DescribeTransactions request for transactionalId \`${id}\` failed because the ID could not be found`,
    );
  }
  const { coordinator, state } = described;
  const started = state.transactionStartTimeMs < 0n ? null : Number(state.transactionStartTimeMs);
  const partitions = state.topics.flatMap(({ topic, partitions }) =>
    partitions.map((entry) => `${topic}-${entry}`),
  );
  printTable(
    connected.ports,
    [
      'CoordinatorId',
      'TransactionalId',
      'ProducerId',
      'ProducerEpoch',
      'TransactionState',
      'TransactionTimeoutMs',
      'CurrentTransactionStartTimeMs',
      'TransactionDurationMs',
      'TopicPartitions',
    ],
    [
      [
        String(coordinator),
        id,
        String(state.producerId),
        String(state.producerEpoch),
        state.transactionState,
        String(state.transactionTimeoutMs),
        started === null ? 'None' : String(started),
        started === null ? 'None' : String(connected.ports.now() - started),
        partitions.join(','),
      ],
    ],
  );
}

async function showProducers(connected: Connected, values: Values): Promise<void> {
  const topic = text(values, 'topic')!;
  const partition = number(values, 'partition')!;
  const broker = number(values, 'broker_id');
  const on = broker === null ? 'leader' : `broker ${broker}`;
  const what = `Failed to describe producers for partition ${topic}-${partition} on ${on}`;
  const producers = await describeProducers(connected, { topic, partition, broker }, what);
  printTable(
    connected.ports,
    [
      'ProducerId',
      'ProducerEpoch',
      'LatestCoordinatorEpoch',
      'LastSequence',
      'LastTimestamp',
      'CurrentTransactionStartOffset',
    ],
    producers.map((producer) => [
      String(producer.producerId),
      String(producer.producerEpoch),
      String(producer.coordinatorEpoch),
      String(producer.lastSequence),
      String(producer.lastTimestamp),
      producer.currentTxnStartOffset < 0n ? 'None' : String(producer.currentTxnStartOffset),
    ]),
  );
}

async function abort(connected: Connected, values: Values): Promise<void> {
  const topic = text(values, 'topic')!;
  const partition = number(values, 'partition')!;
  const start = number(values, 'start_offset');
  const producerId = number(values, 'producer_id');
  if (start === null && producerId === null) {
    throw new Terse(
      'The transaction to abort must be identified either with --start-offset (for brokers on 3.0 or above) or with --producer-id, --producer-epoch, and --coordinator-epoch (for older brokers)',
    );
  }
  if (start !== null) return abortStartingAt(connected, { topic, partition, start });
  const producerEpoch = number(values, 'producer_epoch');
  if (producerEpoch === null) throw new Terse('Missing required argument --producer-epoch');
  const coordinatorEpoch = number(values, 'coordinator_epoch');
  if (coordinatorEpoch === null) throw new Terse('Missing required argument --coordinator-epoch');
  await abortTransaction(connected, {
    topic,
    partition,
    producerId: BigInt(producerId!),
    producerEpoch,
    coordinatorEpoch: Math.max(coordinatorEpoch, 0),
  });
}

async function abortStartingAt(
  connected: Connected,
  { topic, partition, start }: { readonly topic: string; readonly partition: number; readonly start: number },
): Promise<void> {
  const what = `Failed to validate producer state for partition ${topic}-${partition}`;
  const producers = await describeProducers(connected, { topic, partition, broker: null }, what);
  const found = producers.find(({ currentTxnStartOffset }) => currentTxnStartOffset === BigInt(start));
  if (found === undefined) {
    throw new Terse(
      `Could not find any open transactions starting at offset ${start} on partition ${topic}-${partition}`,
    );
  }
  const { producerId, producerEpoch, coordinatorEpoch } = found;
  await abortTransaction(connected, {
    topic,
    partition,
    producerId,
    producerEpoch,
    coordinatorEpoch: Math.max(coordinatorEpoch, 0),
  });
}
