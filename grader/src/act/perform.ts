/**
 * Carries out what a lab or step says happens: through the Kafka protocol where it can, through the host's ports where it
 * must. Doing it twice is safe: what is there already is left, so that the same acts put back what a trainee took away.
 */
import type { ApiError, Client } from '@brokerlab/broker/client';
import type { Act, BrokerAct, CreateTopicAct, LoadSpec } from '../lab/schema.ts';
import type { Connection } from './produce.ts';
import { produceRecords } from './produce.ts';

export type Fault = 'stop' | 'kill' | 'pause' | 'resume' | 'isolate' | 'start';

/** What the host of a lab can do beyond the Kafka protocol. */
export interface ActPorts {
  /** By the lab's cluster id. */
  readonly clients: Readonly<Record<string, Client>>;
  /** How a further client reaches each of them. */
  readonly connections: Readonly<Record<string, Connection>>;
  readonly firstCluster: string;
  readonly brokers: (cluster: string) => BrokerPort;
  readonly loads: LoadPort;
  readonly files: FilePort;
  readonly scripts: ScriptPort;
  readonly signal?: AbortSignal | undefined;
}

export interface BrokerPort {
  status(): Promise<readonly { readonly id: number; readonly state: string }[]>;
  fault(fault: Fault, broker: number): Promise<void>;
  heal(): Promise<void>;
  add(): Promise<void>;
}

export interface LoadPort {
  start(load: LoadSpec, cluster: string): Promise<void>;
  stop(id: string): Promise<void>;
}

export interface FilePort {
  exists(path: string): Promise<boolean>;
  write(path: string, content: string, executable: boolean): Promise<void>;
  /** A file of the lab's own, with its templates filled in unless it is raw. */
  readGiven(from: string, options: { readonly raw: boolean }): Promise<string>;
}

export interface ScriptPort {
  /** Starts bash in the home with that file, and leaves it running; output goes to the log. */
  start(script: { readonly path: string; readonly log: string }): Promise<void>;
}

/** An act could not be carried out; the message says which and why. */
export class ActError extends Error {
  override readonly name = 'ActError';
}

export async function performAll(acts: readonly Act[], ports: ActPorts): Promise<void> {
  for (const act of acts) {
    ports.signal?.throwIfAborted();
    try {
      await perform(act, ports);
    } catch (cause) {
      const [what] = Object.keys(act);
      throw new ActError(`${what} failed: ${cause instanceof Error ? cause.message : String(cause)}`, {
        cause,
      });
    }
  }
}

async function perform(act: Act, ports: ActPorts): Promise<void> {
  if ('load' in act) {
    const cluster = act.load.cluster ?? ports.firstCluster;
    await ports.loads.stop(act.load.id);
    await ports.loads.start(act.load, cluster);
    return untilJoined(ports.clients[cluster], act.load);
  }
  if ('stopLoad' in act) return ports.loads.stop(act.stopLoad);
  if ('file' in act) return giveFile(act.file, ports.files);
  if ('script' in act) return startScript(act.script.from, ports);
  if ('broker' in act)
    return actOnBrokers(act.broker, ports.brokers(act.broker.cluster ?? ports.firstCluster));
  return performOnCluster(act, ports);
}

type ClusterAct = Exclude<
  Act,
  { load: unknown } | { stopLoad: unknown } | { file: unknown } | { script: unknown } | { broker: unknown }
>;

