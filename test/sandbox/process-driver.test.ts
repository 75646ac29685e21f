/** The driver for one person on their own machine: the same cell and agent, without namespaces. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProcessDriver } from '../../server/src/sandbox/process.ts';
import type { SandboxDriver } from '../../server/src/sandbox/sandbox.ts';
import { createTerminalHub } from '../../server/src/terminals/terminal-hub.ts';
import { PROGRAM_DIR, runIn } from '../support/cells.ts';
import { view } from '../support/viewer.ts';

const reason = existsSync(join(PROGRAM_DIR, 'cell/main.mjs')) ? undefined : 'dist/ is not built';
const BASE_PORT = 21_410;
const cell = { id: 'me', hostName: 'me', language: 'en' } as const;

describe.skipIf(reason !== undefined)(`without a sandbox ${reason ?? ''}`, () => {
  let driver: SandboxDriver;
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'brokerlab-process-'));
    driver = createProcessDriver({ dataDir, programDir: PROGRAM_DIR, basePort: BASE_PORT });
  });
  afterEach(async () => {
    await driver.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('says plainly that nothing is isolated', async () => {
    const report = await driver.probe();
    expect(driver.isolates).toBe(false);
    expect(report.usable).toBe(true);
    expect(report.checks[0]).toMatchObject({ name: 'isolation', state: 'degraded' });
  });

  it('a terminal, files and the cluster work', async () => {
    const open = await driver.open(cell);
    const hub = createTerminalHub({ cell: open, language: 'en' });
    const { id } = await hub.open({ cols: 80, rows: 24 });
    const viewer = view(hub, id);
    await viewer.waitFor(/[#$] $/);
    viewer.type('pwd; cluster status\r');
    await viewer.waitFor(join(dataDir, 'cells/me/home'));
    await open.cluster.ready();
    expect(await runIn(open, 'cluster')).toContain(`localhost:${BASE_PORT}`);
    await open.files.write('a.txt', 'x');
    expect(await runIn(open, 'cat a.txt')).toBe('x');
    hub.dispose();
  }, 30_000);

  it('a second environment at once is refused', async () => {
    await driver.open({ ...cell, brokers: 0 });
    await expect(driver.open({ ...cell, id: 'other', brokers: 0 })).rejects.toMatchObject({ code: 'limit' });
  });

  it('a port in use is named', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(BASE_PORT + 1, '127.0.0.1', resolve));
    await expect(driver.open(cell)).rejects.toThrow(`port ${BASE_PORT + 1} is in use`);
    server.close();
  });
});
