/** A running class over sockets, in real boxes: what its staff sees, and what nobody else can. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  AuditPage,
  ClassDetail,
  FileTree,
  LabContent,
  ServerMessage,
} from '../../server/src/contract/main.ts';
import { Trainee } from '../support/trainee.ts';
import { codeOf, enter, LAB, School, soon, usable, watch } from './class-room.ts';

let school: School;

beforeAll(async () => {
  if (usable) school = await School.open();
});
afterAll(() => school?.[Symbol.asyncDispose]());

const suite = usable ? 'a running class' : 'a running class (skipped: no bwrap sandbox here)';

describe.skipIf(!usable)(suite, () => {
  test('shows who is there, in which step, the last command and its result, as it happens', async () => {
    const { id, teacher, trainees } = await school.room(['kim', 'lee']);
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
    await view.type('sleep 60\r');
    await soon(() =>
      expect(screen.rows.get(kim!.id)?.command).toMatchObject({ text: 'sleep 60', exitCode: null }),
    );
    await view.type('\x03');
    await soon(() => expect(screen.rows.get(kim!.id)?.command?.exitCode).toBe(130));
    expect(screen.rows.get(lee!.id)?.online).toBe(false);
    kim!.person.close();
    await soon(() => expect(screen.rows.get(kim!.id)?.online).toBe(false));
    teacher.close();
    lee!.person.close();
  });

  test('tells who is stuck and why', async () => {
    const { id, teacher, trainees } = await school.room(['park']);
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
    const { id, teacher, trainees } = await school.room(['hand']);
    const [hand] = trainees;
    const state = await enter(hand!.person);
    const screen = await watch(teacher, id);
    await hand!.person.send({ type: 'class.hand', up: true });
    await soon(() => expect(screen.rows.get(hand!.id)?.handAt).toBeGreaterThan(0));
    const since = screen.rows.get(hand!.id)!.handAt;
    await hand!.person.send({ type: 'class.hand', up: true });
    expect(state().handAt).toBe(since);
    hand!.person.close();
    const again = Trainee.withCookie(school.host.url, hand!.person.cookie);
    await again.connect();
    const later = await enter(again);
    expect(later().handAt).toBe(since);
    await teacher.rest('DELETE', `/api/classes/${id}/trainees/${hand!.id}/hand`);
    await soon(() => expect(later().handAt).toBeNull());
    await soon(() => expect(screen.rows.get(hand!.id)?.handAt).toBeNull());
    for (const person of [teacher, again]) person.close();
  });

  test('a trainee’s lab can be looked at, typed into only with consent, and each look is logged', async () => {
    const { id, teacher, trainees } = await school.room(['seen']);
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
    const consentId = state().consents[0]!.id;
    await seen!.person.send({ type: 'class.consent', consentId, answer: 'once' });
    await watched.type('echo typed-$((1 + 1))\r');
    await view.waitFor('typed-2');
    await seen!.person.send({ type: 'class.revoke', consentId });
    expect(await codeOf(watched.type('echo again\r'))).toBe('readOnly');

    const base = `/api/classes/${id}/trainees/${seen!.id}/labs/${LAB}`;
    expect((await teacher.rest<LabContent>('GET', base)).id).toBe(LAB);
    const { entries } = await teacher.rest<FileTree>('GET', `${base}/files`);
    expect(entries.map(({ path }) => path)).toContain('note.txt');
    const file = await teacher.rest<{ content: string }>('GET', `${base}/file?path=note.txt`);
    expect(file.content).toBe('from-the-trainee\n');
    const drawn = new Promise<void>((resolve) => {
      teacher.onMessage((message) => {
        if (message.type === 'map') resolve();
      });
    });
    await teacher.send({ type: 'map.watch', on: true });
    await drawn;
    const console = `/api/labs/${LAB}/console/main/topics?trainee=${seen!.id}`;
    await teacher.rest('GET', console);
    await teacher.rest('GET', console);
    const log = await teacher.rest<AuditPage>('GET', `/api/classes/${id}/audit`);
    const actions = log.entries.map(({ action }) => action);
    expect(actions).toEqual(
      expect.arrayContaining([
        'trainee.watch',
        'trainee.ask',
        'trainee.allowOnce',
        'trainee.revoke',
        'trainee.lab',
        'trainee.files',
        'trainee.file',
      ]),
    );
    expect(actions.filter((action) => action === 'trainee.console')).toHaveLength(1);
    expect(log.entries.find(({ action }) => action === 'trainee.watch')).toMatchObject({
      actor: { name: 'teacher' },
      subject: { id: seen!.id },
    });
    teacher.close();
    await soon(() => expect(state().onlookers).toEqual([]));
    seen!.person.close();
  });

  test('consent ends when the trainee’s last window goes', async () => {
    const { id, teacher, trainees } = await school.room(['gone']);
    const [gone] = trainees;
    const [terminal] = await gone!.person.openLab(LAB);
    const state = await enter(gone!.person);
    const target = { classId: id, accountId: gone!.id, labId: LAB } as const;
    await teacher.send({ type: 'class.openTrainee', ...target });
    await teacher.send({ type: 'class.askToType', on: true });
    await soon(() => expect(state().onlookers[0]?.typing).toBe('asked'));
    const consentId = state().consents[0]!.id;
    await gone!.person.send({ type: 'class.consent', consentId, answer: 'session' });
    const watched = await teacher.terminal(terminal);
    await watched.type('true\r');
    gone!.person.close();
    await soon(async () => expect(await codeOf(watched.type('true\r'))).toBe('readOnly'));
    teacher.close();
  });

  test('other instructors, assistants let go, and trainees see and do nothing', async () => {
    const { id, teacher, trainees } = await school.room(['victim', 'attacker']);
    const [victim, attacker] = trainees;
    await victim!.person.openLab(LAB);
    const victimState = await enter(victim!.person);
    const stranger = await school.staff('stranger');
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
    for (const intruder of [stranger, attacker!.person]) {
      const topics = `/api/labs/${LAB}/console/main/topics`;
      const look = intruder.rest('GET', `${topics}?trainee=${victim!.id}`);
      expect(await codeOf(look)).toBe('forbidden');
      const remove = intruder.rest('DELETE', `${topics}/x?trainee=${victim!.id}`);
      expect(await codeOf(remove)).toBe('forbidden');
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
    const asked = await soon(() => {
      expect(victimState().consents).toHaveLength(1);
      return victimState().consents[0]!;
    });
    await attacker!.person.send({ type: 'class.consent', consentId: asked.id, answer: 'once' });
    await attacker!.person.send({ type: 'class.revoke', consentId: asked.id });
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
    const { id, teacher, trainees } = await school.room(['left']);
    const [left] = trainees;
    await left!.person.openLab(LAB);
    const helper = await school.staff('helper');
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
});
