/**
 * The connections of one client, and whom to ask: any broker, one by id, the controller, a group's coordinator,
 * a partition's leader. Connections open when first needed and stay until they fail or the client closes.
 */
import { MetadataRequest, MetadataResponse } from '../messages/03-metadata.ts';
import { FindCoordinatorRequest, FindCoordinatorResponse } from '../messages/10-find-coordinator.ts';
import { DescribeClusterRequest, DescribeClusterResponse } from '../messages/60-describe-cluster.ts';
import { ClientError, refuse } from './client-error.ts';
import { type Call, Connection } from './connection.ts';
import { type Address, opened, openTcp, parseAddresses, resolves } from './dial.ts';
import type { BrokerInfo, ClientOptions, ClientWarning, TopicPartition } from './types.ts';

export type Target =
  | number
  | 'any'
  | 'controller'
  | { readonly coordinator: string; readonly type?: 'group' | 'transaction' }
  | { readonly leader: TopicPartition }
  /** Over a connection of its own: a group's long waits must not hold up fetches. */
  | { readonly broker: number; readonly channel: string };

export interface NetworkLimits {
  readonly clientId: string;
  readonly requestTimeoutMs: number;
  readonly apiTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly retryBackoffMs: number;
  readonly retryBackoffMaxMs: number;
}

/** Groups whose coordinator is remembered. */
const coordinatorsMax = 1_000;
const brokerEndpoints = 1;
const controllerEndpoints = 2;
const networkClient = 'org.apache.kafka.clients.NetworkClient';

