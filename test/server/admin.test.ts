/** What administrators see of the whole server, and that nobody else does. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AdminOverview, AuditPage } from '../../server/src/contract/main.ts';
import { startTestServer, type TestServer } from './harness.ts';

let host: TestServer;
beforeAll(async () => {
  host = await startTestServer();
});
afterAll(() => host?.[Symbol.asyncDispose]());

test('the machine, room for more, and the log; for administrators only', async () => {
  const admin = await host.administrator();
  const overview = (await admin.get('/api/admin').expect(200)).body as AdminOverview;
  expect(overview.machine.memoryBytes).toBeGreaterThan(overview.machine.memoryAvailableBytes);
  expect(overview.machine.diskBytes).toBeGreaterThan(overview.machine.diskFreeBytes);
  expect(overview.forecast.roomFor).toBeGreaterThanOrEqual(0);
  expect(overview.environments).toEqual([]);
  await admin.post('/api/classes', { title: 'One' }).expect(200);
  const { entries } = (await admin.get('/api/admin/audit').expect(200)).body as AuditPage;
  expect(entries[0]).toMatchObject({ action: 'class.create', actor: { name: 'admin' } });
  const older = (await admin.get(`/api/admin/audit?before=${entries.at(-1)!.id}`).expect(200))
    .body as AuditPage;
  expect(older.entries).toEqual([]);
  await admin.post('/api/admin/environments/nobody/first-topic/stop', {}).expect(204);

  const guest = host.client();
  await guest.post('/api/session/try-here', {}).expect(200);
  for (const path of ['/api/admin', '/api/admin/audit']) await guest.get(path).expect(403);
  await guest.post('/api/admin/environments/x/first-topic/stop', {}).expect(403);
  await host.client().get('/api/admin').expect(401);
});
