/** A cell's home and cluster as they were: kept, gone back to, given to somebody else. */
import { connectCluster } from '@brokerlab/broker/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cell } from '../../server/src/sandbox/sandbox.ts';
import { createTestCells, runIn, type TestCells, whyNoCells } from '../support/cells.ts';

const reason = whyNoCells();
const bootstrap = '--bootstrap-server localhost:9092';
const produce = (words: string) =>
  `printf '%s\\n' ${words} | kafka-console-producer.sh ${bootstrap} --topic orders`;
const consume = (count: number) =>
  `kafka-console-consumer.sh ${bootstrap} --topic orders --from-beginning --max-messages ${count} --timeout-ms 15000 --group g 2>/dev/null | sort`;

describe.skipIf(reason !== undefined)(`snapshots of a cell ${reason ?? ''}`, () => {
  let cells: TestCells;
  let mine: Cell;
  beforeAll(async () => {
    cells = await createTestCells();
    mine = await cells.open('mine', { brokers: 3 });
    await mine.cluster.ready();
  });
  afterAll(() => cells?.[Symbol.asyncDispose]());

  it('bring back files, topics, records, offsets and configs', async () => {
    const create = `kafka-topics.sh ${bootstrap} --create --topic orders --partitions 3 --replication-factor 3`;
    await runIn(mine, `${create} --config retention.ms=123456`);
    await runIn(mine, produce('a b c'));
    expect(await runIn(mine, consume(3), 20_000)).toBe('a\nb\nc');
    await runIn(
      mine,
      'mkdir -p src; echo one > src/a.txt; ln -s /etc/passwd link; mkfifo pipe; chmod 400 src/a.txt',
    );
    const { bytes } = await mine.save('step-2');
    expect(bytes).toBeGreaterThan(0);

    await runIn(mine, produce('d e'));
    await runIn(mine, 'rm -rf src; echo new > new.txt');
    await runIn(mine, `kafka-topics.sh ${bootstrap} --create --topic later`);
    await mine.restore('step-2');
    await mine.cluster.ready();

    expect(await runIn(mine, 'cat src/a.txt; ls new.txt; readlink link; test -p pipe && echo pipe')).toBe(
      "one\n/etc/passwd\npipe\nls: cannot access 'new.txt': No such file or directory",
    );
    const topics = await runIn(mine, `kafka-topics.sh ${bootstrap} --list`);
    expect(topics.split('\n')).toEqual(['__consumer_offsets', 'orders']);
    expect(await runIn(mine, `kafka-topics.sh ${bootstrap} --describe --topic orders`)).toContain(
      'retention.ms=123456',
    );
    expect(await endOffsets(mine)).toBe(3);
    await runIn(mine, produce('f'));
    expect(await runIn(mine, consume(1), 20_000)).toBe('f');
  }, 90_000);

  it('are given to another, whose own they become', async () => {
    await cells.driver.copySnapshot({ from: 'mine', to: 'yours', name: 'step-2' });
    const yours = await cells.open('yours', { brokers: 3 });
    await yours.cluster.ready();
    await yours.restore('step-2');
    await yours.cluster.ready();
    expect(await endOffsets(yours)).toBe(3);
    expect(
      await runIn(yours, 'cat src/a.txt; chmod 600 src/a.txt && echo theirs > src/a.txt; cat src/a.txt'),
    ).toBe('one\ntheirs');
    await yours.close();
  }, 60_000);

  it('are refused under a name that is a path, when there is none, and when there is too much', async () => {
    await expect(mine.save('../x')).rejects.toMatchObject({ code: 'badRequest' });
    await expect(mine.restore('never')).rejects.toMatchObject({ code: 'notFound' });
    await expect(
      cells.driver.copySnapshot({ from: 'mine', to: 'other', name: 'never' }),
    ).rejects.toMatchObject({
      code: 'notFound',
    });
    await runIn(mine, 'head -c 140000000 /dev/urandom > large');
    await expect(mine.save('large')).rejects.toMatchObject({ code: 'limit' });
    expect(await runIn(mine, 'rm large; echo fine')).toBe('fine');
  }, 60_000);
});

async function endOffsets(cell: Cell): Promise<number> {
  const client = connectCluster({ dial: (target) => cell.dialBroker(target === 'bootstrap' ? 1 : target) });
  const queries = [0, 1, 2].map((partition) => ({ topic: 'orders', partition, at: 'latest' as const }));
  const answers = await client.listOffsets(queries);
  await client.close();
  return answers.reduce((sum, { offset }) => sum + offset, 0);
}
