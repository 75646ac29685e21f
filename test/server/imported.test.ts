/** An imported scenario in the room: its scripts run in the box, its verify script decides, and earns no points. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Course, LabContent, LabState } from '../../server/src/contract/main.ts';
import { openCatalog } from '../../server/src/grading/grader.ts';
import { createBwrapDriver } from '../../server/src/sandbox/main.ts';
import { ROOT, runLabs } from '../grader/cli/run-labs.ts';
import { eventually } from '../support/eventually.ts';
import { Trainee } from '../support/trainee.ts';
import { PROGRAM_DIRECTORY, startTestServer, type TestServer } from './harness.ts';

const LAB = 'shopping-list';
const scratch = mkdtempSync(join(tmpdir(), 'brokerlab-imported-'));
const driverFor = (dataDir: string) => createBwrapDriver({ dataDir, programDir: PROGRAM_DIRECTORY });
const probe = await driverFor(scratch).probe();
const suite = probe.usable ? 'an imported lab' : 'an imported lab (skipped: no bwrap sandbox here)';

let host: TestServer;

beforeAll(async () => {
  if (!probe.usable) return;
  const labs = join(scratch, 'labs');
  cpSync(join(ROOT, 'test/support/empty-course'), labs, { recursive: true });
  const scenario = join(ROOT, 'test/support/scenario');
  expect(await runLabs(['import', scenario, '--labs', labs, '--id', LAB])).toMatchObject({ exitCode: 0 });
  host = await startTestServer({ createDriver: driverFor, catalog: openCatalog(labs) });
});
afterAll(async () => {
  await host?.[Symbol.asyncDispose]();
  rmSync(scratch, { recursive: true, force: true });
});

describe.skipIf(!probe.usable)(suite, () => {
  test('runs, is marked, and passes by its script without points', { timeout: 180_000 }, async () => {
    const trainee = await Trainee.tryHere(host.url);
    const course = await trainee.rest<Course>('GET', '/api/labs');
    expect(course.labs[0]).toMatchObject({ id: LAB, imported: true });
    const content = await trainee.rest<LabContent>('GET', `/api/labs/${LAB}`);
    expect(content.imported).toBe(true);
    expect(content.steps[0]?.checks[0]).toMatchObject({ id: 'verify-1', inBox: true });

    await trainee.connect();
    const [open] = await trainee.openLab(LAB);
    const terminal = await trainee.terminal(open);
    const first = async () => (await trainee.labState(LAB)).steps[0]!;
    await eventually(async () => expect((await first()).state).toBe('open'), { timeoutMs: 60_000 });
    const check = async () =>
      (await trainee.rest<LabState>('POST', `/api/labs/${LAB}/checks/verify-1/run`)).steps[0]!.checks[0]!;
    const before = await check();
    expect(before).toMatchObject({ verdict: 'notYet', points: 0, pointsMax: 0 });
    expect(before.message?.en).toContain('no milk on the list');

    await terminal.run('bash ~/.scenario/step-1-foreground.sh && echo milk > ~/list', { timeoutMs: 30_000 });
    expect(await check()).toMatchObject({ verdict: 'passed', points: 0, pointsMax: 0 });
    await eventually(async () => expect((await first()).state).toBe('passed'), { timeoutMs: 30_000 });
  });
});
