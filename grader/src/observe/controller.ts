/** What the controller knows: registered brokers, the quorum, brokers' configs, moves under way. */
import type { Client } from '@brokerlab/broker/client';
import type { MoveView, QuorumView, ReachableCluster } from './snapshot.ts';

export async function readRegistered(client: Client): Promise<NonNullable<ReachableCluster['registered']>> {
  const { brokers } = await client.describeCluster({ includeFenced: true });
  return brokers.map(({ id, fenced }) => ({ id, fenced })).sort((a, b) => a.id - b.id);
}

/** undefined: the quorum has no leader right now, so nobody can tell. */
export async function readQuorum(client: Client): Promise<QuorumView | undefined> {
  const described = await client.describeQuorum().catch(() => undefined);
  if (described === undefined) return undefined;
  const now = Date.now();
  const { leader, leaderEpoch, voters, observers } = described;
  return {
    leader,
    epoch: leaderEpoch,
    voters: voters.map(({ id, lastFetchTimestamp }) => ({
      id,
      sinceFetchMs: id === leader || lastFetchTimestamp === null ? null : now - lastFetchTimestamp,
    })),
    observers: observers.map(({ id }) => id),
  };
}

/** A broker that is down cannot tell its own: it counts as having none set. */
export async function readBrokerConfigs(
  client: Client,
  wanted: readonly string[],
  running: readonly number[],
): Promise<NonNullable<ReachableCluster['brokerConfigs']>> {
  const ids = wanted.includes('*') ? ['', ...running.map(String)] : wanted;
  const all = await Promise.all(
    ids.map(async (name) => {
      const described = await client.describeConfigs([{ type: 'broker', name }]).catch(() => []);
      const source = name === '' ? 'DYNAMIC_DEFAULT_BROKER_CONFIG' : 'DYNAMIC_BROKER_CONFIG';
      const entries = (described[0]?.entries ?? [])
        .filter((entry) => entry.source === source)
        .map((entry) => [entry.name, entry.value ?? ''] as const);
      return [name, Object.fromEntries(entries)] as const;
    }),
  );
  return Object.fromEntries(all);
}

export async function readReassignments(client: Client): Promise<MoveView[]> {
  const moves = await client.listReassignments();
  return moves.map(({ topic, partition, adding, removing }) => ({ topic, partition, adding, removing }));
}
