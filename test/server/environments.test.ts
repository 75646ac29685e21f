/** "My environments", from outside: what is listed, and what each action does to files, clusters and steps. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  FileHits,
  LabState,
  OwnEnvironment,
  OwnEnvironments,
  Solution,
} from '../../server/src/contract/main.ts';
import { createBwrapDriver } from '../../server/src/sandbox/main.ts';
import { eventually } from '../support/eventually.ts';
import { Trainee } from '../support/trainee.ts';
import { PROGRAM_DIRECTORY, startTestServer, type TestServer } from './harness.ts';

const LAB = 'first-topic';
const scratch = mkdtempSync(join(tmpdir(), 'brokerlab-probe-'));
const driverFor = (dataDir: string) => createBwrapDriver({ dataDir, programDir: PROGRAM_DIRECTORY });
const probe = await driverFor(scratch).probe();
const reason = probe.checks.flatMap((check) => (check.state === 'failed' ? [check.found] : [])).join(', ');
const suite = probe.usable
  ? 'my environments'
  : `my environments (skipped: no bwrap sandbox here: ${reason})`;

let host: TestServer;
beforeAll(async () => {
  if (probe.usable) host = await startTestServer({ createDriver: driverFor });
});
afterAll(async () => {
  await host?.[Symbol.asyncDispose]();
  rmSync(scratch, { recursive: true, force: true });
});

async function mine(trainee: Trainee): Promise<OwnEnvironment | undefined> {
  const { environments } = await trainee.rest<OwnEnvironments>('GET', '/api/environments');
  return environments.find(({ labId }) => labId === LAB);
}

const act = (trainee: Trainee, method: string, action: string, body?: unknown) =>
  trainee.rest<never>(method, `/api/labs/${LAB}/${action}`, body ?? (method === 'POST' ? {} : undefined));

async function isIn(trainee: Trainee, state: string): Promise<OwnEnvironment> {
  return await eventually(
    async () => {
      const found = await mine(trainee);
      expect(found?.state).toBe(state);
      return found!;
    },
    { timeoutMs: 30_000, everyMs: 50 },
  );
}

async function passFirstSteps(trainee: Trainee, count: number): Promise<LabState> {
  const terminal = await trainee.terminal();
  for (let index = 0; index < count; index++) {
    const state = await trainee.labState(LAB);
    const step = state.steps[index]!;
    const path = `/api/labs/${LAB}/steps/${step.id}/solution`;
    const { commands } = await trainee.rest<Solution>('POST', path, {});
    for (const { command } of commands) await terminal.run(command);
    await eventually(async () => expect((await trainee.labState(LAB)).steps[index]!.state).toBe('passed'), {
      timeoutMs: 20_000,
      everyMs: 50,
    });
  }
  return await trainee.labState(LAB);
}

describe.skipIf(!probe.usable)(suite, () => {
  test('lists what was begun, with what it uses, and nothing of other people', async () => {
    const trainee = await Trainee.tryHere(host.url);
    await trainee.connect();
    expect(await mine(trainee)).toBeUndefined();
    await trainee.openLab(LAB);
    const found = await isIn(trainee, 'ready');
    expect(found.since).toBeGreaterThan(0);
    expect(found.use).toMatchObject({ cpus: 2 });
    expect(found.use!.memoryBytes).toBeGreaterThan(0);
    expect(found.use!.memoryLimitBytes).toBeGreaterThan(found.use!.memoryBytes);
    const stranger = await Trainee.tryHere(host.url);
    expect((await stranger.rest<OwnEnvironments>('GET', '/api/environments')).environments).toEqual([]);
    trainee.close();
  });

  test('goes back to a step’s start: files, topics and checks', async () => {
    const trainee = await Trainee.tryHere(host.url);
    await trainee.connect();
    await trainee.openLab(LAB);
    const before = await passFirstSteps(trainee, 2);
    const [first, second] = before.steps;
    await eventually(async () =>
      expect((await mine(trainee))?.starts.map(({ stepId }) => stepId)).toContain(second!.id),
    );
    const topics = async () => {
      const { terminal } = await trainee.send({ type: 'terminal.open', cols: 100, rows: 30 });
      const view = await trainee.terminal(terminal);
      return await view.run('kafka-topics.sh --bootstrap-server localhost:9092 --list | xargs echo topics:');
    };
    expect(await topics()).toMatch(/topics: \S+/);

    const after = await trainee.rest<LabState>('POST', `/api/labs/${LAB}/rewind`, { stepId: first!.id });
    expect(after.steps.map(({ state }) => state).slice(0, 2)).toEqual(['open', 'locked']);
    expect(after.steps[0]!.checks.every(({ verdict }) => verdict === 'notYet')).toBe(true);
    expect(await topics()).not.toMatch(/topics: \S+/);
    expect((await trainee.labState(LAB)).steps[0]!.state).toBe('open');
    const again = await passFirstSteps(trainee, 1);
    expect(again.steps[0]!.state).toBe('passed');

    await expect(act(trainee, 'POST', 'rewind', { stepId: 'no-such-step' })).rejects.toThrow('stepNotFound');
    const last = before.steps.at(-1)!.id;
    await expect(act(trainee, 'POST', 'rewind', { stepId: last })).rejects.toThrow('snapshotNotFound');
    trainee.close();
  }, 90_000);

  test('is stopped and started with everything in it, restarted by force, and deleted', async () => {
    const trainee = await Trainee.tryHere(host.url);
    await trainee.connect();
    await trainee.openLab(LAB);
    await passFirstSteps(trainee, 1);
    const terminal = await trainee.terminal();
    await terminal.run('echo kept > kept.txt');

    await act(trainee, 'POST', 'environment/stop');
    expect(await isIn(trainee, 'asleep')).toMatchObject({ use: null, since: null });
    await act(trainee, 'POST', 'environment/start');
    await isIn(trainee, 'ready');
    const woken = await trainee.terminal();
    expect(await woken.run('cat kept.txt')).toContain('kept');
    expect((await trainee.labState(LAB)).steps[0]!.state).toBe('passed');

    await act(trainee, 'POST', 'environment/force-restart');
    await isIn(trainee, 'ready');
    const restarted = await trainee.terminal();
    expect(await restarted.run('cat kept.txt')).toContain('kept');

    await act(trainee, 'DELETE', 'environment');
    expect(await mine(trainee)).toBeUndefined();
    expect((await trainee.labState(LAB)).steps[0]!.state).not.toBe('passed');
    await trainee.openLab(LAB);
    const anew = await trainee.terminal();
    expect(await anew.run('ls kept.txt')).toContain('No such file');
    trainee.close();
  }, 90_000);

  test('finds text in the files, as text only, and not in hidden ones', async () => {
    const trainee = await Trainee.tryHere(host.url);
    await trainee.connect();
    await trainee.openLab(LAB);
    const terminal = await trainee.terminal();
    await terminal.run(
      'mkdir -p "a b" .hidden; printf "one\\n주문 \\$(touch gone) ORDERS\\n" > "a b/c:1.txt"',
    );
    await terminal.run(
      'cp "a b/c:1.txt" .hidden/; head -c 3000 /dev/zero > zero.bin; seq -f "many %g" 900 > many.txt',
    );
    const search = (text: string) =>
      trainee.rest<FileHits>('POST', `/api/labs/${LAB}/files/search`, { text });
    const hit = { path: 'a b/c:1.txt', line: 2, text: '주문 $(touch gone) ORDERS' };
    for (const text of ['orders', '주문', '$(touch gone)', hit.text])
      expect(await search(text)).toEqual({ hits: [hit], truncated: false });
    expect(await search('"; touch gone; "')).toEqual({ hits: [], truncated: false });
    expect(await search('-r')).toEqual({ hits: [], truncated: false });
    expect((await search('many')).hits).toHaveLength(50);
    expect(await terminal.run('ls gone')).toContain('No such file');
    await act(trainee, 'POST', 'environment/stop');
    await expect(search('orders')).rejects.toThrow('environmentNotReady');
    trainee.close();
  }, 60_000);

  test('terminals are as they were after a sleep: name, place, what they showed, and a line that the shell is new', async () => {
    const trainee = await Trainee.tryHere(host.url);
    await trainee.connect();
    const [first] = await trainee.openLab(LAB);
    const { terminal: second } = await trainee.send({ type: 'terminal.open', cols: 90, rows: 20 });
    await trainee.send({ type: 'terminal.rename', terminalId: second.id, title: '컨슈머' });
    const view = await trainee.terminal(second);
    await view.run('mkdir -p deep/er && cd deep/er');
    await view.run('printf "\\033[31m빨강-%s\\033[0m\\n" $((40 + 2)); export LOST=1');
    await trainee.send({ type: 'terminal.close', terminalId: first!.id });

    await act(trainee, 'POST', 'environment/stop');
    await isIn(trainee, 'asleep');
    const terminals = await trainee.openLab(LAB);
    expect(terminals).toMatchObject([{ number: second.number, title: '컨슈머', state: 'running' }]);
    const woken = await trainee.terminal(terminals[0]);
    const shown = await woken.waitFor(/The environment slept|환경이 잠들었다/);
    expect(shown).toContain('빨강-42');
    expect(await woken.run('pwd; echo lost:$LOST:')).toMatch(/deep\/er\s+lost::/);

    // Once more, from where it stands now; and not after it was deleted.
    await act(trainee, 'POST', 'environment/stop');
    await isIn(trainee, 'asleep');
    const again = await trainee.terminal((await trainee.openLab(LAB))[0]);
    expect(await again.waitFor(/lost::/)).toContain('빨강-42');
    await act(trainee, 'DELETE', 'environment');
    const anew = await trainee.openLab(LAB);
    expect(anew).toMatchObject([{ number: 1, title: '' }]);
    expect(await (await trainee.terminal(anew[0])).run('pwd')).not.toContain('빨강');
    trainee.close();
  }, 90_000);
});
