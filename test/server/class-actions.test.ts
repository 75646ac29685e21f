/** What the staff of a running class does to its trainees, in real boxes: messages, pause, locks, time, terminals, boxes, grades. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  ActionOutcome,
  ClassReport,
  ClassState,
  FileTree,
  Grades,
  LabContent,
  Solution,
} from '../../server/src/contract/main.ts';
import { type Trainee, TraineeTerminal } from '../support/trainee.ts';
import { codeOf, enter, LAB, School, soon, usable, watch } from './class-room.ts';
import type { Client } from './harness.ts';

let school: School;

beforeAll(async () => {
  if (usable) school = await School.open();
});
afterAll(() => school?.[Symbol.asyncDispose]());

const suite = usable ? 'what the staff does' : 'what the staff does (skipped: no bwrap sandbox here)';

describe.skipIf(!usable)(suite, () => {
  test('messages, hints, links and files reach one or all, also those who come later', async () => {
    const { id, teacher, trainees } = await school.room(['here', 'later']);
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
    const { id, teacher, trainees } = await school.room(['still']);
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
      pause(school.admin, { paused: true, message: '앞을 봐 주세요' }),
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
      ['POST', 'console/main/topics', { name: 'x', partitions: 1, replicationFactor: 1 }],
      ['POST', 'environment/stop', {}],
      ['POST', 'rewind', { stepId: 'create' }],
    ] as const) {
      expect(await codeOf(person.rest(method, `/api/labs/${LAB}/${path}`, body))).toBe('classPaused');
    }
    await pause(teacher, { paused: false });
    await soon(() => expect(state().paused).toBeNull());
    expect(await view.run('echo on-$((1 + 1))')).toContain('on-2');
    for (const one of [teacher, person]) one.close();
  });

  test('a locked step opens for nobody until it is opened, then goes on by itself', async () => {
    const { id, teacher, trainees } = await school.room(['fast']);
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
    const { id, teacher, trainees } = await school.room(['slow', 'quick']);
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
    const { id, teacher, trainees } = await school.room(['viewer']);
    const [viewer] = trainees;
    const state = await enter(viewer!.person);
    const [terminal] = await teacher.openLab(LAB);
    const own = await teacher.terminal(terminal);
    await teacher.send({ type: 'class.broadcast', classId: id, terminalId: terminal!.id });
    await soon(() => expect(state().broadcast).toMatchObject({ by: 'teacher' }));
    const shown = await viewer!.person.send({ type: 'class.attachBroadcast' });
    const seen = new TraineeTerminal(viewer!.person, shown.terminal.id);
    seen.begin(shown);
    await own.run('echo look-$((40 + 2))');
    await seen.waitFor('look-42');
    expect(await codeOf(seen.type('echo mine\r'))).toBe('readOnly');
    await teacher.rest('PUT', `/api/classes/${id}/staff`, { name: 'helper', role: 'assistant' });
    const helper = await school.staff('helper');
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
    const { id, teacher, trainees } = await school.room(['wedged']);
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
    const { id, teacher, trainees } = await school.room(['graded', 'idle']);
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
    const csv = await fetch(`${school.host.url}${base}/grades?view=checks&format=csv`, {
      headers: { cookie: teacher.cookie },
    });
    expect(csv.headers.get('content-type')).toContain('text/csv');
    expect(await csv.text()).toContain(graded!.name);
    const stranger = await school.staff('stranger');
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
