/** What a lab says happens, happens in a trainee's cell: faults, load, files, a second cluster, programs tried. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Solution } from '../../server/src/contract/main.ts';
import { openCatalog } from '../../server/src/grading/grader.ts';
import { createBwrapDriver } from '../../server/src/sandbox/main.ts';
import { eventually } from '../support/eventually.ts';
import { Trainee } from '../support/trainee.ts';
import { PROGRAM_DIRECTORY, startTestServer, type TestServer } from './harness.ts';

const LAB = 'workshop';
const scratch = mkdtempSync(join(tmpdir(), 'brokerlab-probe-'));
const driverFor = (dataDir: string) => createBwrapDriver({ dataDir, programDir: PROGRAM_DIRECTORY });
const probe = await driverFor(scratch).probe();
const suite = probe.usable ? 'a lab that acts' : 'a lab that acts (skipped: no bwrap sandbox here)';

let host: TestServer;

beforeAll(async () => {
  if (!probe.usable) return;
  const catalog = openCatalog(join(import.meta.dirname, '../support/course'));
  host = await startTestServer({ createDriver: driverFor, catalog });
});
afterAll(async () => {
  await host?.[Symbol.asyncDispose]();
  rmSync(scratch, { recursive: true, force: true });
});

describe.skipIf(!probe.usable)(suite, () => {
  test('opens each step as it says, and passes by its solution', { timeout: 240_000 }, async () => {
    const trainee = await Trainee.tryHere(host.url);
    await trainee.connect();
    const [open] = await trainee.openLab(LAB);
    const terminal = await trainee.terminal(open);
    for (const stepId of ['mend', 'load', 'program', 'copy']) {
      const verdicts = async () => {
        const state = await trainee.labState(LAB);
        const step = state.steps.find(({ id }) => id === stepId)!;
        return {
          state: step.state,
          checks: step.checks.map(({ id, verdict, message }) => [id, verdict, message?.en]),
        };
      };
      await eventually(async () => expect(await verdicts()).toMatchObject({ state: 'open' }), {
        timeoutMs: 30_000,
      });
      const { commands } = await trainee.rest<Solution>('POST', `/api/labs/${LAB}/steps/${stepId}/solution`);
      for (const { command } of commands) await terminal.run(command, { timeoutMs: 90_000 });
      await eventually(
        async () => expect(await verdicts()).toEqual({ state: 'passed', checks: expect.anything() }),
        {
          timeoutMs: 30_000,
        },
      );
    }
  });
});