export class Network {
  readonly limits: NetworkLimits;
  readonly #options: ClientOptions;
  readonly #addresses: readonly Address[];
  /** By broker id (with the channel behind it, where there is one), or `bootstrap`. */
  readonly #connections = new Map<number | string, Promise<Connection>>();
  #brokers = new Map<number, BrokerInfo>();
  readonly #coordinators = new Map<string, BrokerInfo>();
  #controller: number | null = null;
  #closed = false;
  #nextCorrelationId = 0;
  #lastMetadataId = 0;
  /** Names are looked up once: a client whose bootstrap names do not resolve fails at once, as Java's does. */
  #checkedNames = false;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#addresses = options.bootstrap === undefined ? [] : parseAddresses(options.bootstrap);
    this.limits = {
      clientId: options.clientId ?? 'brokerlab',
      requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
      apiTimeoutMs: options.apiTimeoutMs ?? 60_000,
      connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
      retryBackoffMs: options.retryBackoffMs ?? 100,
      retryBackoffMaxMs: options.retryBackoffMaxMs ?? 1_000,
    };
  }

  get brokers(): ReadonlyMap<number, BrokerInfo> {
    return this.#brokers;
  }

  /** What DescribeCluster calls those the addresses belong to. */
  get endpointType(): number {
    return this.#options.controllers ? controllerEndpoints : brokerEndpoints;
  }

  /** Correlation id of the last Metadata request. */
  get lastMetadataId(): number {
    return this.#lastMetadataId;
  }

  get closed(): boolean {
    return this.#closed;
  }

  warn(level: ClientWarning['level'], message: string, logger = networkClient): void {
    this.#options.onWarning?.({ level, message, logger });
  }

  async send<QT, QI, RT, RI>(target: Target, call: Call<QT, QI, RT, RI>): Promise<RT> {
    const connection = await this.connection(target);
    return connection.request(call);
  }

  async connection(target: Target): Promise<Connection> {
    if (typeof target === 'number') return this.#open(target);
    if (target === 'any') return this.#openAny();
    if (target === 'controller') return this.#open(await this.#findController());
    if ('broker' in target) return this.#open(target.broker, target.channel);
    if ('coordinator' in target) return this.#open((await this.findCoordinator(target)).id);
    return this.#open(await this.#findLeader(target.leader));
  }

  /** Topics left out: none. Keeps brokers and controller for later calls. */
  async metadata(
    topics: readonly string[] | null = [],
    options: { readonly autoCreate?: boolean } = {},
  ): Promise<MetadataResponse> {
    if (this.#options.controllers) return this.#describeControllers();
    const answer = await this.send('any', {
      request: MetadataRequest,
      response: MetadataResponse,
      body: {
        topics: topics?.map((name) => ({ name })) ?? null,
        allowAutoTopicCreation: options.autoCreate === true,
      },
      onSent: (correlationId) => {
        this.#lastMetadataId = correlationId;
      },
    });
    this.#brokers = new Map(
      answer.brokers.map(({ nodeId, host, port, rack }) => [nodeId, { id: nodeId, host, port, rack }]),
    );
    this.#controller = answer.controllerId < 0 ? null : answer.controllerId;
    return answer;
  }

  async findCoordinator(target: {
    readonly coordinator: string;
    readonly type?: 'group' | 'transaction';
  }): Promise<BrokerInfo> {
    const keyType = target.type === 'transaction' ? 1 : 0;
    const cached = keyType === 0 ? this.#coordinators.get(target.coordinator) : undefined;
    if (cached !== undefined) return cached;
    const answer = await this.send('any', {
      request: FindCoordinatorRequest,
      response: FindCoordinatorResponse,
      body: { key: target.coordinator, keyType, coordinatorKeys: [target.coordinator] },
    });
    const found = answer.coordinators[0] ?? answer;
    refuse(found.errorCode, found.errorMessage);
    const broker = { id: found.nodeId, host: found.host, port: found.port, rack: null };
    if (!this.#brokers.has(broker.id)) this.#brokers.set(broker.id, broker);
    if (keyType === 0) {
      if (this.#coordinators.size >= coordinatorsMax) this.#coordinators.clear();
      this.#coordinators.set(target.coordinator, broker);
    }
    return broker;
  }

  /** The coordinator answered that it is none, or does not answer: the next call looks for it again. */
  forgetCoordinator(groupId: string): void {
    this.#coordinators.delete(groupId);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const opening of this.#connections.values()) {
      opening.then(
        (connection) => connection.close(),
        () => {},
      );
    }
    this.#connections.clear();
  }

  async #describeControllers(): Promise<MetadataResponse> {
    const answer = await this.send('any', {
      request: DescribeClusterRequest,
      response: DescribeClusterResponse,
      body: { endpointType: this.endpointType },
    });
    refuse(answer.errorCode, answer.errorMessage);
    this.#brokers = new Map(
      answer.brokers.map(({ brokerId, host, port, rack }) => [brokerId, { id: brokerId, host, port, rack }]),
    );
    this.#controller = answer.controllerId < 0 ? null : answer.controllerId;
    return { ...MetadataResponse.empty(), clusterId: answer.clusterId, controllerId: answer.controllerId };
  }

  async #findController(): Promise<number> {
    await this.metadata([]);
    if (this.#controller === null) throw new ClientError('unreachable', 'the cluster has no controller now');
    return this.#controller;
  }

  async #findLeader({ topic, partition }: TopicPartition): Promise<number> {
    const answer = await this.metadata([topic]);
    const found = answer.topics.find((entry) => entry.name === topic);
    if (found !== undefined) refuse(found.errorCode);
    const entry = found?.partitions.find((candidate) => candidate.partitionIndex === partition);
    if (entry === undefined) refuse(3);
    if (entry === undefined || entry.leaderId < 0) refuse(5);
    return entry!.leaderId;
  }

  /** An open connection, else one to a known broker, else one to a bootstrap address. */
  async #openAny(): Promise<Connection> {
    for (const [key, opening] of this.#connections) {
      if (String(key).includes('/')) continue;
      const connection = await opening.catch(() => null);
      if (connection !== null && !connection.closed) return connection;
      if (this.#connections.get(key) === opening) this.#connections.delete(key);
    }
    for (const id of this.#brokers.keys()) {
      const connection = await this.#open(id).catch(() => null);
      if (connection !== null) return connection;
    }
    return this.#keep('bootstrap', () => this.#openBootstrap());
  }

  async #open(id: number, channel?: string): Promise<Connection> {
    const key = channel === undefined ? id : `${id}/${channel}`;
    const kept = this.#connections.get(key);
    if (kept !== undefined && !(await kept).closed) return kept;
    if (kept !== undefined && this.#connections.get(key) === kept) this.#connections.delete(key);
    return this.#keep(key, () => this.#openBroker(id));
  }

  #keep(key: number | string, open: () => Promise<Connection>): Promise<Connection> {
    if (this.#closed) return Promise.reject(new ClientError('closed', 'the client is closed'));
    const kept = this.#connections.get(key);
    if (kept !== undefined) return kept;
    const opening = open();
    this.#connections.set(key, opening);
    opening.then(
      (connection) => {
        if (this.#closed) connection.close();
      },
      () => {
        if (this.#connections.get(key) === opening) this.#connections.delete(key);
      },
    );
    return opening;
  }

  async #openBroker(id: number): Promise<Connection> {
    const { dial } = this.#options;
    const { connectTimeoutMs } = this.limits;
    if (dial !== undefined) {
      const stream = dial(id);
      await opened(stream, connectTimeoutMs, `broker ${id}`);
      return this.#adopt(stream, `broker ${id}`);
    }
    const broker = this.#brokers.get(id);
    if (broker === undefined) throw new ClientError('unreachable', `broker ${id} is not known`);
    return this.#openAddress(id, broker);
  }

  async #openBootstrap(): Promise<Connection> {
    const { dial } = this.#options;
    if (dial !== undefined) {
      const stream = dial('bootstrap');
      await opened(stream, this.limits.connectTimeoutMs, 'bootstrap');
      return this.#adopt(stream, 'bootstrap');
    }
    await this.checkNames();
    let failure: unknown = new ClientError('unresolvable', 'no bootstrap address was given');
    for (const [index, address] of this.#addresses.entries()) {
      try {
        return await this.#openAddress(-1 - index, address);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  async #openAddress(id: number, address: Address): Promise<Connection> {
    const name = `${address.host}:${address.port}`;
    try {
      const stream = await openTcp(address, this.limits.connectTimeoutMs);
      return this.#adopt(stream, `${name} (id: ${id})`);
    } catch (error) {
      const where = `${address.host}/${displayAddress(address.host, error)}:${address.port}`;
      this.warn(
        'WARN',
        `Connection to node ${id} (${where}) could not be established. Node may not be available.`,
      );
      throw error;
    }
  }

  /** Refuses bootstrap names of which none resolves. */
  async checkNames(): Promise<void> {
    if (this.#checkedNames || this.#options.dial !== undefined) return;
    let usable = 0;
    for (const { host, port } of this.#addresses) {
      if (/^[\d.]+$/.test(host) || host === 'localhost' || (await resolves(host))) usable++;
      else {
        const server = `${host}:${port}`;
        this.warn(
          'WARN',
          `Couldn't resolve server ${server} from bootstrap.servers as DNS resolution failed for ${host}`,
          'org.apache.kafka.clients.ClientUtils',
        );
      }
    }
    if (usable === 0) {
      throw new ClientError('unresolvable', 'No resolvable bootstrap urls given in bootstrap.servers');
    }
    this.#checkedNames = true;
  }

  #adopt(stream: ConstructorParameters<typeof Connection>[0], peer: string): Connection {
    const { clientId, requestTimeoutMs } = this.limits;
    const nextCorrelationId = () => this.#nextCorrelationId++;
    return new Connection(stream, { clientId, requestTimeoutMs, peer, nextCorrelationId });
  }
}

/** The numeric address that was tried, as Java shows it behind the name. */
function displayAddress(host: string, error: unknown): string {
  const cause = error instanceof ClientError ? error.cause : null;
  if (typeof cause === 'object' && cause !== null) {
    const attempts: unknown[] = 'errors' in cause && Array.isArray(cause.errors) ? cause.errors : [cause];
    for (const attempt of attempts) {
      if (typeof attempt === 'object' && attempt !== null && 'address' in attempt) {
        const address = String(attempt.address);
        if (!address.includes(':')) return address;
      }
    }
  }
  return host === 'localhost' ? '127.0.0.1' : host;
}
