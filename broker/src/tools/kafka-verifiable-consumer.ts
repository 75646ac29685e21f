/**
 * kafka-verifiable-consumer.sh: reads a topic in a group and tells, as JSON lines, of assignments, records and commits.
 * Follows org.apache.kafka.tools.VerifiableConsumer, which says `shutdown_requested` when its process ends, whether or not
 * anybody asked for that.
 */
import { type Consumer, WakeupError } from '../client/consumer/consumer.ts';
import { ClientError, type FetchedRecord, type TopicPartition } from '../client/main.ts';
import { failureOf } from './framework/admin.ts';
import { logWithTrace } from './framework/log.ts';
import { openConsumer } from './framework/open-client.ts';
import type { ToolPorts } from './framework/ports.ts';
import { hashOfTopicPartition, inHashOrder } from './java/hash-order.ts';
import { illegalArgument, JavaError } from './java/java-error.ts';
import { verifiableConsumerParser } from './verifiable/options.ts';
import { readConfigFile, runVerifiable, say, type Values } from './verifiable/run.ts';

const logger = 'org.apache.kafka.tools.VerifiableConsumer';

type CommittedOffset = TopicPartition & { readonly offset: number };

export function run(ports: ToolPorts): Promise<number> {
  return runVerifiable(ports, verifiableConsumerParser, (values) => consume(ports, values));
}

async function consume(ports: ToolPorts, values: Values): Promise<number> {
  const properties = readProperties(ports, values);
  const consumer = await openConsumer(ports, properties, values.get('bootstrapServer') as string);
  const run = new Run(ports, consumer, values);
  let code = 0;
  const stopListening = ports.onInterrupt((signal) => {
    if (code === 0) run.stop();
    code = signal;
  });
  await run.all();
  stopListening();
  if (code === 0) say(ports, { name: 'shutdown_requested' });
  return code;
}

function readProperties(ports: ToolPorts, values: Values): Map<string, string> {
  const text = (name: string) => values.get(name) as string | undefined;
  const properties = readConfigFile(ports, values, verifiableConsumerParser);
  const set = (key: string, value: string | number | undefined) => {
    if (value !== undefined) properties.set(key, String(value));
  };
  const protocol = text('groupProtocol')!.toUpperCase();
  if (protocol !== 'CLASSIC' && protocol !== 'CONSUMER') {
    const text = `No enum constant org.apache.kafka.clients.consumer.GroupProtocol.${protocol}`;
    throw illegalArgument(text);
  }
  set('group.protocol', protocol);
  if (protocol === 'CONSUMER') set('group.remote.assignor', text('groupRemoteAssignor'));
  else set('partition.assignment.strategy', text('assignmentStrategy'));
  set('session.timeout.ms', values.get('sessionTimeout') as number | undefined);
  set('group.id', text('groupId'));
  set('group.instance.id', text('groupInstanceId'));
  set('bootstrap.servers', text('bootstrapServer'));
  set('enable.auto.commit', String(values.get('useAutoCommit')));
  set('auto.offset.reset', text('resetPolicy'));
  return properties;
}

class Run {
  readonly #ports: ToolPorts;
  readonly #consumer: Consumer;
  readonly #values: Values;
  readonly #messagesMax: number;
  #consumed = 0;

  constructor(ports: ToolPorts, consumer: Consumer, values: Values) {
    this.#ports = ports;
    this.#consumer = consumer;
    this.#values = values;
    this.#messagesMax = values.get('maxMessages') as number;
  }

  stop(): void {
    this.#say({ name: 'shutdown_requested' });
    this.#consumer.wakeup();
  }

