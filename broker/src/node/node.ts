/**
 * One node: a broker and a controller in one, with a client listener, a controller listener and a log directory. Sees to
 * the order in which its parts start and stop.
 *
 *   created → bound: `bind`, its ports are known
 *   bound → running: `start`
 *   running → stopped: `stop` (in order) or `kill` (as if the process were killed)
 *   running ↔ paused: `pause`, `resume`
 */
import { randomUUID } from 'node:crypto';
import { Loggers } from '../handlers/configs/loggers.ts';
import { FetchSessions } from '../handlers/fetch-sessions.ts';
import { RequestServer } from '../handlers/serve.ts';
import type { NodeServices } from '../handlers/services.ts';
import { brokerHandlers, controllerHandlers } from '../handlers/table.ts';
import { Enlister } from './coordinators/enlister.ts';
import { GroupCoordinator } from './coordinators/group-coordinator.ts';
import { MarkerSender } from './coordinators/marker-sender.ts';
import { TransactionCoordinator } from './coordinators/transaction-coordinator.ts';
import type { HostedNode, StopOptions } from './hosted-node.ts';
import type { Connection, Served } from './network/connection.ts';
import { Links } from './network/links.ts';
import { Listener } from './network/listener.ts';
import { tapped } from './network/tap.ts';
import type { ListenerOptions, NodeOptions, Voters } from './node-options.ts';
import { describe, NodeParts } from './node-parts.ts';
import { NodeTimers, steadyNow } from './runtime/timers.ts';
import { startWait } from './runtime/waiting.ts';

const controlledShutdownMs = 5_000;
const handOverMs = 200;
const connectionsMax = 4_096;

export class Node implements HostedNode {
  /** It lives in this process. */
  readonly pid = null;
  readonly links: Links;
  readonly #options: NodeOptions;
  readonly #listeners: Listener[] = [];
  readonly #listenerTimers: NodeTimers;
  /** By listener's name. */
  #servers: ReadonlyMap<string, RequestServer> | null = null;
  #parts: NodeParts | null = null;
  #ports: number[] = [];
  #nextConnectionId = 1;
  #isPaused = false;
  readonly #running: Promise<void>;
  #becameRunning: () => void = () => undefined;
  #ended: (error: Error) => void = () => undefined;

