/** A running class over sockets, in real boxes: what its staff sees and does, and what nobody else can. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  ActionOutcome,
  AuditPage,
  ClassDetail,
  ClassReport,
  ClassState,
  FileTree,
  Grades,
  LabContent,
  LiveClass,
  LiveRow,
  RosterAnswer,
  ServerMessage,
  Solution,
  TraineeState,
} from '../../server/src/contract/main.ts';
import { createBwrapDriver } from '../../server/src/sandbox/main.ts';
import { eventually } from '../support/eventually.ts';
import { Trainee } from '../support/trainee.ts';
import { type Client, PASSWORD, PROGRAM_DIRECTORY, startTestServer, type TestServer } from './harness.ts';

const LAB = 'first-topic';
const scratch = mkdtempSync(join(tmpdir(), 'brokerlab-probe-'));
const driverFor = (dataDir: string) => createBwrapDriver({ dataDir, programDir: PROGRAM_DIRECTORY });
const probe = await driverFor(scratch).probe();
const suite = probe.usable ? 'a running class' : 'a running class (skipped: no bwrap sandbox here)';

let host: TestServer;
let admin: Client;

beforeAll(async () => {
  if (!probe.usable) return;
  host = await startTestServer({ createDriver: driverFor });
  admin = await host.administrator();
  for (const name of ['teacher', 'helper', 'stranger'])
    await admin.post('/api/accounts', { name, role: 'instructor', password: PASSWORD }).expect(200);
});
afterAll(async () => {
  await host?.[Symbol.asyncDispose]();
  rmSync(scratch, { recursive: true, force: true });
});

interface Room {
  readonly id: string;
  readonly teacher: Trainee;
  readonly trainees: readonly { readonly id: string; readonly name: string; readonly person: Trainee }[];
}

async function staff(name: string): Promise<Trainee> {
  const person = await Trainee.signIn(host.url, name, PASSWORD);
  await person.connect();
  return person;
}

async function room(names: readonly string[]): Promise<Room> {
  const teacher = await staff('teacher');
  const made = await teacher.rest<ClassDetail>('POST', '/api/classes', {
    title: '수업',
    labIds: [LAB, 'produce-consume'],
  });
  const { created } = await teacher.rest<RosterAnswer>('POST', `/api/classes/${made.id}/roster`, {
    text: names.map((name) => `${name},${name}-${made.id.slice(0, 6)}`).join('\n'),
  });
  const trainees = await Promise.all(
    created.map(async ({ account, password }) => {
      const person = await Trainee.signIn(host.url, account.name, password!);
      await person.connect();
      return { id: account.id, name: account.name, person };
    }),
  );
  return { id: made.id, teacher, trainees };
}

/** The class as the watching window has it: the answer, then deltas. */
async function watch(person: Trainee, classId: string): Promise<Screen> {
  const rows = new Map<string, LiveRow>();
  let state: ClassState | undefined;
  person.onMessage((message) => {
    if (message.type === 'class.rows' && message.classId === classId) {
      for (const row of message.rows) rows.set(row.accountId, row);
      for (const id of message.removed) rows.delete(id);
    }
    if (message.type === 'class.state' && message.classId === classId) state = message.state;
  });
  const answer = await person.send({ type: 'class.watch', classId });
  for (const row of answer.rows) if (!rows.has(row.accountId)) rows.set(row.accountId, row);
  state ??= answer.state;
  return { rows, answer, state: () => state! };
}
interface Screen {
  readonly rows: ReadonlyMap<string, LiveRow>;
  readonly answer: LiveClass;
  state(): ClassState;
}

/** What the trainee's page knows of the class: the answer, then what was pushed. */
async function enter(person: Trainee, labId = LAB): Promise<() => TraineeState> {
  let state: TraineeState | undefined;
  person.onMessage((message) => {
    if (message.type === 'class.trainee') state = message.state;
  });
  const answer = await person.send({ type: 'class.enter', labId });
  state ??= answer;
  return () => state!;
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => new Error('it was not refused'),
    (thrown: unknown) => thrown as Error,
  );
  return /"code":"(\w+)"/.exec(error.message)?.[1] ?? /: (\w+) /.exec(error.message)?.[1] ?? error.message;
}

