/** Quotas: set for everybody and for one, kept, in force from the next opening on, and nobody's but administrators' to set. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OwnEnvironments, Quotas } from '../../server/src/contract/main.ts';
import { codeOf, School, usable } from './class-room.ts';

let school: School;
beforeAll(async () => {
  if (usable) school = await School.open();
});
afterAll(() => school?.[Symbol.asyncDispose]());

const MEGABYTE = 1024 * 1024;
const nothing = { memoryMegabytes: null, cpus: null, diskMegabytes: null, environments: null };

describe.skipIf(!usable)(usable ? 'quotas' : 'quotas (skipped: no bwrap sandbox here)', () => {
  test('everybody’s, then one’s own, down to what the environment says it may use', async () => {
    const { teacher, trainees } = await school.room(['small']);
    const { name, person } = trainees[0]!;
    const put = (body: object) => school.admin.put('/api/admin/quotas', body);
    const forAll = { ...nothing, memoryMegabytes: 512, diskMegabytes: 1000 };
    await put({ name: null, quota: forAll }).expect(200);
    const own = { ...nothing, memoryMegabytes: 300, environments: 1, cpus: 1 };
    const set = (await put({ name: name.toUpperCase(), quota: own }).expect(200)).body as Quotas;
    expect(set.everybody).toEqual({ memoryMegabytes: 512, cpus: 2, diskMegabytes: 1000, environments: 3 });
    expect(set.people).toMatchObject([{ name, set: own }]);

    const mine = () => person.rest<OwnEnvironments>('GET', '/api/environments');
    await person.openLab('first-topic');
    const { environments, runningMax } = await mine();
    expect(runningMax).toBe(1);
    expect(environments[0]!.use).toMatchObject({
      memoryLimitBytes: 300 * MEGABYTE,
      diskLimitBytes: 1000 * MEGABYTE,
      cpus: 1,
    });
    const start = (labId: string) => person.rest('POST', `/api/labs/${labId}/environment/start`, {});
    expect(await codeOf(start('produce-consume'))).toBe('tooManyLabsOpen');
    await person.rest('POST', '/api/labs/first-topic/environment/stop', {});
    await start('produce-consume');

    // As everybody again, and everybody as the program has it.
    for (const whose of [name, null]) await put({ name: whose, quota: nothing }).expect(200);
    expect((await mine()).runningMax).toBe(3);
    const left = (await school.admin.get('/api/admin/quotas').expect(200)).body as Quotas;
    expect(left).toMatchObject({ people: [], everybody: { memoryMegabytes: 1024 } });

    await put({ name: 'nobody-of-that-name', quota: own }).expect(404);
    await put({ name: null, quota: { ...nothing, memoryMegabytes: 1 } }).expect(400);
    for (const one of [teacher, person]) {
      expect(await codeOf(one.rest('GET', '/api/admin/quotas'))).toBe('forbidden');
      expect(await codeOf(one.rest('PUT', '/api/admin/quotas', { name: null, quota: own }))).toBe(
        'forbidden',
      );
      one.close();
    }
  }, 60_000);
});
