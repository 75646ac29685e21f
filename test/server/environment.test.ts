/** Labs over sockets, in real boxes: terminals, files, hints, answers, reset, sleep, and who may listen. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  FileTree,
  LabContent,
  LabState,
  ServerMessage,
  Solution,
  TraineeList,
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
const suite = probe.usable ? 'environments' : `environments (skipped: no bwrap sandbox here: ${reason})`;

let host: TestServer;

beforeAll(async () => {
  if (probe.usable) host = await startTestServer({ createDriver: driverFor });
});
afterAll(async () => {
  await host?.[Symbol.asyncDispose]();
  rmSync(scratch, { recursive: true, force: true });
});

async function newTrainee(server: TestServer = host): Promise<Trainee> {
  const trainee = await Trainee.tryHere(server.url);
  await trainee.connect();
  return trainee;
}

/** What the error of a refused call is called. */
async function codeOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => new Error('it was not refused'),
    (thrown: unknown) => thrown as Error,
  );
  return (
    /: (?:\d{3} \{"error":\{[^}]*\}?.*"code":"(\w+)"|(\w+) )/.exec(error.message)?.slice(1).find(Boolean) ??
    error.message
  );
}

describe.skipIf(!probe.usable)(suite, () => {
  test('opening shows each stage, and a prompt', async () => {
    const trainee = await newTrainee();
    const stages: string[] = [];
    trainee.onMessage((message) => {
      if (message.type !== 'environment') return;
      const { environment } = message;
      stages.push(environment.state === 'starting' ? environment.stage : environment.state);
    });
    await trainee.openLab(LAB);
    expect(stages.at(-1)).toBe('ready');
    const terminal = await trainee.terminal();
    expect(await terminal.run('echo $((6 * 7))')).toContain('42');
    trainee.close();
  });

  test('two windows of one person see the same terminal; two people never do', async () => {
    const one = await newTrainee();
    await one.openLab(LAB);
    const { terminal } = await one.send({ type: 'terminal.open', cols: 120, rows: 30 });
    const here = await one.terminal(terminal);
    const window = Trainee.withCookie(host.url, one.cookie);
    await window.connect();
    await window.openLab(LAB);
    const there = await window.terminal(terminal);
    await here.run('echo 안녕-$((40 + 2))');
    await there.waitFor('안녕-42');
    const stranger = await newTrainee();
    await stranger.openLab(LAB);
    const view = await stranger.terminal();
    await view.run('echo mine');
    expect(view.text).not.toContain('안녕-42');
    for (const trainee of [one, window, stranger]) trainee.close();
  });

  test('files are listed, read and saved, and a second window’s change is noticed', async () => {
    const trainee = await newTrainee();
    await trainee.openLab(LAB);
    const path = 'work/order.ts';
    const save = (content: string, baseVersion: string | null) =>
      trainee.rest<{ version: string }>('PUT', `/api/labs/${LAB}/file`, { path, content, baseVersion });
    const first = await save('const 주문 = 1;\n', null);
    expect(await codeOf(save('again', null))).toBe('fileExists');
    const second = await save('const 주문 = 2;\n', first.version);
    expect(await codeOf(save('from the older', first.version))).toBe('fileChanged');
    const read = await trainee.rest<{ content: string; version: string }>(
      'GET',
      `/api/labs/${LAB}/file?path=${encodeURIComponent(path)}`,
    );
    expect(read).toMatchObject({ content: 'const 주문 = 2;\n', version: second.version });
    const tree = await trainee.rest<FileTree>('GET', `/api/labs/${LAB}/files`);
    expect(tree.entries.map((entry) => entry.path)).toEqual(expect.arrayContaining(['work', path]));
    await trainee.rest('POST', `/api/labs/${LAB}/files/rename`, { from: path, to: 'work/orders.ts' });
    await trainee.rest('POST', `/api/labs/${LAB}/files/delete`, { path: 'work' });
    expect(await codeOf(trainee.rest('GET', `/api/labs/${LAB}/file?path=work/orders.ts`))).toBe(
      'fileNotFound',
    );
    trainee.close();
  });

  test.each(['../../etc/passwd', '/etc/passwd', 'out/passwd', '', '.', 'a\u0000b', 'x'.repeat(600)])(
    'the path %j leads nowhere',
    async (path) => {
      const trainee = await newTrainee();
      await trainee.openLab(LAB);
      const terminal = await trainee.terminal();
      await terminal.run('ln -sfn /etc out');
      const query = `/api/labs/${LAB}/file?path=${encodeURIComponent(path)}`;
      expect(['filePathRefused', 'fileNotFound', 'badRequest']).toContain(
        await codeOf(trainee.rest('GET', query)),
      );
      const body = { path, content: 'x', baseVersion: null };
      const refused = await codeOf(trainee.rest('PUT', `/api/labs/${LAB}/file`, body));
      expect(['filePathRefused', 'fileNotFound', 'badRequest', 'diskFull']).toContain(refused);
      trainee.close();
    },
  );

  test('hints open one by one, once for two windows, and end', async () => {
    const trainee = await newTrainee();
    const content = await trainee.rest<LabContent>('GET', `/api/labs/${LAB}`);
    const [step] = content.steps;
    const path = `/api/labs/${LAB}/steps/${step!.id}/hints`;
    const hints = async (opened: number) =>
      (await trainee.rest<LabState>('POST', path, { opened })).steps[0]!.hints.length;
    expect(await Promise.all([hints(0), hints(0)])).toEqual([1, 1]);
    for (let opened = 1; opened < step!.hintsTotal; opened += 1) expect(await hints(opened)).toBe(opened + 1);
    expect(await codeOf(trainee.rest('POST', path, { opened: step!.hintsTotal }))).toBe('noMoreHints');
    expect(JSON.stringify(content)).not.toContain((await trainee.labState(LAB)).steps[0]!.hints[0]!.en);
  });

  test('a solution is given when asked for, which is remembered; a locked step gives nothing', async () => {
    const trainee = await newTrainee();
    const [first, second] = (await trainee.labState(LAB)).steps;
    const solution = await trainee.rest<Solution>('POST', `/api/labs/${LAB}/steps/${first!.id}/solution`);
    expect(solution.commands[0]!.command).toContain('kafka-topics.sh');
    expect((await trainee.labState(LAB)).steps[0]!.solutionOpened).toBe(true);
    for (const what of ['solution', 'hints']) {
      const body = what === 'hints' ? { opened: 0 } : undefined;
      expect(await codeOf(trainee.rest('POST', `/api/labs/${LAB}/steps/${second!.id}/${what}`, body))).toBe(
        'stepLocked',
      );
    }
  });

  test('the labs and their unknown parts are told apart', async () => {
    const trainee = await newTrainee();
    expect(await codeOf(trainee.rest('GET', '/api/labs/nothing'))).toBe('labNotFound');
    expect(await codeOf(trainee.send({ type: 'lab.open', labId: 'nothing' }))).toBe('labNotFound');
    expect(await codeOf(trainee.rest('POST', `/api/labs/${LAB}/steps/nothing/solution`))).toBe(
      'stepNotFound',
    );
    expect(
      await codeOf(trainee.rest('POST', `/api/labs/${LAB}/checks/nothing/answer`, { answer: 'a' })),
    ).toBe('checkNotFound');
    trainee.close();
  });

  test('a neighbour’s parameters differ, one’s own stay', async () => {
    const seen = new Set<string>();
    for (let person = 0; person < 6; person += 1) {
      const trainee = await newTrainee();
      const first = await trainee.rest<LabContent>('GET', `/api/labs/${LAB}`);
      expect(await trainee.rest<LabContent>('GET', `/api/labs/${LAB}`)).toEqual(first);
      seen.add(JSON.stringify(first));
      trainee.close();
    }
    expect(seen.size).toBeGreaterThan(3);
  });

  test('a reset empties home and progress; terminals come back', async () => {
    const trainee = await newTrainee();
    const [open] = await trainee.openLab(LAB);
    const terminal = await trainee.terminal(open);
    await terminal.run('echo keep > mine.txt');
    await trainee.rest('POST', `/api/labs/${LAB}/steps/create/hints`, { opened: 0 });
    const state = await trainee.rest<LabState>('POST', `/api/labs/${LAB}/reset`);
    expect(state.steps[0]).toMatchObject({ hints: [], state: 'open' });
    const tree = await trainee.rest<FileTree>('GET', `/api/labs/${LAB}/files`);
    expect(tree.entries.map((entry) => entry.path)).not.toContain('mine.txt');
    const after = await trainee.terminal();
    expect(await after.run('ls')).not.toContain('mine.txt');
    trainee.close();
  });

  test('the box is restarted with its files; the terminal works again', async () => {
    const trainee = await newTrainee();
    await trainee.openLab(LAB);
    const terminal = await trainee.terminal();
    await terminal.run('echo kept > kept.txt; sleep 1000 &');
    const ready = nextReady(trainee);
    await trainee.rest('POST', `/api/labs/${LAB}/environment/restart`);
    await ready;
    const again = await trainee.terminal();
    expect(await again.run('cat kept.txt; pgrep sleep || echo none')).toMatch(/kept\r?\nnone/);
    trainee.close();
  });

  test('an absent trainee’s environment sleeps, and wakes with files and progress', async () => {
    await using own = await startTestServer({ createDriver: driverFor, idleMs: 50 });
    const trainee = await newTrainee(own);
    await trainee.openLab(LAB);
    await (await trainee.terminal()).run('echo kept > kept.txt');
    await trainee.rest('POST', `/api/labs/${LAB}/steps/create/hints`, { opened: 0 });
    trainee.close();
    await eventually(async () => {
      await own.server.sweep();
      const text = await (await fetch(`${own.url}/metrics`)).text();
      expect(text).toContain('brokerlab_environments_open 0');
    });
    const back = Trainee.withCookie(own.url, trainee.cookie);
    await back.connect();
    await back.openLab(LAB);
    expect(await (await back.terminal()).run('cat kept.txt')).toContain('kept');
    expect((await back.labState(LAB)).steps[0]!.hints).toHaveLength(1);
    back.close();
  });

  test('signing out leaves nothing running', async () => {
    await using own = await startTestServer({ createDriver: driverFor });
    const trainee = await newTrainee(own);
    await trainee.openLab(LAB);
    await trainee.rest('DELETE', '/api/session');
    await own.server.sweep();
    const text = await (await fetch(`${own.url}/metrics`)).text();
    expect(text).toContain('brokerlab_environments_open 0');
    trainee.close();
  });

  test('an instructor sees who is where', async () => {
    await using own = await startTestServer({ createDriver: driverFor });
    const admin = await own.administrator();
    const { body } = await admin.post('/api/accounts', { name: 'trainee-07', role: 'trainee' }).expect(200);
    const trainee = await Trainee.signIn(own.url, 'trainee-07', body.password);
    await trainee.connect();
    await trainee.openLab(LAB);
    await trainee.rest('POST', `/api/labs/${LAB}/steps/create/hints`, { opened: 0 });
    const { trainees } = (await admin.get('/api/trainees').expect(200)).body as TraineeList;
    expect(trainees).toMatchObject([
      {
        account: { name: 'trainee-07' },
        connected: true,
        labs: [{ labId: LAB, stepsPassed: 0, stepsTotal: 7, hintsOpened: 1, environment: 'ready' }],
      },
    ]);
    trainee.close();
  });

  test('progress and files outlive the server', async () => {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'brokerlab-kept-'));
    const first = await startTestServer({ createDriver: driverFor, dataDirectory });
    const trainee = await newTrainee(first);
    await trainee.openLab(LAB);
    await (await trainee.terminal()).run('echo kept > kept.txt');
    await trainee.rest('POST', `/api/labs/${LAB}/steps/create/hints`, { opened: 0 });
    const before = await trainee.labState(LAB);
    const { port } = first.server;
    trainee.close();
    await first[Symbol.asyncDispose]();
    const second = await startTestServer({ createDriver: driverFor, dataDirectory, port });
    const back = Trainee.withCookie(second.url, trainee.cookie);
    await back.connect();
    expect((await back.labState(LAB)).steps[0]!.hints).toEqual(before.steps[0]!.hints);
    await back.openLab(LAB);
    expect(await (await back.terminal()).run('cat kept.txt')).toContain('kept');
    back.close();
    await second[Symbol.asyncDispose]();
    rmSync(dataDirectory, { recursive: true, force: true });
  });

  test('a removed account leaves nothing on disk', async () => {
    await using own = await startTestServer({ createDriver: driverFor });
    const admin = await own.administrator();
    const { body } = await admin.post('/api/accounts', { name: 'leaver', role: 'trainee' }).expect(200);
    const trainee = await Trainee.signIn(own.url, 'leaver', body.password);
    await trainee.connect();
    const goodbye = nextMessage(trainee, 'signedOut');
    await trainee.openLab(LAB);
    await admin.delete(`/api/accounts/${body.account.id}`).expect(204);
    await goodbye;
    for (const table of ['lab_progress', 'login_sessions', 'step_progress'] as const) {
      const rows = await own.store
        .selectFrom(table)
        .select('account_id')
        .where('account_id', '=', body.account.id)
        .execute();
      expect(rows).toEqual([]);
    }
    trainee.close();
  });

  test('the ninth terminal is refused; a closed one’s number is used again', async () => {
    const trainee = await newTrainee();
    const opened = await trainee.openLab(LAB);
    const numbers = new Map(opened.map(({ number, id }) => [number, id]));
    for (let count = opened.length; count < 8; count += 1) {
      const { terminal } = await trainee.send({ type: 'terminal.open', cols: 80, rows: 24 });
      numbers.set(terminal.number, terminal.id);
    }
    expect([...numbers.keys()].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await codeOf(trainee.send({ type: 'terminal.open', cols: 80, rows: 24 }))).toBe(
      'tooManyTerminals',
    );
    await trainee.send({ type: 'terminal.close', terminalId: numbers.get(3)! });
    const { terminal } = await trainee.send({ type: 'terminal.open', cols: 80, rows: 24 });
    expect(terminal.number).toBe(3);
    trainee.close();
  });
});

function nextMessage<T extends ServerMessage['type']>(trainee: Trainee, type: T): Promise<ServerMessage> {
  return new Promise((resolve) => {
    trainee.onMessage((message) => {
      if (message.type === type) resolve(message);
    });
  });
}

function nextReady(trainee: Trainee): Promise<void> {
  return new Promise((resolve) => {
    let left = false;
    trainee.onMessage((message) => {
      if (message.type !== 'environment') return;
      if (message.environment.state !== 'ready') left = true;
      else if (left) resolve();
    });
  });
}