  async all(): Promise<void> {
    try {
      this.#say({ name: 'startup_complete' });
      this.#consumer.subscribe([this.#values.get('topic') as string], {
        assigned: (partitions) =>
          this.#say({ name: 'partitions_assigned', partitions: partitions.map(place) }),
        revoked: (partitions) => this.#say({ name: 'partitions_revoked', partitions: partitions.map(place) }),
      });
      while (!this.#finished) {
        const offsets = this.#received(await this.#consumer.poll(Number.POSITIVE_INFINITY));
        if (this.#values.get('useAutoCommit') !== true) await this.#commit(offsets);
      }
    } catch (error) {
      if (!(error instanceof WakeupError)) this.#report(error);
    } finally {
      await this.#consumer.close();
      this.#say({ name: 'shutdown_complete' });
    }
  }

  get #finished(): boolean {
    return this.#messagesMax >= 0 && this.#consumed >= this.#messagesMax;
  }

  /** Tells of what came; of more than was asked for, only the number. */
  #received(records: readonly FetchedRecord[]): CommittedOffset[] {
    const partitions: object[] = [];
    const offsets: CommittedOffset[] = [];
    for (const [target, all] of byPartition(records)) {
      const room = this.#messagesMax < 0 ? all.length : this.#messagesMax - this.#consumed;
      const taken = all.slice(0, room);
      const [first, last] = [taken[0], taken.at(-1)];
      if (first === undefined || last === undefined) continue;
      const { offset: minOffset } = first;
      const { offset: maxOffset } = last;
      offsets.push({ ...target, offset: maxOffset + 1 });
      partitions.push({ ...target, count: taken.length, minOffset, maxOffset });
      if (this.#values.get('verbose') === true) for (const record of taken) this.#sayRecord(record);
      this.#consumed += taken.length;
      if (this.#finished) break;
    }
    this.#say({ name: 'records_consumed', count: records.length, partitions });
    return inHashOrder(offsets, hashOfTopicPartition);
  }

  async #commit(offsets: readonly CommittedOffset[]): Promise<void> {
    let failure: JavaError | null = null;
    try {
      await this.#consumer.commit(offsets.map((offset) => ({ ...offset, leaderEpoch: -1 })));
    } catch (error) {
      failure = commitFailure(error);
      if (failure.className.endsWith('.FencedInstanceIdException')) throw failure;
    }
    const error = failure === null || failure.text === null ? {} : { error: failure.text };
    this.#say({ name: 'offsets_committed', offsets, ...error, success: failure === null });
  }

  #sayRecord({ key, value, topic, partition, offset }: FetchedRecord): void {
    const text = (bytes: Buffer | null) => bytes?.toString('utf8') ?? null;
    this.#say({ name: 'record_data', key: text(key), value: text(value), topic, partition, offset });
  }

  #report(error: unknown): void {
    const message = 'Error during processing, terminating consumer process: ';
    logWithTrace(this.#ports, 'ERROR', { message, logger, trace: failureOf(error, 'poll').trace });
  }

  #say(event: { readonly name: string } & Record<string, unknown>): void {
    say(this.#ports, event);
  }
}

function place({ topic, partition }: TopicPartition): TopicPartition {
  return { topic, partition };
}

/** In the order in which they came. */
function byPartition(records: readonly FetchedRecord[]): [TopicPartition, FetchedRecord[]][] {
  const groups = new Map<string, [TopicPartition, FetchedRecord[]]>();
  for (const record of records) {
    const key = `${record.topic}-${record.partition}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [place(record), [record]]);
    else group[1].push(record);
  }
  return [...groups.values()];
}

const commitFailures: Readonly<Record<string, readonly [exception: string, text: string]>> = {
  REBALANCE_IN_PROGRESS: [
    'org.apache.kafka.common.errors.RebalanceInProgressException',
    'Offset commit cannot be completed since the consumer is undergoing a rebalance for auto partition assignment. You can try completing the rebalance by calling poll() and then retry the operation.',
  ],
};
const notInGroup = [
  'org.apache.kafka.clients.consumer.CommitFailedException',
  'Offset commit cannot be completed since the consumer is not part of an active group for auto partition assignment; it is likely that the consumer was kicked out of the group.',
] as const;

function commitFailure(error: unknown): JavaError {
  const name = error instanceof ClientError ? (error.api?.name ?? '') : '';
  const known =
    name === 'UNKNOWN_MEMBER_ID' || name === 'ILLEGAL_GENERATION' ? notInGroup : commitFailures[name];
  return known === undefined ? failureOf(error, 'commit') : new JavaError(known[0], known[1]);
}
