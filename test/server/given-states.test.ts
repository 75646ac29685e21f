/** The state of a step given to others, in real boxes: names, files, clusters and steps become the giver's, and one can go back. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  ActionOutcome,
  AuditPage,
  GivableStates,
  LabContent,
  LabState,
  OwnEnvironments,
  Solution,
} from '../../server/src/contract/main.ts';
import type { Trainee } from '../support/trainee.ts';
import { codeOf, enter, LAB, School, soon, usable } from './class-room.ts';

let school: School;

beforeAll(async () => {
  if (usable) school = await School.open();
});
afterAll(() => school?.[Symbol.asyncDispose]());

const suite = usable ? 'given states' : 'given states (skipped: no bwrap sandbox here)';

async function passSteps(person: Trainee, count: number): Promise<void> {
  const terminal = await person.terminal();
  for (let index = 0; index < count; index += 1) {
    const { steps } = await person.labState(LAB);
    if (steps[index]!.state === 'passed') continue;
    const path = `/api/labs/${LAB}/steps/${steps[index]!.id}/solution`;
    for (const { command } of (await person.rest<Solution>('POST', path, {})).commands)
      await terminal.run(command);
    await soon(async () => expect((await person.labState(LAB)).steps[index]!.state).toBe('passed'));
  }
}

const texts = (person: Trainee) => person.rest<LabContent>('GET', `/api/labs/${LAB}`);
const statesOf = (lab: LabState) => lab.steps.map(({ state }) => state).slice(0, 3);

describe.skipIf(!usable)(suite, () => {
  test('an instructor’s own, to one who has just begun: all is theirs, and what was there can be gone back to', async () => {
    const { id, teacher, trainees } = await school.room(['behind', 'away']);
    const [behind, away] = trainees;
    await teacher.openLab(LAB);
    await passSteps(teacher, 2);
    const stepIds = (await texts(teacher)).steps.map((step) => step.id);
    const states = `/api/classes/${id}/labs/${LAB}/states`;
    await soon(async () => {
      const [own] = (await teacher.rest<GivableStates>('GET', states)).states;
      expect(own).toMatchObject({ from: null, stepIds: stepIds.slice(0, 3) });
    });

    const { person } = behind!;
    await person.openLab(LAB);
    const before = await texts(person);
    await (await person.terminal()).run('echo mine > mine.txt');
    const told = await enter(person);
    const give = (stepId: string, from: string | null, to: readonly string[] | null) =>
      teacher.rest<ActionOutcome>('POST', `/api/classes/${id}/states`, { to, labId: LAB, stepId, from });
    const outcome = await give(stepIds[2]!, null, null);
    expect(new Set(outcome.done)).toEqual(new Set([behind!.id, away!.id]));
    expect(outcome).toMatchObject({ woken: [away!.id], notDone: [] });
    // Who sleeps got it as well, sleeps again, and finds it there.
    expect(statesOf(await away!.person.labState(LAB))).toEqual(['passed', 'passed', 'open']);
    const late = await enter(away!.person);
    expect(late().messages).toMatchObject([{ kind: 'state', stepId: stepIds[2] }]);
    await away!.person.openLab(LAB);
    expect(statesOf(await away!.person.labState(LAB))).toEqual(['passed', 'passed', 'open']);

    const [given, theirs] = [await texts(person), await texts(teacher)];
    expect(given).toEqual(theirs);
    expect(given.variant).not.toBe(before.variant);
    const lab = await person.labState(LAB);
    expect(lab.variant).toBe(given.variant);
    expect(statesOf(lab)).toEqual(['passed', 'passed', 'open']);
    expect(lab.steps.map((step) => step.given).slice(0, 3)).toEqual([true, true, false]);
    expect(lab.steps[0]!.checks.every(({ points }) => points === 0)).toBe(true);
    await soon(() =>
      expect(told().messages).toMatchObject([{ kind: 'state', labId: LAB, stepId: stepIds[2] }]),
    );
    const list = 'kafka-topics.sh --bootstrap-server localhost:9092 --list | sort | xargs echo topics:';
    const topics = async (of: Trainee) => /topics: [^\r\n]+/.exec(await (await of.terminal()).run(list))?.[0];
    expect(await topics(person)).toBe(await topics(teacher));
    expect(await (await person.terminal()).run('ls mine.txt')).toContain('No such file');
    // One goes on from there, by the names in the instructions.
    await passSteps(person, 3);

    const { environments } = await person.rest<OwnEnvironments>('GET', '/api/environments');
    expect(environments[0]!.kept).toMatchObject([{ stepsPassed: 0 }]);
    const back = await person.rest<LabState>('POST', `/api/labs/${LAB}/rewind`, {
      stepId: environments[0]!.kept[0]!.id,
    });
    expect(back.variant).toBe(before.variant);
    expect(statesOf(back)).toEqual(['open', 'locked', 'locked']);
    expect(await texts(person)).toEqual(before);
    expect(await (await person.terminal()).run('cat mine.txt')).toContain('mine');

    const { entries } = await teacher.rest<AuditPage>('GET', `/api/classes/${id}/audit`);
    expect(entries.find(({ action }) => action === 'class.giveState')).toMatchObject({
      actor: { name: 'teacher' },
      detail: { labId: LAB, stepId: stepIds[2], count: 2 },
    });
    for (const one of [teacher, ...trainees.map((trainee) => trainee.person)]) one.close();
  }, 120_000);

  test('a trainee’s, to another who sleeps: woken for it; never another class’s, nor what nobody has', async () => {
    const { id, teacher, trainees } = await school.room(['ahead', 'asleep']);
    const [ahead, asleep] = trainees;
    await ahead!.person.openLab(LAB);
    await passSteps(ahead!.person, 1);
    const stepIds = (await texts(ahead!.person)).steps.map((step) => step.id);
    const body = { to: [asleep!.id], labId: LAB, stepId: stepIds[1]!, from: ahead!.id };
    const give = (by: Trainee, change: object = {}) =>
      by.rest<ActionOutcome>('POST', `/api/classes/${id}/states`, { ...body, ...change });
    await soon(async () => expect((await give(teacher)).done).toEqual([asleep!.id]));
    const lab = await asleep!.person.labState(LAB);
    expect(statesOf(lab)).toEqual(['passed', 'open', 'locked']);
    expect(lab.startedAt).not.toBeNull();
    expect((await texts(asleep!.person)).variant).toBe((await texts(ahead!.person)).variant);

    expect(await codeOf(give(teacher, { stepId: stepIds.at(-1) }))).toBe('snapshotNotFound');
    expect(await codeOf(give(teacher, { from: 'nobody' }))).toBe('traineeNotFound');
    const stranger = await school.staff('stranger');
    expect(await codeOf(give(stranger))).toBe('classNotFound');
    expect(await codeOf(give(ahead!.person))).toBe('forbidden');
    const own = await give(teacher, { to: [ahead!.id] });
    expect(own.notDone).toEqual([{ accountId: ahead!.id, why: 'nothing' }]);
    for (const one of [teacher, stranger, ...trainees.map((trainee) => trainee.person)]) one.close();
  }, 120_000);

  test('the state after the last step is kept, given, and can be gone back to', async () => {
    const { id, teacher, trainees } = await school.room(['late']);
    const [late] = trainees;
    await teacher.openLab(LAB);
    const { length } = (await texts(teacher)).steps;
    await passSteps(teacher, length);
    const states = `/api/classes/${id}/labs/${LAB}/states`;
    const stepId = 'after-last-step';
    await soon(async () => {
      const [own] = (await teacher.rest<GivableStates>('GET', states)).states;
      expect(own?.stepIds).toContain(stepId);
    });
    const body = { to: [late!.id], labId: LAB, stepId, from: null };
    const given = await teacher.rest<ActionOutcome>('POST', `/api/classes/${id}/states`, body);
    expect(given.done).toEqual([late!.id]);
    const lab = await late!.person.labState(LAB);
    expect(lab.steps.map(({ state }) => state)).toEqual(lab.steps.map(() => 'passed'));
    expect(lab.steps.every((step) => step.given)).toBe(true);

    const rewind = (name: string) =>
      teacher.rest<LabState>('POST', `/api/labs/${LAB}/rewind`, { stepId: name });
    const first = (await texts(teacher)).steps[0]!.id;
    expect(statesOf(await rewind(first))[0]).toBe('open');
    const { environments } = await teacher.rest<OwnEnvironments>('GET', '/api/environments');
    expect(environments.find(({ labId }) => labId === LAB)!.kept).toMatchObject([
      { id: stepId, what: 'afterLast', stepsPassed: length },
    ]);
    expect((await rewind(stepId)).steps.every(({ state }) => state === 'passed')).toBe(true);
    for (const one of [teacher, late!.person]) one.close();
  }, 180_000);
});