const soon = <T>(check: () => T | Promise<T>): Promise<T> =>
  eventually(async () => check(), { timeoutMs: 20_000, everyMs: 20 });

describe.skipIf(!probe.usable)(suite, () => {
  test('shows who is there, in which step, the last command and its result, as it happens', async () => {
    const { id, teacher, trainees } = await room(['kim', 'lee']);
    const screen = await watch(teacher, id);
    expect(screen.answer.labs.map((lab) => lab.id)).toEqual([LAB, 'produce-consume']);
    const [kim, lee] = trainees;
    expect(screen.rows.get(kim!.id)).toMatchObject({ online: false, environment: 'none', command: null });
    const [terminal] = await kim!.person.openLab(LAB);
    await soon(() =>
      expect(screen.rows.get(kim!.id)).toMatchObject({ online: true, environment: 'ready', labId: LAB }),
    );
    expect(screen.rows.get(kim!.id)?.labs[LAB]).toMatch(/^o-+$/);
    const view = await kim!.person.terminal(terminal);
    await view.run('echo hello');
    await view.run('false');
    await soon(() => expect(screen.rows.get(kim!.id)?.command).toMatchObject({ text: 'false', exitCode: 1 }));
    expect(screen.rows.get(lee!.id)?.online).toBe(false);
    kim!.person.close();
    await soon(() => expect(screen.rows.get(kim!.id)?.online).toBe(false));
    teacher.close();
    lee!.person.close();
  });

  test('tells who is stuck and why', async () => {
    const { id, teacher, trainees } = await room(['park']);
    const screen = await watch(teacher, id);
    const [park] = trainees;
    const [terminal] = await park!.person.openLab(LAB);
    const view = await park!.person.terminal(terminal);
    for (let count = 0; count < 3; count += 1) await view.run('cat /nothing/there');
    await soon(() => expect(screen.rows.get(park!.id)?.reasons[0]).toMatchObject({ kind: 'repeatedError' }));
    const row = screen.rows.get(park!.id)!;
    expect(row.reasons[0]!.severity).toBe('stuck');
    expect(row.reasons[0]!.text.ko).toContain('3번');
    expect(row.weight).toBeGreaterThanOrEqual(3);
    await view.run('true');
    await soon(() => expect(screen.rows.get(park!.id)?.weight).toBe(0));
    for (const person of [teacher, park!.person]) person.close();
  });

  test('a raised hand is seen, keeps its place, and outlives windows', async () => {
    const { id, teacher, trainees } = await room(['hand']);
    const [hand] = trainees;
    const state = await enter(hand!.person);
    const screen = await watch(teacher, id);
    await hand!.person.send({ type: 'class.hand', up: true });
    await soon(() => expect(screen.rows.get(hand!.id)?.handAt).toBeGreaterThan(0));
    const since = screen.rows.get(hand!.id)!.handAt;
    await hand!.person.send({ type: 'class.hand', up: true });
    expect(state().handAt).toBe(since);
    hand!.person.close();
    const again = Trainee.withCookie(host.url, hand!.person.cookie);
    await again.connect();
    const later = await enter(again);
    expect(later().handAt).toBe(since);
    await teacher.rest('DELETE', `/api/classes/${id}/trainees/${hand!.id}/hand`);
    await soon(() => expect(later().handAt).toBeNull());
    await soon(() => expect(screen.rows.get(hand!.id)?.handAt).toBeNull());
    for (const person of [teacher, again]) person.close();
  });

  test('a trainee’s lab can be looked at, typed into only with consent, and each look is logged', async () => {
    const { id, teacher, trainees } = await room(['seen']);
    const [seen] = trainees;
    const [terminal] = await seen!.person.openLab(LAB);
    const state = await enter(seen!.person);
    const view = await seen!.person.terminal(terminal);
    await view.run('echo from-the-trainee > note.txt');
    const opened = await teacher.send({
      type: 'class.openTrainee',
      classId: id,
      accountId: seen!.id,
      labId: LAB,
    });
    expect(opened.terminals).toHaveLength(1);
    await soon(() => expect(state().onlookers).toMatchObject([{ name: 'teacher', typing: 'no' }]));
    const watched = await teacher.terminal(opened.terminals[0]);
    await view.run('echo see-$((40 + 2))');
    await watched.waitFor('see-42');
    expect(await codeOf(watched.type('echo typed\r'))).toBe('readOnly');
    expect(await codeOf(teacher.send({ type: 'terminal.open', cols: 80, rows: 24 }))).toBe('readOnly');
    const close = teacher.send({ type: 'terminal.close', terminalId: opened.terminals[0]!.id });
    expect(await codeOf(close)).toBe('readOnly');

    await teacher.send({ type: 'class.askToType', on: true });
    await soon(() => expect(state().onlookers[0]?.typing).toBe('asked'));
    expect(await codeOf(watched.type('echo typed\r'))).toBe('readOnly');
    const onlookerId = state().onlookers[0]!.id;
    await seen!.person.send({ type: 'class.consent', onlookerId, granted: true });
    await watched.type('echo typed-$((1 + 1))\r');
    await view.waitFor('typed-2');
    await seen!.person.send({ type: 'class.consent', onlookerId, granted: false });
    expect(await codeOf(watched.type('echo again\r'))).toBe('readOnly');

    const base = `/api/classes/${id}/trainees/${seen!.id}/labs/${LAB}`;
    expect((await teacher.rest<LabContent>('GET', base)).id).toBe(LAB);
    const { entries } = await teacher.rest<FileTree>('GET', `${base}/files`);
    expect(entries.map(({ path }) => path)).toContain('note.txt');
    const file = await teacher.rest<{ content: string }>('GET', `${base}/file?path=note.txt`);
    expect(file.content).toBe('from-the-trainee\n');
    const log = await teacher.rest<AuditPage>('GET', `/api/classes/${id}/audit`);
    const actions = log.entries.map(({ action }) => action);
    expect(actions).toEqual(
      expect.arrayContaining([
        'trainee.watch',
        'trainee.askToType',
        'trainee.allowTyping',
        'trainee.lab',
        'trainee.files',
        'trainee.file',
      ]),
    );
    expect(log.entries.find(({ action }) => action === 'trainee.watch')).toMatchObject({
      actor: { name: 'teacher' },
      subject: { id: seen!.id },
    });
    teacher.close();
    await soon(() => expect(state().onlookers).toEqual([]));
    seen!.person.close();
  });

  test('consent ends when the trainee’s last window goes', async () => {
    const { id, teacher, trainees } = await room(['gone']);
    const [gone] = trainees;
    const [terminal] = await gone!.person.openLab(LAB);
    const state = await enter(gone!.person);
    const target = { classId: id, accountId: gone!.id, labId: LAB } as const;
    await teacher.send({ type: 'class.openTrainee', ...target });
    await teacher.send({ type: 'class.askToType', on: true });
    await soon(() => expect(state().onlookers[0]?.typing).toBe('asked'));
    await gone!.person.send({ type: 'class.consent', onlookerId: state().onlookers[0]!.id, granted: true });
    const watched = await teacher.terminal(terminal);
    await watched.type('true\r');
    gone!.person.close();
    await soon(async () => expect(await codeOf(watched.type('true\r'))).toBe('readOnly'));
    teacher.close();
  });

  test('other instructors, assistants let go, and trainees see and do nothing', async () => {
    const { id, teacher, trainees } = await room(['victim', 'attacker']);
    const [victim, attacker] = trainees;
    await victim!.person.openLab(LAB);
    await enter(victim!.person);
    const stranger = await staff('stranger');
    const target = { classId: id, accountId: victim!.id, labId: LAB } as const;
    const own = await stranger.rest<ClassDetail>('POST', '/api/classes', { title: '내 수업' });
    for (const intruder of [stranger, attacker!.person]) {
      expect(await codeOf(intruder.send({ type: 'class.watch', classId: id }))).toBe('classNotFound');
      expect(await codeOf(intruder.send({ type: 'class.openTrainee', ...target }))).toBe('classNotFound');
      const broadcast = { type: 'class.broadcast', classId: id, terminalId: null } as const;
      expect(await codeOf(intruder.send(broadcast))).toBe('classNotFound');
      const base = `/api/classes/${id}`;
      for (const [method, path, body] of [
        ['GET', `trainees/${victim!.id}/labs/${LAB}`],
        ['GET', `trainees/${victim!.id}/labs/${LAB}/files`],
        ['GET', `trainees/${victim!.id}/labs/${LAB}/file?path=.bashrc`],
        ['POST', 'messages', { to: null, kind: 'message', text: 'x' }],
        ['POST', 'files', { to: null, labId: LAB, path: 'x', content: 'x' }],
        ['POST', 'environments', { to: [victim!.id], labId: LAB, what: 'reset' }],
        ['POST', 'hints', { to: null, labId: LAB }],
        ['PUT', 'pause', { paused: true }],
        ['PUT', 'lock', { labId: LAB, stepId: null }],
        ['PUT', 'timer', { minutes: 5 }],
      ] as const) {
        const code = await codeOf(intruder.rest(method, `${base}/${path}`, body));
        expect(['classNotFound', 'forbidden']).toContain(code);
      }
    }
    // By way of one's own class there is no way to somebody else's trainee either.
    expect(await codeOf(stranger.send({ type: 'class.openTrainee', ...target, classId: own.id }))).toBe(
      'traineeNotFound',
    );
    expect(
      await codeOf(
        stranger.rest('POST', `/api/classes/${own.id}/environments`, {
          to: [victim!.id],
          labId: LAB,
          what: 'reset',
        }),
      ),
    ).toBe('traineeNotFound');
    // A trainee can't grant themselves anything at another's lab.
    const opened = await teacher.send({ type: 'class.openTrainee', ...target });
    await teacher.send({ type: 'class.askToType', on: true });
    await attacker!.person.send({ type: 'class.consent', onlookerId: 'guessed-1', granted: true });
    const watched = await teacher.terminal(opened.terminals[0]);
    expect(await codeOf(watched.type('x'))).toBe('readOnly');
    const received: ServerMessage[] = [];
    attacker!.person.onMessage((message) => received.push(message));
    await teacher.rest('POST', `/api/classes/${id}/messages`, {
      to: [victim!.id],
      kind: 'message',
      text: '비밀',
    });
    await attacker!.person.send({ type: 'class.enter', labId: LAB });
    expect(JSON.stringify(received)).not.toContain('비밀');
    for (const person of [teacher, stranger, victim!.person, attacker!.person]) person.close();
  });

  test('an assistant who is let go is cut off at once', async () => {
    const { id, teacher, trainees } = await room(['left']);
    const [left] = trainees;
    await left!.person.openLab(LAB);
    const helper = await staff('helper');
    await teacher.rest('PUT', `/api/classes/${id}/staff`, { name: 'helper', role: 'assistant' });
    await helper.send({ type: 'class.watch', classId: id });
    await helper.send({ type: 'class.openTrainee', classId: id, accountId: left!.id, labId: LAB });
    const told: string[] = [];
    helper.onMessage((message) => told.push(message.type));
    await teacher.rest('PUT', `/api/classes/${id}/staff`, { name: 'helper', role: null });
    await soon(() => expect(told).toEqual(expect.arrayContaining(['class.changed', 'class.closed'])));
    expect(await codeOf(helper.send({ type: 'class.watch', classId: id }))).toBe('classNotFound');
    expect(await codeOf(helper.send({ type: 'lab.check' }))).toBe('environmentNotReady');
    for (const person of [teacher, helper, left!.person]) person.close();
  });

  test('messages, hints, links and files reach one or all, also those who come later', async () => {
    const { id, teacher, trainees } = await room(['here', 'later']);
    const [here, later] = trainees;
    const [terminal] = await here!.person.openLab(LAB);
    const state = await enter(here!.person);
    const base = `/api/classes/${id}`;
    await teacher.rest('POST', `${base}/messages`, { to: null, kind: 'message', text: '10분 쉬어요' });
    await teacher.rest('POST', `${base}/messages`, {
      to: [here!.id],
      kind: 'step',
      text: '',
      labId: LAB,
      stepId: 'create',
    });
    await teacher.rest('POST', `${base}/hints`, { to: null, labId: LAB });
    const file = { to: null, labId: LAB, path: 'given/hello.sh', content: 'echo given-$((6 * 7))\n' };
    const outcome = await teacher.rest<ActionOutcome>('POST', `${base}/files`, file);
    expect(outcome.done).toEqual([here!.id]);
    expect(outcome.notDone).toEqual([{ accountId: later!.id, why: 'asleep' }]);
    await teacher.rest('POST', `${base}/files`, file);
    await soon(() =>
      expect(state().messages.map(({ kind }) => kind)).toEqual(['message', 'step', 'hint', 'file', 'file']),
    );
    expect(state().messages.at(-1)!.text).toBe('given/hello-2.sh');
    const view = await here!.person.terminal(terminal);
    expect(await view.run('sh given/hello.sh')).toContain('given-42');
    expect((await here!.person.labState(LAB)).steps[0]!.hints).toHaveLength(1);
    const late = await enter(later!.person);
    expect(late().messages).toMatchObject([{ kind: 'message', text: '10분 쉬어요', from: 'teacher' }]);
    await later!.person.send({ type: 'class.read', messageIds: [late().messages[0]!.id] });
    await soon(() => expect(late().messages).toEqual([]));
    // Somebody else's are not theirs to read.
    await later!.person.send({ type: 'class.read', messageIds: [state().messages[0]!.id] });
    expect(state().messages).toHaveLength(5);
    for (const person of [teacher, here!.person, later!.person]) person.close();
  });

  test('a paused class takes no input, also after two paused it, until it resumes', async () => {
    const { id, teacher, trainees } = await room(['still']);
    const [still] = trainees;
    const [terminal] = await still!.person.openLab(LAB);
    const state = await enter(still!.person);
    const view = await still!.person.terminal(terminal);
    await view.run('echo ready');
    const screen = await watch(teacher, id);
    const pause = (by: Trainee | Client, body: object) =>
      'rest' in by
        ? by.rest('PUT', `/api/classes/${id}/pause`, body)
        : by.put(`/api/classes/${id}/pause`, body);
    await Promise.all([
      pause(teacher, { paused: true, message: '앞을 봐 주세요' }),
      pause(admin, { paused: true, message: '앞을 봐 주세요' }),
    ]);
    await soon(() => expect(state().paused).toMatchObject({ message: '앞을 봐 주세요' }));
    await soon(() => expect(screen.state().paused).not.toBeNull());
    expect(await codeOf(view.type('echo no\r'))).toBe('classPaused');
    const { person } = still!;
    expect(await codeOf(person.send({ type: 'terminal.open', cols: 80, rows: 24 }))).toBe('classPaused');
    for (const [method, path, body] of [
      ['POST', `steps/create/hints`, { opened: 0 }],
      ['POST', `reset`, {}],
      ['POST', `environment/restart`, {}],
      ['PUT', 'file', { path: 'x', content: 'x', baseVersion: null }],
      ['POST', 'files/delete', { path: 'x' }],
    ] as const) {
      expect(await codeOf(person.rest(method, `/api/labs/${LAB}/${path}`, body))).toBe('classPaused');
    }
    await pause(teacher, { paused: false });
    await soon(() => expect(state().paused).toBeNull());
    expect(await view.run('echo on-$((1 + 1))')).toContain('on-2');
    for (const one of [teacher, person]) one.close();
  });

  test('a locked step opens for nobody until it is opened, then goes on by itself', async () => {
    const { id, teacher, trainees } = await room(['fast']);
    const [fast] = trainees;
    const steps = (await teacher.rest<LabContent>('GET', `/api/labs/${LAB}`)).steps.map((step) => step.id);
    const lock = (stepId: string | null) =>
      teacher.rest<ClassState>('PUT', `/api/classes/${id}/lock`, { labId: LAB, stepId });
    expect((await lock(steps[0]!)).locks).toEqual({ [LAB]: steps[0] });
    await fast!.person.openLab(LAB);
    const states = async () => (await fast!.person.labState(LAB)).steps.map((step) => step.state);
    expect(new Set(await states())).toEqual(new Set(['locked']));
    expect((await fast!.person.labState(LAB)).closedFrom).toBe(steps[0]);
    const hint = fast!.person.rest('POST', `/api/labs/${LAB}/steps/${steps[0]}/hints`, { opened: 0 });
    expect(await codeOf(hint)).toBe('stepLocked');
    await lock(null);
    await soon(async () => expect((await states())[0]).toBe('open'));
    expect((await fast!.person.labState(LAB)).passedAt).toBeNull();
    for (const person of [teacher, fast!.person]) person.close();
  });

  test('time is set, extended for all and for one', async () => {
    const { id, teacher, trainees } = await room(['slow', 'quick']);
    const [slow, quick] = trainees;
    const [slowly, quickly] = [await enter(slow!.person), await enter(quick!.person)];
    const { timer } = await teacher.rest<ClassState>('PUT', `/api/classes/${id}/timer`, { minutes: 10 });
    await teacher.rest('POST', `/api/classes/${id}/time`, { to: null, minutes: 5 });
    await teacher.rest('POST', `/api/classes/${id}/time`, { to: [slow!.id], minutes: 7 });
    await soon(() => expect(quickly().timer?.endsAt).toBe(timer!.endsAt + 5 * 60_000));
    await soon(() => expect(slowly().timer?.endsAt).toBe(timer!.endsAt + 12 * 60_000));
    for (const person of [teacher, slow!.person, quick!.person]) person.close();
  });

  test('the instructor’s terminal is on everybody’s screen, read-only; a second has to take over', async () => {
    const { id, teacher, trainees } = await room(['viewer']);
    const [viewer] = trainees;
    const state = await enter(viewer!.person);
    const [terminal] = await teacher.openLab(LAB);
    const own = await teacher.terminal(terminal);
    await teacher.send({ type: 'class.broadcast', classId: id, terminalId: terminal!.id });
    await soon(() => expect(state().broadcast).toMatchObject({ by: 'teacher' }));
    const shown = await viewer!.person.send({ type: 'class.attachBroadcast' });
    const { TraineeTerminal } = await import('../support/trainee.ts');
    const seen = new TraineeTerminal(viewer!.person, shown.terminal.id);
    seen.begin(shown);
    await own.run('echo look-$((40 + 2))');
    await seen.waitFor('look-42');
    expect(await codeOf(seen.type('echo mine\r'))).toBe('readOnly');
    await teacher.rest('PUT', `/api/classes/${id}/staff`, { name: 'helper', role: 'assistant' });
    const helper = await staff('helper');
    const [theirs] = await helper.openLab(LAB);
    const take = { type: 'class.broadcast', classId: id, terminalId: theirs!.id } as const;
    expect(await codeOf(helper.send(take))).toBe('broadcastTaken');
    await helper.send({ ...take, takeOver: true });
    await soon(() => expect(state().broadcast?.by).toBe('helper'));
    await teacher.send({ type: 'class.broadcast', classId: id, terminalId: null });
    await soon(() => expect(state().broadcast).toBeNull());
    expect(await codeOf(viewer!.person.send({ type: 'class.attachBroadcast' }))).toBe('terminalNotFound');
    for (const person of [teacher, helper, viewer!.person]) person.close();
  });

  test('a box is restarted and a lab reset by the instructor', async () => {
    const { id, teacher, trainees } = await room(['wedged']);
    const [wedged] = trainees;
    const [terminal] = await wedged!.person.openLab(LAB);
    const view = await wedged!.person.terminal(terminal);
    await view.run('touch mine');
    const act = (what: string) =>
      teacher.rest<ActionOutcome>('POST', `/api/classes/${id}/environments`, {
        to: [wedged!.id],
        labId: LAB,
        what,
      });
    expect((await act('restart')).done).toEqual([wedged!.id]);
    const files = async () =>
      (await wedged!.person.rest<FileTree>('GET', `/api/labs/${LAB}/files`)).entries.map(({ path }) => path);
    expect(await files()).toContain('mine');
    expect((await act('reset')).done).toEqual([wedged!.id]);
    expect(await files()).not.toContain('mine');
    for (const person of [teacher, wedged!.person]) person.close();
  });

  test('its grades and report are its staff’s, of its trainees and labs only', async () => {
    const { id, teacher, trainees } = await room(['graded', 'idle']);
    const [graded, idle] = trainees;
    const { person } = graded!;
    const [terminal] = await person.openLab(LAB);
    const view = await person.terminal(terminal);
    await view.run('kafka-topics.sh --bootstrap-server localhost:9092 --create --topic ordres');
    const lab = await person.rest<LabContent>('GET', `/api/labs/${LAB}`);
    const [first] = lab.steps;
    await person.rest('POST', `/api/labs/${LAB}/steps/${first!.id}/hints`, { opened: 0 });
    const path = `/api/labs/${LAB}/steps/${first!.id}/solution`;
    const { commands } = await person.rest<Solution>('POST', path);
    for (const { command } of commands) await view.run(command);
    await soon(async () => expect((await person.labState(LAB)).steps[0]?.state).toBe('passed'));
    const base = `/api/classes/${id}`;
    const report = await soon(async () => {
      const read = await teacher.rest<ClassReport>('GET', `${base}/report`);
      expect(read.steps.find(({ stepId }) => stepId === first!.id)).toMatchObject({
        number: 1,
        reached: 1,
        passed: 1,
        hintsOpened: 1,
        solutionsOpened: 1,
      });
      return read;
    });
    expect(report).toMatchObject({ trainees: 2, begun: 1 });
    expect(report.checks[0]?.how[0]?.count).toBeGreaterThan(0);
    const grades = await teacher.rest<Grades>('GET', `${base}/grades?view=checks`);
    expect(new Set(grades.checks.map(({ accountId }) => accountId))).toEqual(new Set([graded!.id]));
    expect(grades.checks[0]?.evidence.message.ko).toBeTruthy();
    const csv = await fetch(`${host.url}${base}/grades?view=checks&format=csv`, {
      headers: { cookie: teacher.cookie },
    });
    expect(csv.headers.get('content-type')).toContain('text/csv');
    expect(await csv.text()).toContain(graded!.name);
    const stranger = await staff('stranger');
    for (const intruder of [stranger, idle!.person]) {
      for (const what of ['report', 'grades']) {
        expect(['classNotFound', 'forbidden']).toContain(
          await codeOf(intruder.rest('GET', `${base}/${what}`)),
        );
      }
    }
    for (const one of [teacher, stranger, person, idle!.person]) one.close();
  });
});