async function performOnCluster(act: ClusterAct, ports: ActPorts): Promise<void> {
  const [{ cluster = ports.firstCluster }] = Object.values(act) as [{ cluster?: string | undefined }];
  const client = ports.clients[cluster];
  if (client === undefined) throw new Error(`the cluster ${cluster} is not running`);
  if ('createTopic' in act) return createTopic(client, act.createTopic);
  if ('produce' in act) return produceRecords(ports.connections[cluster] ?? {}, act.produce);
  if ('deleteTopic' in act) return deleteTopic(client, act.deleteTopic.topic);
  if ('addPartitions' in act) {
    const { topic, partitions } = act.addPartitions;
    const [outcome] = await client.createPartitions([{ topic, totalCount: partitions }]);
    return refuse(outcome?.error, ['INVALID_PARTITIONS']);
  }
  if ('topicConfigs' in act)
    return setConfigs(client, { type: 'topic', name: act.topicConfigs.topic }, act.topicConfigs.set);
  if ('brokerConfigs' in act) {
    const { broker, set } = act.brokerConfigs;
    return setConfigs(client, { type: 'broker', name: broker === undefined ? '' : String(broker) }, set);
  }
  if ('commitOffsets' in act) return commitOffsets(client, act.commitOffsets);
  if ('deleteGroup' in act) return deleteGroup(client, act.deleteGroup.group);
  if ('deleteRecords' in act) {
    const { topic, partition, before } = act.deleteRecords;
    const [outcome] = await client.deleteRecords([{ topic, partition, before }]);
    return refuse(outcome?.error);
  }
  if ('reassign' in act) {
    const { topic, replicas } = act.reassign;
    const moves = replicas.map((brokers, partition) => ({ topic, partition, replicas: brokers }));
    for (const { error } of await client.alterReassignments(moves)) refuse(error);
    return untilSettled(client, topic);
  }
  return electLeaders(client, act.electLeaders.topic);
}

function refuse(error: ApiError | null | undefined, harmless: readonly string[] = []): void {
  if (error && !harmless.includes(error.name)) throw new Error(error.message);
}

async function createTopic(client: Client, act: CreateTopicAct): Promise<void> {
  const { topic, partitions, replicationFactor, assignment, configs } = act;
  const [outcome] = await client.createTopics([
    {
      name: topic,
      ...(assignment === undefined ? {} : { assignments: assignment }),
      ...(partitions === undefined ? {} : { partitions }),
      ...(replicationFactor === undefined ? {} : { replicationFactor }),
      ...(configs === undefined ? {} : { configs: texts(configs) }),
    },
  ]);
  refuse(outcome?.error, ['TOPIC_ALREADY_EXISTS']);
  await untilLed(client, topic);
}

function texts(values: Readonly<Record<string, string | number | null>>): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, value === null ? null : String(value)]),
  );
}

