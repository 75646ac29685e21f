/** What the staff changes in a trainee's lab needs the trainee's word; and two of the staff at one trainee. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ActionOutcome, AuditPage, FileContent, TraineeState } from '../../server/src/contract/main.ts';
import type { Trainee } from '../support/trainee.ts';
import { codeOf, enter, LAB, type Room, School, soon, usable, watch } from './class-room.ts';

let school: School;

beforeAll(async () => {
  if (usable) school = await School.open();
});
afterAll(() => school?.[Symbol.asyncDispose]());

const suite = usable ? 'consent' : 'consent (skipped: no bwrap sandbox here)';

interface Asking {
  readonly room: Room;
  readonly teacher: Trainee;
  readonly trainee: Trainee;
  readonly traineeId: string;
  readonly state: () => TraineeState;
}
async function asking(name: string): Promise<Asking> {
  const room = await school.room([name]);
  const { id: traineeId, person: trainee } = room.trainees[0]!;
  await trainee.openLab(LAB);
  return { room, teacher: room.teacher, trainee, traineeId, state: await enter(trainee) };
}
const topic = (name: string) => ({ name, partitions: 1, replicationFactor: 1 });
const topicsOf = (id: string) => `/api/labs/${LAB}/console/main/topics?trainee=${id}`;
const namesIn = async (person: Trainee, path: string) =>
  (await person.rest<{ topics: { name: string }[] }>('GET', path)).topics.map(({ name }) => name);

async function question({ state }: Pick<Asking, 'state'>) {
  return soon(() => {
    const asked = state().consents.find((one) => one.state === 'asked');
    expect(asked).toBeDefined();
    return asked!;
  });
}

describe.skipIf(!usable)(suite, () => {
  test('a change in the console waits for the trainee: once, refused, for the session, taken back', async () => {
    const scene = await asking('console');
    const { room, teacher, trainee, traineeId, state } = scene;
    const create = (name: string) => teacher.rest('POST', topicsOf(traineeId), topic(name));
    const answer = (consentId: string, said: 'once' | 'session' | 'refused') =>
      trainee.send({ type: 'class.consent', consentId, answer: said });

    const first = create('one');
    const asked = await question(scene);
    expect(asked).toMatchObject({
      by: 'teacher',
      subject: { what: 'console', did: 'createTopic', name: 'one' },
    });
    expect(asked.until).toBeGreaterThan(state().now);
    expect(await namesIn(teacher, topicsOf(traineeId))).not.toContain('one');
    await answer(asked.id, 'once');
    await first;
    await soon(() => expect(state().consents).toEqual([]));
    // Reading, and being told what would be, asks nobody.
    await teacher.rest('POST', `/api/labs/${LAB}/console/main/reassignments/plan?trainee=${traineeId}`, {
      topics: ['one'],
      brokers: [1, 2],
      replicationFactor: null,
    });

    const second = codeOf(create('two'));
    await answer((await question(scene)).id, 'refused');
    expect(await second).toBe('consentRefused');

    const third = create('three');
    await answer((await question(scene)).id, 'session');
    await third;
    await create('four');
    await soon(() => expect(state().consents).toMatchObject([{ state: 'session' }]));
    await trainee.send({ type: 'class.revoke', consentId: state().consents[0]!.id });
    const fifth = codeOf(create('five'));
    await question(scene);
    trainee.close();
    expect(await fifth).toBe('consentAway');
    expect(await codeOf(create('six'))).toBe('consentAway');
    const names = await namesIn(teacher, topicsOf(traineeId));
    expect(names).toEqual(expect.arrayContaining(['one', 'three', 'four']));
    for (const name of ['two', 'five', 'six']) expect(names).not.toContain(name);

    const log = await teacher.rest<AuditPage>('GET', `/api/classes/${room.id}/audit`);
    const logged = log.entries.filter(({ action }) => action.startsWith('trainee.'));
    const counts = (action: string) => logged.filter((entry) => entry.action === action).length;
    expect([counts('trainee.ask'), counts('trainee.consoleChange')]).toEqual([4, 3]);
    for (const action of ['allowOnce', 'refuse', 'allowSession', 'revoke'])
      expect(counts(`trainee.${action}`)).toBe(1);
    expect(logged.find(({ action }) => action === 'trainee.refuse')).toMatchObject({
      actor: { id: traineeId },
      detail: { what: 'console', did: 'createTopic', name: 'two' },
    });
    teacher.close();
  });

  test('a file is changed by consent, an administrator asks too, and nobody answers for another', async () => {
    const scene = await asking('files');
    const { room, teacher, trainee, traineeId } = scene;
    const own = `/api/labs/${LAB}/file`;
    await trainee.rest('PUT', own, { path: 'note.txt', content: 'mine', baseVersion: null });
    const base = `/api/classes/${room.id}/trainees/${traineeId}/labs/${LAB}/file`;
    const { version } = await teacher.rest<FileContent>('GET', `${base}?path=note.txt`);
    const save = (content: string) => ({ path: 'note.txt', content, baseVersion: version });
    const content = async () => (await trainee.rest<FileContent>('GET', `${own}?path=note.txt`)).content;
    const saving = teacher.rest('PUT', base, save('theirs'));
    const asked = await question(scene);
    const other = await school.room(['other']);
    for (const intruder of [other.trainees[0]!.person, teacher])
      await intruder.send({ type: 'class.consent', consentId: asked.id, answer: 'once' });
    expect(await content()).toBe('mine');
    await trainee.send({ type: 'class.consent', consentId: asked.id, answer: 'once' });
    await saving;
    expect(await content()).toBe('theirs');
    expect(await codeOf(other.trainees[0]!.person.rest('PUT', base, save('x')))).toBe('forbidden');
    const stranger = await school.staff('stranger');
    expect(await codeOf(stranger.rest('PUT', base, save('x')))).toBe('classNotFound');

    const admin = school.admin.post(topicsOf(traineeId), topic('by-admin'));
    const created = admin.expect(200).then(() => true);
    const byAdmin = await question(scene);
    await trainee.send({ type: 'class.consent', consentId: byAdmin.id, answer: 'once' });
    expect(await created).toBe(true);
    for (const one of [teacher, trainee, stranger, other.teacher, other.trainees[0]!.person]) one.close();
  });

  test('whoever asked and went, asks no more', async () => {
    const scene = await asking('patient');
    const { teacher, trainee, traineeId, state } = scene;
    const gone = new AbortController();
    const asked = fetch(school.host.url + topicsOf(traineeId), {
      method: 'POST',
      headers: { cookie: teacher.cookie, origin: school.host.url, 'content-type': 'application/json' },
      body: JSON.stringify(topic('never')),
      signal: gone.signal,
    }).catch(() => undefined);
    await question(scene);
    gone.abort();
    await asked;
    await soon(() => expect(state().consents).toEqual([]));
    for (const one of [teacher, trainee]) one.close();
  });

  test('restart and reset need no consent, and the trainee is told who did it', async () => {
    const { room, teacher, trainee, traineeId, state } = await asking('told');
    for (const what of ['restart', 'reset'] as const) {
      const wanted = { to: [traineeId], labId: LAB, what };
      await teacher.rest('POST', `/api/classes/${room.id}/environments`, wanted);
      await soon(() => expect(state().messages.at(-1)).toMatchObject({ kind: what, from: 'teacher' }));
    }
    for (const one of [teacher, trainee]) one.close();
  });

  test('a second at the same trainee is told who does what; at another trainee nobody waits', async () => {
    const room = await school.room(['shared', 'free']);
    const { id, teacher, trainees } = room;
    const [shared, free] = trainees;
    await teacher.rest('PUT', `/api/classes/${id}/staff`, { name: 'helper', role: 'assistant' });
    const helper = await school.staff('helper');
    for (const one of trainees) await one.person.openLab(LAB);
    const screen = await watch(teacher, id);
    const act = (person: Trainee, to: string[] | null, what: string) =>
      person.rest<ActionOutcome>('POST', `/api/classes/${id}/environments`, { to, labId: LAB, what });
    const first = act(teacher, [shared!.id], 'reset');
    await soon(() =>
      expect(screen.rows.get(shared!.id)?.staff).toEqual([{ name: 'teacher', doing: 'reset' }]),
    );
    const both = await act(helper, null, 'restart');
    expect(both.done).toEqual([free!.id]);
    expect(both.notDone).toEqual([{ accountId: shared!.id, why: 'busy', by: 'teacher', doing: 'reset' }]);
    expect((await first).done).toEqual([shared!.id]);
    await soon(() => expect(screen.rows.get(shared!.id)?.staff).toEqual([]));

    // Typing: one at a time, and the other is told who.
    const state = await enter(shared!.person);
    for (const staff of [teacher, helper])
      await staff.send({ type: 'class.openTrainee', classId: id, accountId: shared!.id, labId: LAB });
    await teacher.send({ type: 'class.askToType', on: true });
    await shared!.person.send({
      type: 'class.consent',
      consentId: (await question({ state })).id,
      answer: 'once',
    });
    await soon(() =>
      expect(screen.rows.get(shared!.id)?.staff).toEqual(
        expect.arrayContaining([
          { name: 'teacher', doing: 'type' },
          { name: 'helper', doing: null },
        ]),
      ),
    );
    expect(await codeOf(helper.send({ type: 'class.askToType', on: true }))).toBe('traineeBusy');
    for (const one of [teacher, helper, shared!.person, free!.person]) one.close();
  });

  test('steps are locked and opened for one trainee, whatever holds for the class', async () => {
    const { id, teacher, trainees } = await school.room(['ahead', 'along']);
    const [ahead, along] = trainees;
    const screen = await watch(teacher, id);
    for (const one of trainees) await one.person.openLab(LAB);
    const [first] = (await ahead!.person.labState(LAB)).steps;
    const closed = async (person: Trainee) => (await person.labState(LAB)).closedFrom;
    const lock = (accountId: string, body: object) =>
      teacher.rest('PUT', `/api/classes/${id}/trainees/${accountId}/lock`, { labId: LAB, ...body });
    await lock(along!.id, { stepId: first!.id });
    expect([await closed(ahead!.person), await closed(along!.person)]).toEqual([null, first!.id]);
    await soon(() => expect(screen.rows.get(along!.id)?.locks).toEqual({ [LAB]: first!.id }));
    await teacher.rest('PUT', `/api/classes/${id}/lock`, { labId: LAB, stepId: first!.id });
    await lock(ahead!.id, { stepId: null });
    await lock(along!.id, { stepId: null, asClass: true });
    expect([await closed(ahead!.person), await closed(along!.person)]).toEqual([null, first!.id]);
    expect(await codeOf(lock(ahead!.id, { stepId: 'nowhere' }))).toBe('stepNotFound');
    expect(
      await codeOf(
        along!.person.rest('PUT', `/api/classes/${id}/trainees/${along!.id}/lock`, {
          labId: LAB,
          stepId: null,
        }),
      ),
    ).toBe('forbidden');
    for (const one of [teacher, ahead!.person, along!.person]) one.close();
  });
});
