/** A trainee's own cluster, from inside the box and from outside of it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cell } from '../../server/src/sandbox/sandbox.ts';
import { createTestCells, PROGRAM_DIR, runIn, type TestCells, whyNoCells } from '../support/cells.ts';
import { eventually } from '../support/eventually.ts';

const reason =
  whyNoCells() ??
  (existsSync(join(PROGRAM_DIR, 'tools/bin/kafka-topics.sh')) ? undefined : 'dist/tools is not built');

const create = 'kafka-topics.sh --bootstrap-server localhost:9092 --create --topic';

describe.skipIf(reason !== undefined)(`the cluster of a cell ${reason ?? ''}`, () => {
  let cells: TestCells;
  let mine: Cell;
  let neighbour: Cell;
  beforeAll(async () => {
    cells = await createTestCells();
    [mine, neighbour] = await Promise.all([
      cells.open('mine', { brokers: 3 }),
      cells.open('neighbour', { brokers: 3 }),
    ]);
    await Promise.all([mine.cluster.ready(), neighbour.cluster.ready()]);
  });
  afterAll(() => cells?.[Symbol.asyncDispose]());

  function kafkaOf(cell: Cell): Kafka {
    return new Kafka({
      clientId: 'test',
      brokers: ['localhost:9092'],
      logLevel: logLevel.NOTHING,
      // The brokers' sockets, by the port that each advertises.
      socketFactory: ({ port, onConnect }) => {
        const socket = cell.dialBroker(port - 9091);
        socket.once('connect', onConnect);
        return Object.assign(socket, { setKeepAlive: () => socket }) as never;
      },
    });
  }

  async function topicsOf(cell: Cell): Promise<string[]> {
    const admin = kafkaOf(cell).admin();
    await admin.connect();
    try {
      return await admin.listTopics();
    } finally {
      await admin.disconnect();
    }
  }

  it('is one of three brokers on the same ports in every box, and nobody else’s', async () => {
    const status = await mine.cluster.status();
    expect(status.nodes).toEqual([1, 2, 3].map((id) => ({ id, state: 'running', port: 9091 + id })));
    const both = await Promise.all([
      runIn(mine, `${create} same --partitions 3`, 20_000),
      runIn(neighbour, `${create} same --partitions 1`, 20_000),
    ]);
    expect(both).toEqual(['Created topic same.', 'Created topic same.']);
    const describeIn = (cell: Cell) =>
      runIn(cell, 'kafka-topics.sh --bootstrap-server localhost:9092 --describe --topic same', 20_000);
    expect(await describeIn(mine)).toContain('PartitionCount: 3');
    expect(await describeIn(neighbour)).toContain('PartitionCount: 1');
  }, 60_000);

  it('is reached from outside by its sockets, and tells when something changes', async () => {
    const ticks: string[] = [];
    const end = mine.onTick((kinds) => ticks.push(...kinds));
    await runIn(mine, `${create} ticked`, 20_000);
    expect(await topicsOf(mine)).toContain('ticked');
    expect(await topicsOf(neighbour)).not.toContain('ticked');
    await eventually(() => expect(ticks.length).toBeGreaterThan(0));
    end();
  }, 60_000);

  it('is switched by `cluster` in the box, which says what it did', async () => {
    expect(await runIn(mine, 'cluster stop 2', 20_000)).toContain('Broker 2 was shut down cleanly');
    expect((await mine.cluster.status()).nodes[1]?.state).toBe('stopped');
    expect(await runIn(mine, 'cluster')).toMatch(/broker 2 {2}localhost:9093 {2}\x1b\[31mstopped/);
    expect(await runIn(mine, 'cluster stop 2; echo $?')).toMatch(/can't stop from there\.\n1/);
    expect(await runIn(mine, 'cluster stop 9; echo $?')).toBe('There is no broker 9. There are: 1, 2, 3\n1');
    expect(await runIn(mine, 'cluster start 2', 20_000)).toContain('Broker 2 is running again');
    expect((await neighbour.cluster.status()).nodes.every(({ state }) => state === 'running')).toBe(true);
  }, 60_000);

  it('stays when the box is restarted, and when the cell is closed and opened again', async () => {
    await mine.restartBox();
    expect(await topicsOf(mine)).toContain('same');
    await mine.close();
    mine = await cells.open('mine', { brokers: 3 });
    await mine.cluster.ready();
    await eventually(async () => expect(await topicsOf(mine)).toContain('same'));
  }, 60_000);

  it('is empty after a reset', async () => {
    await mine.reset();
    await mine.cluster.ready();
    expect(await topicsOf(mine)).toEqual([]);
  }, 60_000);
});
