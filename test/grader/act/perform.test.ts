/** What acts do when a cluster is not ready for them yet: told apart by the error's name, against a client that plays it. */
import type { Client } from '@brokerlab/broker/client';
import { describe, expect, it } from 'vitest';
import type { ActPorts } from '../../../grader/src/act/perform.ts';
import { performAll } from '../../../grader/src/act/perform.ts';

/** Answers each election by the next of these errors; null: elected. */
function electing(errors: readonly (string | null)[]): { ports: ActPorts; asked: () => number } {
  let asked = 0;
  const client = {
    metadata: () => Promise.resolve({ topics: [{ name: 'orders', partitions: [{ partition: 0 }] }] }),
    electPreferredLeaders: () => {
      const name = errors[asked++] ?? null;
      return Promise.resolve([{ error: name === null ? null : { name, message: `said ${name}` } }]);
    },
  } as unknown as Client;
  return {
    ports: { clients: { main: client }, firstCluster: 'main' } as unknown as ActPorts,
    asked: () => asked,
  };
}

const elect = [{ electLeaders: { topic: 'orders' } }];

describe('electLeaders', () => {
  it('asks again until the preferred leader is in sync', async () => {
    const { ports, asked } = electing([
      'PREFERRED_LEADER_NOT_AVAILABLE',
      'PREFERRED_LEADER_NOT_AVAILABLE',
      null,
    ]);
    await performAll(elect, ports);
    expect(asked()).toBe(3);
  });

  it('is done where the preferred leader leads already', async () => {
    const { ports, asked } = electing(['ELECTION_NOT_NEEDED']);
    await performAll(elect, ports);
    expect(asked()).toBe(1);
  });

  it('tells of any other refusal at once', async () => {
    const { ports } = electing(['CLUSTER_AUTHORIZATION_FAILED']);
    await expect(performAll(elect, ports)).rejects.toThrow(
      'electLeaders failed: said CLUSTER_AUTHORIZATION_FAILED',
    );
  });
});
