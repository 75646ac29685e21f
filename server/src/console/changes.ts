/** What the console changes in topics, brokers' settings and leaders. */
import type { Client, ConfigResource } from '@brokerlab/broker/client';
import type { z } from 'zod';
import type { AlterConfigs, CreateTopic, Failures, Place } from '../contract/main.ts';
import { failuresOf } from './failures.ts';

export async function createTopic(client: Client, wanted: z.output<typeof CreateTopic>): Promise<Failures> {
  const { name, partitions, replicationFactor, configs } = wanted;
  const [outcome] = await client.createTopics([
    {
      name,
      configs,
      ...(partitions === null ? {} : { partitions }),
      ...(replicationFactor === null ? {} : { replicationFactor }),
    },
  ]);
  return failuresOf([{ what: name, error: outcome?.error ?? null }]);
}

export async function deleteTopic(client: Client, topic: string): Promise<Failures> {
  const [outcome] = await client.deleteTopics([topic]);
  return failuresOf([{ what: topic, error: outcome?.error ?? null }]);
}

export async function addPartitions(client: Client, topic: string, totalCount: number): Promise<Failures> {
  const [outcome] = await client.createPartitions([{ topic, totalCount }]);
  return failuresOf([{ what: topic, error: outcome?.error ?? null }]);
}

export async function truncateTopic(
  client: Client,
  topic: string,
  limits: readonly { readonly partition: number; readonly before: number }[],
): Promise<Failures> {
  const outcomes = await client.deleteRecords(limits.map((limit) => ({ topic, ...limit })));
  return failuresOf(outcomes.map(({ partition, error }) => ({ what: `${topic}-${partition}`, error })));
}

export async function alterConfigs(
  client: Client,
  resource: ConfigResource,
  { changes }: z.output<typeof AlterConfigs>,
): Promise<Failures> {
  const [outcome] = await client.incrementalAlterConfigs([
    {
      resource,
      changes: changes.map(({ name, value }) =>
        value === null ? { name, operation: 'delete' } : { name, operation: 'set', value },
      ),
    },
  ]);
  return failuresOf([{ what: resource.name, error: outcome?.error ?? null }]);
}

/** None named: all whose preferred replica does not lead. */
export async function electLeaders(client: Client, partitions: readonly Place[]): Promise<Failures> {
  const wanted = partitions.length > 0 ? partitions : await unpreferred(client);
  if (wanted.length === 0) return { failures: [] };
  const outcomes = await client.electPreferredLeaders(wanted);
  return failuresOf(
    outcomes.map(({ topic, partition, error }) => ({ what: `${topic}-${partition}`, error })),
  );
}

async function unpreferred(client: Client): Promise<Place[]> {
  const { topics } = await client.metadata();
  return topics.flatMap(({ name, partitions }) =>
    partitions
      .filter(({ leader, replicas }) => leader !== replicas[0])
      .map(({ partition }) => ({ topic: name, partition })),
  );
}
