/** The requests behind kafka-transactions.sh. */
import { toApiError } from '../../client/client-error.ts';
import { type Client, ClientError, type TopicPartition } from '../../client/main.ts';
import { InitProducerIdRequest, InitProducerIdResponse } from '../../messages/22-init-producer-id.ts';
import { WriteTxnMarkersRequest, WriteTxnMarkersResponse } from '../../messages/27-write-txn-markers.ts';
import { DescribeProducersRequest, DescribeProducersResponse } from '../../messages/61-describe-producers.ts';
import {
  DescribeTransactionsRequest,
  DescribeTransactionsResponse,
} from '../../messages/65-describe-transactions.ts';
import { ListTransactionsRequest, ListTransactionsResponse } from '../../messages/66-list-transactions.ts';
import { exhausted, failureOf } from '../framework/admin.ts';
import { Terse } from '../framework/finish.ts';
import { log } from '../framework/log.ts';
import type { ToolPorts } from '../framework/ports.ts';
import { fromApiError, kafkaError } from '../java/java-error.ts';

export interface Connected {
  readonly ports: ToolPorts;
  readonly admin: Client;
}

export type ProducerState =
  DescribeProducersResponse['topics'][number]['partitions'][number]['activeProducers'][number];
export type TransactionState = DescribeTransactionsResponse['transactionStates'][number];

const handlers = 'org.apache.kafka.clients.admin.internals';
const adminPrefix = '[AdminClient clientId=adminclient-1] ';
const transactionalIdNotFound = 105;

/** Ends the tool with a failed call's sentence. */
export function failed(what: string, reason: string | null): Terse {
  return new Terse(`${what}: ${reason}. Enable debug logging for additional detail.`);
}

/** Runs a call; its failure ends the tool. */
async function attempt<T>(
  { ports }: Connected,
  names: { readonly what: string; readonly call: string },
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    const asking = error.canRetry && error.api !== null;
    const failure = asking ? exhausted(ports, names.call) : failureOf(error, `${names.call}(api=METADATA)`);
    throw failed(names.what, failure.text);
  }
}

export interface Listing {
  readonly broker: number;
  readonly transactionalId: string;
  readonly producerId: bigint;
  readonly transactionState: string;
}

export interface ListFilter {
  readonly durationMs?: number;
  readonly pattern?: string;
  readonly producerIds?: readonly bigint[];
}

export async function listTransactions(
  connected: Connected,
  what: string,
  filter: ListFilter,
): Promise<Listing[]> {
  const { ports, admin } = connected;
  await attempt(connected, { what, call: 'listTransactions' }, () => admin.metadata({ topics: [] }));
  const ids = [...admin.network.brokers.keys()].sort((a, b) => a - b);
  const lists = await Promise.all(
    ids.map(async (broker) => {
      const answer = await attempt(connected, { what, call: 'listTransactions' }, () =>
        admin.request(broker, {
          request: ListTransactionsRequest,
          response: ListTransactionsResponse,
          body: {
            stateFilters: [],
            producerIdFilters: [...(filter.producerIds ?? [])],
            ...(filter.durationMs === undefined ? {} : { durationFilter: BigInt(filter.durationMs) }),
            transactionalIdPattern: filter.pattern ?? null,
          },
        }),
      );
      const error = toApiError(answer.errorCode);
      if (error === null) return answer.transactionStates.map((state) => ({ broker, ...state }));
      const about = `The \`ListTransactions\` request sent to broker ${broker} failed because of an unexpected error ${error.name}`;
      log(ports, 'ERROR', adminPrefix + about, `${handlers}.ListTransactionsHandler`);
      throw failed(
        what,
        `ListTransactions request sent to broker ${broker} failed with an unexpected exception`,
      );
    }),
  );
  return lists.flat();
}

/** `null`: not known. */
export async function describeTransaction(
  connected: Connected,
  transactionalId: string,
  what: string,
): Promise<{ readonly coordinator: number; readonly state: TransactionState } | null> {
  const { admin } = connected;
  const target = { coordinator: transactionalId, type: 'transaction' } as const;
  return attempt(connected, { what, call: 'describeTransactions' }, async () => {
    const answer = await admin.request(target, {
      request: DescribeTransactionsRequest,
      response: DescribeTransactionsResponse,
      body: { transactionalIds: [transactionalId] },
    });
    const state = answer.transactionStates[0]!;
    if (state.errorCode === transactionalIdNotFound) return null;
    const error = toApiError(state.errorCode);
    if (error !== null) {
      throw failed(
        what,
        `DescribeTransactions request for transactionalId \`${transactionalId}\` failed due to unexpected error`,
      );
    }
    return { coordinator: (await admin.network.findCoordinator(target)).id, state };
  });
}

