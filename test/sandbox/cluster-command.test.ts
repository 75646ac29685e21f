/** `cluster add` and `cluster remove`, as a trainee types them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CellBrokers, createCellBrokers } from '../../server/src/cell/cluster.ts';
import { answerClusterCommand } from '../../server/src/cell/cluster-command.ts';
import type { StartCell } from '../../server/src/cell/protocol.ts';

const folder = mkdtempSync(join(tmpdir(), 'command-'));
let brokers: CellBrokers;

beforeAll(async () => {
  // Only what concerns the brokers; port 0 takes free ones.
  const settings = {
    nodeIds: [1],
    basePort: 0,
    socketDir: folder,
    clusterDir: join(folder, 'data'),
    brokerConfig: {},
  } as unknown as StartCell;
  brokers = createCellBrokers(settings, { onTick: () => undefined, onStatus: () => undefined });
  await brokers.start();
  await brokers.ready();
});
afterAll(async () => {
  await brokers.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function answer(language: 'en' | 'ko', ...words: string[]) {
  const clusters = { names: ['main'], named: () => brokers };
  return await answerClusterCommand({ language, arguments: words } as never, clusters);
}

describe('cluster remove', () => {
  it('takes out a broker that was added, and explains why one of the first stays', async () => {
    expect(await answer('en', 'add')).toMatchObject({ exitCode: 0 });
    expect(brokers.status().nodes.map(({ id }) => id)).toEqual([1, 2]);
    expect(await answer('en', 'remove', '1')).toEqual({
      exitCode: 1,
      text: 'Broker 1 is one of the controllers the cluster began with and stays. Only brokers from cluster add can be removed.\n',
    });
    expect((await answer('ko', 'remove', '1')).text).toContain('cluster add로 추가한 브로커만');
    expect((await answer('ko', 'remove', '9')).text).toBe('브로커 9은(는) 없어요. 있는 브로커: 1, 2\n');
    expect(await answer('en', 'remove')).toMatchObject({ exitCode: 2 });
    expect(await answer('ko', 'remove', '2')).toEqual({
      exitCode: 0,
      text: '브로커 2을(를) 클러스터에서 없앴어요.\n',
    });
    expect(brokers.status().nodes.map(({ id }) => id)).toEqual([1]);
  });
});

describe('of several clusters', () => {
  const two = { names: ['seoul', 'busan'], named: () => brokers };
  const typed = (...words: string[]) =>
    answerClusterCommand({ language: 'en', arguments: words } as never, two);

  it('shows all with their names, or the one that is named, the first one too', async () => {
    const all = (await typed()).text;
    expect(all).toMatch(/^seoul\nbroker 1 [^\n]*\nbusan\nbroker 1 [^\n]*\n$/);
    expect((await typed('status', 'seoul')).text).toBe(all.slice(0, all.indexOf('busan')));
    expect(await typed('kill', '1', 'pusan')).toEqual({
      exitCode: 1,
      text: "cluster: there is no cluster 'pusan'. There are: seoul, busan\n",
    });
  });
});