  constructor(options: NodeOptions) {
    this.#options = options;
    this.links = new Links(options.id);
    this.#listenerTimers = new NodeTimers((error) => options.log('error', describe(error)));
    this.#running = new Promise((resolve, reject) => {
      this.#becameRunning = resolve;
      this.#ended = reject;
    });
    // Whoever waits is told; that nobody waits is no fault.
    this.#running.catch(() => undefined);
  }

  get id(): number {
    return this.#options.id;
  }

  get ports(): readonly number[] {
    return this.#ports;
  }

  get running(): Promise<void> {
    return this.#running;
  }

  get isLeader(): boolean {
    return this.#parts?.quorum.isLeader ?? false;
  }

  async knows(brokerIds: readonly number[], limitMs: number): Promise<void> {
    const deadlineMs = performance.now() + limitMs;
    const isAlive = (id: number) => this.#parts?.metadata.image.brokers.get(id)?.fenced === false;
    while (!brokerIds.every(isAlive) && performance.now() < deadlineMs) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  /** Opens the listeners; connections are accepted but not served until `start`. */
  async bind(): Promise<void> {
    const { listeners, socketPath } = this.#options;
    for (const { name, host, port } of listeners) this.#ports.push(await this.#listen({ host, port }, name));
    const first = listeners.find(({ kind }) => kind === 'broker');
    if (socketPath !== null && first !== undefined) await this.#listen({ path: socketPath }, first.name);
  }

  start(voters: Voters): void {
    const listeners = this.#options.listeners.map((listener, index) => ({
      ...listener,
      port: this.#ports[index]!,
    }));
    const parts = new NodeParts({
      node: { ...this.#options, listeners },
      voters,
      links: this.links,
      onRunning: () => this.#becameRunning(),
      onPublished: () => this.#serve(true),
      onFailed: (error) => this.#halt(error),
    });
    this.#parts = parts;
    const services = servicesOf(this.#options, voters, parts);
    const server = ({ name: listenerName, kind: listener }: ListenerOptions) =>
      new RequestServer({
        node: services,
        listener,
        listenerName,
        handlers: listener === 'broker' ? brokerHandlers : controllerHandlers,
        startWait: (options, connection) => startWait(options, parts.timers, connection),
        onHandlerError: (api, error) => this.#options.log('error', `${api.name} failed: ${describe(error)}`),
      });
    this.#servers = new Map(listeners.map((listener) => [listener.name, server(listener)]));
    this.#serve(false);
    parts.quorum.start();
    if (this.#isBroker) parts.lifecycle.start();
    else this.#becameRunning();
  }

  get #isBroker(): boolean {
    return this.#options.listeners.some(({ kind }) => kind === 'broker');
  }

  async stop({ handOver }: StopOptions): Promise<void> {
    this.#ended(new Error(`node ${this.id} was stopped`));
    const parts = this.#parts;
    if (parts !== null) {
      if (handOver) await parts.lifecycle.leave(controlledShutdownMs);
      const ledQuorum = parts.quorum.isLeader;
      parts.lifecycle.stop();
      if (handOver && ledQuorum) {
        parts.quorum.resign();
        await new Promise((resolve) => parts.timers.after(handOverMs, () => resolve(null)));
      }
      parts.controller.stop();
      parts.quorum.stop();
      parts.channel.stop();
    }
    await this.#closeListeners();
    if (parts !== null) {
      parts.timers.stop();
      parts.scheduled.stop();
      parts.peers.close();
      parts.metadataLog.close();
      parts.replicas.stop();
      parts.releaseDirectories();
    }
    this.#parts = null;
  }

  /** No goodbye to anyone, nothing flushed; what was written stays. */
  async kill(): Promise<void> {
    this.#ended(new Error(`node ${this.id} was killed`));
    const parts = this.#parts;
    this.#parts = null;
    if (parts !== null) {
      parts.timers.stop();
      parts.scheduled.stop();
      parts.replicas.abandon();
      parts.lifecycle.stop();
      parts.controller.stop();
      parts.quorum.stop();
      parts.peers.close();
      parts.channel.stop();
    }
    await this.#closeListeners();
    parts?.disk.close();
    parts?.releaseDirectories();
  }

  /** As SIGSTOP: connections stay open, nothing is read or written, no timer runs. */
  pause(): void {
    this.#isPaused = true;
    this.#parts?.timers.pause();
    this.#parts?.scheduled.pause();
    this.#parts?.peers.freeze();
    for (const listener of this.#listeners) listener.freeze();
  }

  resume(): void {
    this.#isPaused = false;
    this.#serve(this.#parts?.metadata.isPublished === true);
    this.#parts?.peers.thaw();
    this.#parts?.timers.resume();
    this.#parts?.scheduled.resume();
  }

  /**
   * Clients wait until this broker knows the cluster as it is now, as with Apache Kafka's: from metadata that is not there yet
   * they would learn that their topics are gone.
   */
  #serve(clients: boolean): void {
    if (this.#isPaused) return;
    const controllers = this.#options.listeners.flatMap(({ kind, name }) =>
      kind === 'controller' ? [name] : [],
    );
    for (const listener of this.#listeners) {
      if (clients || controllers.includes(listener.name)) listener.thaw();
    }
  }

  #halt(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.log('error', `node ${this.id} halts: ${reason}`);
    this.#ended(new Error(`node ${this.id} halted: ${reason}`, { cause: error }));
    this.kill().then(this.#options.onHalted, this.#options.onHalted);
  }

  async #closeListeners(): Promise<void> {
    this.#listenerTimers.stop();
    await Promise.all(this.#listeners.map((listener) => listener.close()));
    this.#servers = null;
  }

  async #listen(address: { host: string; port: number } | { path: string }, listenerName: string) {
    const { config, log } = this.#options;
    const listener = new Listener({
      name: listenerName,
      address,
      frameBytesMax: Number(config['socket.request.max.bytes'] ?? 104_857_600),
      connectionsMax: Math.min(Number(config['max.connections'] ?? connectionsMax), connectionsMax),
      idleMsMax: Number(config['connections.max.idle.ms'] ?? 600_000),
      serve: this.#serving(listenerName, 'path' in address),
      onConnectionClosed: (connection, cause) => {
        if (cause !== null) log('info', `closed a connection of ${connection.clientHost}: ${cause.message}`);
      },
      timers: this.#listenerTimers,
      now: steadyNow,
      nextConnectionId: () => this.#nextConnectionId++,
    });
    listener.freeze();
    this.#listeners.push(listener);
    return listener.listen();
  }

  #serving(listener: string, fromOwner: boolean) {
    const { id: nodeId, tap } = this.#options;
    return (frame: Buffer, connection: Connection): Served | Promise<Served> => {
      const server = this.#servers?.get(listener);
      if (server === undefined) throw new Error('this node is stopping');
      const { clientHost, id: connectionId } = connection;
      if (tap.listener === null) return server.serve(frame, { connection, clientHost });
      return tapped(tap.listener, { nodeId, listener, connectionId, clientHost, fromOwner, frame }, () =>
        server.serve(frame, { connection, clientHost }),
      );
    };
  }
}

function servicesOf(options: NodeOptions, voters: Voters, parts: NodeParts): NodeServices {
  const { config, metadata, quorum, timers, coordinatorLogs, clock, scheduled } = parts;
  const services: Omit<NodeServices, 'groups' | 'transactions'> = {
    id: options.id,
    clusterId: options.clusterId,
    clock,
    timers: scheduled,
    brokerConfig: config,
    get configLayers() {
      return config.layers;
    },
    loggers: new Loggers(),
    metadata: {
      get image() {
        return metadata.image;
      },
      autoCreate: parts.autoCreate,
    },
    controllerChannel: parts.channel,
    quorum: {
      voters,
      get leaderId() {
        return quorum.leaderId;
      },
      describe: () => quorum.describe(),
      handle: (request, onClose) => quorum.handle(request, onClose),
    },
    controller: parts.controller,
    random: Math.random,
    replicas: parts.replicas,
    fetchSessions: new FetchSessions({
      slotsMax: () => config.number('max.incremental.fetch.session.cache.slots'),
      random: Math.random,
      nowMs: steadyNow,
      topicName: (topicId) => metadata.image.topicNames.get(topicId),
    }),
    producerIds: parts.producerIds,
    coordinatorLogs,
    changed: options.onChange,
  };
  const groups = new GroupCoordinator({
    services,
    randomUuid: randomUUID,
    onDamagedRecord: (partition, error) =>
      options.log('warn', `skipped a record of __consumer_offsets-${partition}: ${describe(error)}`),
  });
  const calls = {
    peers: parts.peers,
    image: () => metadata.image,
    clientId: `broker-${options.id}`,
    requestTimeoutMs: () => config.number('request.timeout.ms'),
    interBrokerListener: options.interBrokerListener,
  };
  const transactions = new TransactionCoordinator({
    services,
    markers: new MarkerSender({ ...calls, timers }),
    enlister: new Enlister(calls),
    onDamagedRecord: (partition, error) =>
      options.log('warn', `skipped a record of __transaction_state-${partition}: ${describe(error)}`),
  });
  return Object.assign(services, { groups, transactions });
}
