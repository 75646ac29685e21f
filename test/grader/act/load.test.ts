/** A load's consumers behave by their settings, as programs with Kafka's settings of the same names would. */
import { startCluster } from '@brokerlab/broker';
import type { Workload } from '@brokerlab/broker/client';
import { connectCluster, startWorkload } from '@brokerlab/broker/client';
import { workOf } from '@brokerlab/grader';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { actSchema } from '../../../grader/src/lab/act-schema.ts';
import { eventually } from '../../support/eventually.ts';

let cluster: Awaited<ReturnType<typeof startCluster>>;
let client: ReturnType<typeof connectCluster>;
let workload: Workload | undefined;

beforeAll(async () => {
  const config = { 'group.initial.rebalance.delay.ms': '0', 'group.min.session.timeout.ms': '1000' };
  cluster = await startCluster({ brokers: 1, config });
  client = connectCluster({ bootstrap: cluster.bootstrap });
  await client.createTopics([{ name: 'work', partitions: 2 }]);
  const producers = { topic: 'work', producers: 1, perSecond: 200 };
  const act = actSchema.parse({ load: { id: 'source', produce: producers } });
  const source = await startWorkload({
    ...workOf(loadOf(act)),
    connection: { bootstrap: cluster.bootstrap },
  });
  await eventually(async () => expect(source.report().acknowledged.at(-1)?.[1]).toBeGreaterThan(200), {
    timeoutMs: 20_000,
  });
  await source.stop();
});

afterEach(async () => {
  await workload?.stop();
  workload = undefined;
});

afterAll(async () => {
  await client?.close();
  await cluster?.[Symbol.asyncDispose]();
});

function loadOf(act: ReturnType<typeof actSchema.parse>) {
  if (!('load' in act)) throw new Error('not a load');
  return act.load;
}

async function start(group: string, settings: object): Promise<void> {
  const act = actSchema.parse({ load: { id: 'slow', consume: { topic: 'work', group, ...settings } } });
  workload = await startWorkload({ ...workOf(loadOf(act)), connection: { bootstrap: cluster.bootstrap } });
}

async function look(group: string) {
  const [described] = await client.describeGroups([group]);
  return {
    state: described?.state,
    members: described?.members ?? [],
    written: await client.readGroupGeneration(group),
  };
}

describe('the consumers of a load', () => {
  it('are thrown out again and again when they take longer between two polls than they may', async () => {
    await start('late', { processingMs: 400, maxPollRecords: 5, maxPollIntervalMs: 1000, heartbeatMs: 100 });
    await eventually(async () => expect((await look('late')).written?.generation).toBeGreaterThan(3), {
      timeoutMs: 30_000,
    });
  });

  it('stay when they take fewer records with each poll, as slow as they are', async () => {
    await start('in-time', {
      processingMs: 400,
      maxPollRecords: 1,
      maxPollIntervalMs: 1000,
      heartbeatMs: 100,
    });
    await eventually(async () => expect(workload?.report().handled).toBeGreaterThan(10), {
      timeoutMs: 30_000,
    });
    expect((await look('in-time')).written).toMatchObject({
      generation: 1,
      members: [{ rebalanceTimeoutMs: 1000 }],
    });
  });

  it('are static members with the session that was asked for, and come back without a rebalance', async () => {
    const settings = {
      consumers: 2,
      perSecond: 50,
      instanceIds: true,
      sessionTimeoutMs: 20_000,
      heartbeatMs: 100,
    };
    const stable = async (): Promise<number> => {
      const { state, members, written } = await look('static');
      expect(state).toBe('Stable');
      expect(members.map(({ instanceId }) => instanceId).sort()).toEqual(['slow-1', 'slow-2']);
      expect(members.every(({ assignment }) => assignment.length === 1)).toBe(true);
      expect(written?.members.map(({ sessionTimeoutMs }) => sessionTimeoutMs)).toEqual([20_000, 20_000]);
      return written?.generation ?? 0;
    };
    await start('static', settings);
    const before = await eventually(stable, { timeoutMs: 20_000 });
    await workload?.stop();
    await start('static', settings);
    await eventually(async () => expect(workload?.report().handled).toBeGreaterThan(10), {
      timeoutMs: 30_000,
    });
    expect(await stable()).toBe(before);
  });

  it('commit nothing that they had taken and not finished when they end', async () => {
    await start('cut-short', { processingMs: 60_000, maxPollRecords: 10, commitMs: 100, heartbeatMs: 100 });
    await eventually(async () => expect((await look('cut-short')).state).toBe('Stable'), {
      timeoutMs: 20_000,
    });
    await eventually(async () => expect((await look('cut-short')).members[0]?.assignment).toHaveLength(2), {
      timeoutMs: 20_000,
    });
    await workload?.stop();
    const committed = await client.offsetFetch('cut-short');
    expect(committed.every(({ offset }) => offset === null || offset === 0)).toBe(true);
  });

  it('need to be told how fast they are, in one way', () => {
    const consume = { topic: 'work', group: 'x' };
    for (const speed of [{}, { perSecond: 5, processingMs: 200 }]) {
      expect(actSchema.safeParse({ load: { id: 'slow', consume: { ...consume, ...speed } } }).success).toBe(
        false,
      );
    }
  });
});
