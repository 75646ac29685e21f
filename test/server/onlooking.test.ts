/** What the staff sees of a trainee's lab: cluster map and wire, live and read-only; and that nobody else sees it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MapState, WireEntry, WireFilter } from '../../server/src/contract/main.ts';
import { Trainee } from '../support/trainee.ts';
import { codeOf, LAB, School, soon, usable } from './class-room.ts';
import { PASSWORD } from './harness.ts';

const ALL: WireFilter = { apis: [], clientId: '', topic: '', brokers: false, own: false };
const bootstrap = '--bootstrap-server localhost:9092';
let school: School;

beforeAll(async () => {
  if (usable) school = await School.open();
});
afterAll(() => school?.[Symbol.asyncDispose]());

interface Seen {
  readonly maps: MapState[];
  readonly wire: WireEntry[];
}
function seenBy(person: Trainee): Seen {
  const seen: Seen = { maps: [], wire: [] };
  person.onMessage((message) => {
    if (message.type === 'map' && message.update.kind === 'whole') seen.maps.push(message.update.state);
    if (message.type === 'wire') seen.wire.push(...message.update.entries);
  });
  return seen;
}

const suite = usable ? 'who looks on' : 'who looks on (skipped: no bwrap sandbox here)';

describe.skipIf(!usable)(suite, () => {
  test('staff and administrators see the trainee’s map and wire live, and change nothing there', async () => {
    const { id, teacher, trainees } = await school.room(['seen', 'other']);
    const [one, other] = trainees;
    const [terminal] = await one!.person.openLab(LAB);
    const view = await one!.person.terminal(terminal);
    const admin = await Trainee.signIn(school.host.url, 'admin', PASSWORD);
    await admin.connect();
    for (const staff of [teacher, admin]) {
      const seen = seenBy(staff);
      const look = { type: 'class.openTrainee', classId: id, accountId: one!.id, labId: LAB } as const;
      const { lab } = await staff.send(look);
      expect(lab.steps.length).toBeGreaterThan(0);
      await staff.send({ type: 'map.watch', on: true });
      await staff.send({ type: 'wire.watch', filter: { ...ALL, topic: 'private' } });
      await view.run(
        `kafka-topics.sh ${bootstrap} --create --if-not-exists --topic private-orders --partitions 2`,
      );
      await soon(() => expect(seen.maps.length).toBeGreaterThan(0));
      const exchange = await soon(() => {
        const found = seen.wire.find(({ api }) => api === 'CreateTopics');
        expect(found).toBeDefined();
        return found!;
      });
      expect((await staff.send({ type: 'wire.read', id: exchange.id })).request.fields).not.toEqual([]);
      expect(await codeOf(staff.send({ type: 'terminal.open', cols: 80, rows: 24 }))).toBe('readOnly');
      expect(await codeOf(staff.send({ type: 'terminal.close', terminalId: terminal!.id }))).toBe('readOnly');
      const input = { terminalId: terminal!.id, sequence: 1, data: 'echo no\r' };
      expect(await codeOf(staff.send({ type: 'terminal.input', ...input }))).toBe('readOnly');
      await staff.send({ type: 'lab.leave' });
      expect(await codeOf(staff.send({ type: 'map.watch', on: true }))).toBe('environmentNotReady');
      expect(await codeOf(staff.send({ type: 'wire.watch', filter: ALL }))).toBe('environmentNotReady');
    }

    // Neither another trainee nor an instructor of another class, and not by what they have open themselves.
    const stranger = await school.staff('stranger');
    for (const intruder of [other!.person, stranger]) {
      const seen = seenBy(intruder);
      const look = { type: 'class.openTrainee', classId: id, accountId: one!.id, labId: LAB } as const;
      expect(['classNotFound', 'forbidden']).toContain(await codeOf(intruder.send(look)));
      expect(await codeOf(intruder.send({ type: 'map.watch', on: true }))).toBe('environmentNotReady');
      expect(await codeOf(intruder.send({ type: 'map.history' }))).toBe('environmentNotReady');
      expect(await codeOf(intruder.send({ type: 'wire.watch', filter: ALL }))).toBe('environmentNotReady');
      await intruder.openLab(LAB);
      await intruder.send({ type: 'map.watch', on: true });
      await intruder.send({ type: 'wire.watch', filter: { ...ALL, own: true } });
      expect(['classNotFound', 'forbidden']).toContain(await codeOf(intruder.send(look)));
      await view.run(`echo secret | kafka-console-producer.sh ${bootstrap} --topic private-orders`);
      await soon(() => expect(seen.maps.length).toBeGreaterThan(0));
      expect(JSON.stringify(seen)).not.toContain('private-orders');
      expect(['classNotFound', 'forbidden', 'notFound']).toContain(
        await codeOf(intruder.rest('GET', `/api/labs/${LAB}/console/main?trainee=${one!.id}`)),
      );
    }
    for (const person of [teacher, admin, stranger, one!.person, other!.person]) person.close();
  });

  test('who looks on does not change which cluster the trainee’s inspector shows', async () => {
    const { id, teacher, trainees } = await school.room(['tapped']);
    const [one] = trainees;
    await one!.person.openLab(LAB);
    const clusters: (string | null)[] = [];
    one!.person.onMessage((message) => {
      if (message.type === 'wire') clusters.push(message.cluster);
    });
    await one!.person.send({ type: 'wire.watch', filter: { ...ALL, own: true, brokers: true } });
    await teacher.send({ type: 'class.openTrainee', classId: id, accountId: one!.id, labId: LAB });
    await teacher.send({ type: 'wire.watch', filter: { ...ALL, cluster: 'elsewhere', own: true } });
    await soon(() => expect(clusters.length).toBeGreaterThan(0));
    expect(new Set(clusters)).toEqual(new Set([null]));
    for (const person of [teacher, one!.person]) person.close();
  });
});
