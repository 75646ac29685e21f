/** The fuzzed cluster from outside: its process, what it says, what it holds, and its rest between rounds. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { type Client, connectCluster } from '@brokerlab/broker/client';
import { eventually } from '../support/eventually.ts';
import { FRAME_BYTES_MAX } from './frames.ts';
import type { FromHost, Holdings } from './host.ts';
import { WAIT_MS_MAX } from './tame.ts';

export const TOPICS: readonly string[] = ['orders', 'clicks'];
export const GROUPS: readonly string[] = ['readers', 'writers'];

const READY_MS = 60_000;
const CALL_MS = 30_000;
const REST_MS = 60_000;

/** What is kept for a while is kept shortly, so that growth is growth. */
const CONFIG: Readonly<Record<string, string>> = {
  'socket.request.max.bytes': String(FRAME_BYTES_MAX),
  'offsets.topic.num.partitions': '3',
  'transaction.state.log.num.partitions': '3',
  'num.partitions': '2',
  'log.segment.delete.delay.ms': '100',
  'group.initial.rebalance.delay.ms': '0',
  'group.min.session.timeout.ms': '1',
  'group.max.session.timeout.ms': String(WAIT_MS_MAX),
  'group.consumer.min.session.timeout.ms': '1',
  'group.consumer.session.timeout.ms': '1000',
  'group.consumer.min.heartbeat.interval.ms': '1',
  'group.consumer.heartbeat.interval.ms': '100',
  'producer.id.expiration.ms': '1000',
  'producer.id.expiration.check.interval.ms': '1000',
  'transactional.id.expiration.ms': '1000',
  'transaction.remove.expired.transaction.cleanup.interval.ms': '1000',
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': '500',
};

export class FuzzedCluster {
  readonly client: Client;
  readonly ports: readonly { readonly broker: number; readonly controller: number }[];
  /** Of the topics of TOPICS, as they are now. */
  topicIds: string[] = [];
  readonly #host: ChildProcess;

  private constructor(host: ChildProcess, ready: Extract<FromHost, { kind: 'ready' }>) {
    this.#host = host;
    this.ports = ready.ports;
    this.client = connectCluster({ bootstrap: ready.bootstrap, apiTimeoutMs: CALL_MS });
  }

  /** `onTrouble` is told of every error that the nodes log, and of their end. */
  static async start(onTrouble: (what: string) => void): Promise<FuzzedCluster> {
    const entry = join(import.meta.dirname, 'host.ts');
    const host = spawn(
      process.execPath,
      [
        '--expose-gc',
        '--max-semi-space-size=64',
        '--enable-source-maps',
        '--import',
        'tsx',
        entry,
        JSON.stringify(CONFIG),
      ],
      { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
    );
    const ready = await new Promise<Extract<FromHost, { kind: 'ready' }>>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the cluster did not start')), READY_MS);
      host.once('exit', (code) => reject(new Error(`the cluster's process ended with ${code}`)));
      host.on('message', (message: FromHost) => {
        if (message.kind === 'ready') resolve(message);
        if (message.kind === 'ready') clearTimeout(timer);
        if (message.kind !== 'trouble') return;
        onTrouble(message.what);
      });
    });
    host.on('exit', (code, signal) => onTrouble(`the nodes' process ended with ${code ?? signal}`));
    const cluster = new FuzzedCluster(host, ready);
    await cluster.tidy();
    return cluster;
  }

  /** Deletes what frames have made and makes anew what they have deleted, as a well-meant client can. */
  async tidy(): Promise<void> {
    const { client } = this;
    const { topics } = await client.metadata();
    const foreign = topics.map(({ name }) => name).filter((name) => !name.startsWith('__'));
    if (foreign.length > 0) await client.deleteTopics(foreign);
    const created = await client.createTopics(
      TOPICS.map((name) => ({ name, partitions: 3, replicationFactor: 3 })),
    );
    this.topicIds = created.map(({ topicId }) => topicId);
  }

  /** Groups go once their members' sessions have ended. */
  async forgetGroups(): Promise<void> {
    await eventually(
      async () => {
        // The group without a name can commit, as in Apache Kafka, and not be deleted.
        const groups = (await this.client.listGroups()).filter(({ groupId }) => groupId !== '');
        if (groups.length === 0) return;
        await this.client.deleteGroups(groups.map(({ groupId }) => groupId));
        throw new Error(
          `${groups.length} groups are left: ${groups.slice(0, 5).map(({ groupId, state }) => `${groupId} (${state})`)}`,
        );
      },
      { timeoutMs: REST_MS, everyMs: 200 },
    );
  }

  /** What the nodes hold, once `isAtRest` or when that takes too long. */
  async holdings(isAtRest: (holdings: Holdings) => boolean): Promise<Holdings> {
    const deadline = performance.now() + REST_MS;
    for (;;) {
      const holdings = await this.#askHoldings();
      if (isAtRest(holdings) || performance.now() > deadline) return holdings;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }

  #askHoldings(): Promise<Holdings> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the nodes do not say what they hold')), REST_MS);
      const listen = (message: FromHost) => {
        if (message.kind !== 'holdings') return;
        clearTimeout(timer);
        this.#host.off('message', listen);
        resolve(message.holdings);
      };
      this.#host.on('message', listen);
      this.#host.send('holdings');
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
    this.#host.removeAllListeners('exit');
    const ended = new Promise((resolve) => this.#host.once('exit', resolve));
    const timer = setTimeout(() => this.#host.kill('SIGKILL'), READY_MS);
    if (this.#host.exitCode === null && this.#host.signalCode === null) {
      if (this.#host.connected) this.#host.disconnect();
      await ended;
    }
    clearTimeout(timer);
  }
}