export async function describeProducers(
  connected: Connected,
  at: TopicPartition & { readonly broker: number | null },
  what: string,
): Promise<readonly ProducerState[]> {
  const { ports, admin } = connected;
  const { topic, partition, broker } = at;
  if (broker !== null) await checkBroker(connected, broker, what);
  const target = broker ?? { leader: { topic, partition } };
  const answer = await attempt(connected, { what, call: 'describeProducers' }, () =>
    admin.request(target, {
      request: DescribeProducersRequest,
      response: DescribeProducersResponse,
      body: { topics: [{ name: topic, partitionIndexes: [partition] }] },
    }),
  );
  const found = answer.topics[0]?.partitions[0];
  const error = toApiError(found?.errorCode ?? -1, found?.errorMessage);
  if (error === null) return found!.activeProducers;
  const key = `${topic}-${partition}`;
  const cause = fromApiError({ ...error, message: toApiError(error.code)!.message });
  if (error.name === 'NOT_LEADER_OR_FOLLOWER' && broker !== null) {
    const about = `Not leader error in \`DescribeProducers\` response for partition ${key} for brokerId ${broker} set in options`;
    log(ports, 'ERROR', adminPrefix + about, `${handlers}.DescribeProducersHandler`);
    ports.err(`${cause.line}\n`);
    throw failed(what, `Failed to describe active producers for partition ${key} on brokerId ${broker}`);
  }
  throw failed(what, `Failed to describe active producers for partition ${key}`);
}

async function checkBroker(connected: Connected, broker: number, what: string): Promise<void> {
  const { admin } = connected;
  await attempt(connected, { what, call: 'describeProducers' }, () => admin.metadata({ topics: [] }));
  if (admin.network.brokers.has(broker)) return;
  const call = 'describeProducers(api=DESCRIBE_PRODUCERS)';
  throw failed(
    what,
    kafkaError('TimeoutException', `Timed out waiting for a node assignment. Call: ${call}`).text,
  );
}

export interface AbortSpec extends TopicPartition {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly coordinatorEpoch: number;
}

export async function abortTransaction(connected: Connected, spec: AbortSpec): Promise<void> {
  const { topic, partition, producerId, producerEpoch, coordinatorEpoch } = spec;
  const where = `topicPartition=${topic}-${partition}, producerId=${producerId}`;
  const text = `AbortTransactionSpec(${where}, producerEpoch=${producerEpoch}, coordinatorEpoch=${coordinatorEpoch})`;
  const what = `Failed to abort transaction ${text}`;
  const answer = await attempt(connected, { what, call: 'abortTransaction' }, () =>
    connected.admin.request(
      { leader: { topic, partition } },
      {
        request: WriteTxnMarkersRequest,
        response: WriteTxnMarkersResponse,
        body: {
          markers: [
            {
              producerId,
              producerEpoch,
              transactionResult: false,
              topics: [{ name: topic, partitionIndexes: [partition] }],
              coordinatorEpoch,
            },
          ],
        },
      },
    ),
  );
  const error = toApiError(answer.markers[0]?.topics[0]?.partitions[0]?.errorCode ?? -1);
  if (error !== null) throw failed(what, error.message);
}

/** A new epoch for the id: whatever is open under it is aborted. */
export async function terminate(connected: Connected, transactionalId: string): Promise<void> {
  const what = `Failed to force terminate transactionalId \`${transactionalId}\``;
  const { admin } = connected;
  const answer = await attempt(connected, { what, call: 'fenceProducer' }, () =>
    admin.request(
      { coordinator: transactionalId, type: 'transaction' },
      {
        request: InitProducerIdRequest,
        response: InitProducerIdResponse,
        body: { transactionalId, transactionTimeoutMs: admin.network.limits.requestTimeoutMs },
      },
    ),
  );
  const error = toApiError(answer.errorCode);
  if (error !== null) throw failed(what, error.message);
}
