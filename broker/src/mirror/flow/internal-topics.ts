/** The topics MirrorMaker and Kafka Connect keep their state in, made as they make them: compacted. */
import type { Client } from '../../client/client.ts';
import { ClientError } from '../../client/client-error.ts';
import { HEARTBEATS } from '../names/replication-policy.ts';
import { type FlowContext, offsetSyncsPlace } from './context.ts';

interface InternalTopic {
  readonly client: Client;
  readonly alias: string;
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  /** The setting to change when the cluster refuses the replication factor. */
  readonly setting: string;
}

export async function createInternalTopics(context: FlowContext): Promise<void> {
  await Promise.all(wanted(context).map((topic) => ensure(context, topic)));
}

function wanted(context: FlowContext): InternalTopic[] {
  const { settings, target, policy } = context;
  const { storage, offsetSyncs } = settings;
  const onTarget = { client: target, alias: settings.target };
  const topics: InternalTopic[] = [
    { ...onTarget, ...storage.offsets, setting: 'offset.storage.replication.factor' },
    { ...onTarget, ...storage.configs, setting: 'config.storage.replication.factor' },
    { ...onTarget, ...storage.status, setting: 'status.storage.replication.factor' },
  ];
  const single = { ...onTarget, partitions: 1 };
  if (settings.emitHeartbeatsMs !== null) {
    const replicationFactor = settings.heartbeatsReplicationFactor;
    const setting = 'heartbeats.topic.replication.factor';
    topics.push({ ...single, name: HEARTBEATS, replicationFactor, setting });
  }
  if (!settings.enabled) return topics;
  if (settings.emitCheckpointsMs !== null) {
    const name = policy.checkpointsTopic(settings.source);
    const replicationFactor = settings.checkpointsReplicationFactor;
    topics.push({ ...single, name, replicationFactor, setting: 'checkpoints.topic.replication.factor' });
  }
  if (offsetSyncs.enabled) {
    const { client, topic } = offsetSyncsPlace(context);
    const alias = offsetSyncs.location === 'source' ? settings.source : settings.target;
    const { replicationFactor } = offsetSyncs;
    const setting = 'offset-syncs.topic.replication.factor';
    topics.push({ client, alias, name: topic, partitions: 1, replicationFactor, setting });
  }
  return topics;
}

async function ensure(context: FlowContext, topic: InternalTopic): Promise<void> {
  const { client, name, alias, setting, replicationFactor } = topic;
  const known = await client.metadata({ topics: [name] });
  if (known.topics[0]?.error === null) return;
  const configs = { 'cleanup.policy': 'compact' };
  const [created] = await client.createTopics([
    { name, partitions: topic.partitions, replicationFactor, configs },
  ]);
  const error = created?.error ?? null;
  if (error === null) {
    context.log('INFO', `created topic ${name} on ${alias}`);
    return;
  }
  if (error.name === 'TOPIC_ALREADY_EXISTS') return;
  const hint = error.name === 'INVALID_REPLICATION_FACTOR' ? ` Set "${setting}" to fit the cluster.` : '';
  const text = `topic ${name} cannot be created on ${alias} with replication factor ${replicationFactor}: ${error.message}${hint}`;
  throw new ClientError('refused', text, { api: error });
}