const SETTLE_MS = 15_000;
const AGAIN_MS = 50;

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + SETTLE_MS;
  while (!(await holds())) {
    if (performance.now() > deadline)
      throw new Error(`${what} did not come about within ${SETTLE_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

const JOIN_MS = 8_000;

/**
 * Until a load's consumers share the partitions, so that no rebalance of their own comes after the step has opened.
 * With brokers down they join when they can: nothing waits for that.
 */
async function untilJoined(
  client: Client | undefined,
  { id, clientId = id, consume }: LoadSpec,
): Promise<void> {
  if (client === undefined || consume === undefined || consume.consumers === 0) return;
  const deadline = performance.now() + JOIN_MS;
  while (performance.now() < deadline) {
    const [group] = await client.describeGroups([consume.group]).catch(() => []);
    const joined = group?.members.filter((member) => member.clientId.startsWith(`${clientId}-`)) ?? [];
    if (group?.state === 'Stable' && joined.length >= consume.consumers) return;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

function untilLed(client: Client, topic: string): Promise<void> {
  return until(`a leader for every partition of ${topic}`, async () => {
    const { topics } = await client.metadata({ topics: [topic] });
    const partitions = topics[0]?.partitions ?? [];
    return (
      topics[0]?.error === null && partitions.length > 0 && partitions.every(({ leader }) => leader !== null)
    );
  });
}

function untilSettled(client: Client, topic: string): Promise<void> {
  return until(`the end of the reassignment of ${topic}`, async () => {
    const moves = await client.listReassignments();
    return moves.every((move) => move.topic !== topic);
  });
}

async function deleteTopic(client: Client, topic: string): Promise<void> {
  const [outcome] = await client.deleteTopics([topic]);
  refuse(outcome?.error, ['UNKNOWN_TOPIC_OR_PARTITION']);
  await until(`the end of ${topic}`, async () => {
    const { topics } = await client.metadata();
    return topics.every(({ name }) => name !== topic);
  });
}

async function setConfigs(
  client: Client,
  resource: { type: 'topic' | 'broker'; name: string },
  set: Readonly<Record<string, string | number | null>>,
): Promise<void> {
  const changes = Object.entries(texts(set)).map(([name, value]) =>
    value === null ? ({ name, operation: 'delete' } as const) : ({ name, operation: 'set', value } as const),
  );
  const [outcome] = await client.incrementalAlterConfigs([{ resource, changes }]);
  refuse(outcome?.error);
}

/** Members that are gone but not yet missed, such as static ones, are taken out first. One that still runs is let be. */
async function deleteGroup(client: Client, group: string): Promise<void> {
  const [described] = await client.describeGroups([group]);
  const members = described?.error === null ? described.members : [];
  if (members.length > 0) await client.removeMembers(group, members);
  const [outcome] = await client.deleteGroups([group]);
  refuse(outcome?.error, ['GROUP_ID_NOT_FOUND', 'NON_EMPTY_GROUP']);
}

async function commitOffsets(
  client: Client,
  { group, topic, to }: { group: string; topic: string; to: 'earliest' | 'latest' | number },
): Promise<void> {
  const { topics } = await client.metadata({ topics: [topic] });
  const partitions = (topics[0]?.partitions ?? []).map(({ partition }) => partition);
  const offsets =
    typeof to === 'number'
      ? partitions.map((partition) => ({ topic, partition, offset: to }))
      : await client.listOffsets(partitions.map((partition) => ({ topic, partition, at: to })));
  const outcomes = await client.offsetCommit(
    group,
    offsets.map(({ partition, offset }) => ({ topic, partition, offset })),
  );
  for (const { error } of outcomes) refuse(error);
}

async function electLeaders(client: Client, topic: string): Promise<void> {
  const { topics } = await client.metadata({ topics: [topic] });
  const partitions = (topics[0]?.partitions ?? []).map(({ partition }) => ({ topic, partition }));
  // A broker that has just come back is no leader before it is in sync.
  await until(`the preferred leaders of ${topic}`, async () => {
    const outcomes = await client.electPreferredLeaders(partitions);
    const waiting = outcomes.some(({ error }) => error?.name === 'PREFERRED_LEADER_NOT_AVAILABLE');
    for (const { error } of outcomes)
      refuse(error, ['ELECTION_NOT_NEEDED', 'PREFERRED_LEADER_NOT_AVAILABLE']);
    return !waiting;
  });
}

async function giveFile(
  { path, content, from, executable, keep, raw }: Extract<Act, { file: unknown }>['file'],
  files: FilePort,
): Promise<void> {
  if (keep && (await files.exists(path))) return;
  const text = content ?? (from === undefined ? '' : await files.readGiven(from, { raw: raw === true }));
  await files.write(path, text, executable === true);
}

/** Faults that are there already are left as they are. */
async function actOnBrokers(act: BrokerAct, port: BrokerPort): Promise<void> {
  if (act.restore || act.heal) await port.heal();
  if (act.restore) await restoreBrokers(port);
  for (const fault of ['resume', 'start', 'stop', 'kill', 'pause', 'isolate'] as const) {
    const given = act[fault];
    const brokers = given === undefined ? [] : Array.isArray(given) ? given : [given];
    for (const broker of brokers) {
      const state = (await port.status()).find(({ id }) => id === broker)?.state;
      if (state === undefined) throw new Error(`there is no broker ${broker}`);
      if (!ALREADY[fault].includes(state)) await port.fault(fault, broker);
    }
  }
  if (act.add) await port.add();
}

async function restoreBrokers(port: BrokerPort): Promise<void> {
  for (const { id, state } of await port.status()) {
    if (state === 'paused') await port.fault('resume', id);
    if (state === 'stopped' || state === 'killed') await port.fault('start', id);
  }
}

const ALREADY: Readonly<Record<Fault, readonly string[]>> = {
  resume: ['running', 'stopped', 'killed'],
  start: ['running', 'paused', 'isolated'],
  stop: ['stopped', 'killed'],
  kill: ['stopped', 'killed'],
  pause: ['paused'],
  isolate: ['isolated'],
};

/** Where the scripts that a lab starts are put, and what they print. */
const SCRIPTS = '.scenario';

async function startScript(from: string, { files, scripts }: ActPorts): Promise<void> {
  const path = `${SCRIPTS}/${from.split('/').at(-1)}`;
  await files.write(path, await files.readGiven(from, { raw: true }), true);
  await scripts.start({ path, log: `${path.replace(/\.sh$/, '')}.log` });
}
