/** Backup of a server that runs, or was killed, and restore into another folder: everything is there again. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Solution } from '../../server/src/contract/main.ts';
import { accountsFor } from '../e2e/room.ts';
import { whyNoCells } from '../support/cells.ts';
import { eventually } from '../support/eventually.ts';
import { runCommand } from '../support/run-command.ts';
import { ROOT, type ServerProcess, startServer } from '../support/server-process.ts';
import { Trainee } from '../support/trainee.ts';

const LAB = 'first-topic';
const reason = whyNoCells();
const PROGRAM = join(ROOT, 'dist/server/backup/main.mjs');
const run = (...args: string[]) => runCommand(process.execPath, [PROGRAM, ...args], { timeoutMs: 60_000 });

describe.skipIf(reason !== undefined)(`backup and restore ${reason ?? ''}`, () => {
  let folder: string;
  let server: ServerProcess;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'brokerlab-backup-test-'));
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('bring back accounts, progress, files and topics, taken while the lab is open', async () => {
    server = await startServer();
    const [who] = await accountsFor(server, 1);
    const before = await Trainee.signIn(server.url, who!.name, who!.password);
    await before.connect();
    await before.openLab(LAB);
    const terminal = await before.terminal();
    await terminal.run('echo kept > kept.txt');
    const step = (await before.labState(LAB)).steps[0]!;
    const { commands } = await before.rest<Solution>(
      'POST',
      `/api/labs/${LAB}/steps/${step.id}/solution`,
      {},
    );
    for (const { command } of commands) await terminal.run(command);
    await eventually(async () => expect((await before.labState(LAB)).steps[0]!.state).toBe('passed'));

    const file = join(folder, 'backup.tar.gz');
    const saved = await run('backup', file, '--data', server.dataDir);
    expect(saved).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Saved') });
    before.close();
    await server.kill();
    const killed = await run('backup', join(folder, 'killed.tar.gz'), '--data', server.dataDir);
    expect(killed.exitCode).toBe(0);

    const dataDir = join(folder, 'restored');
    expect(await run('restore', file, '--data', dataDir)).toMatchObject({ exitCode: 0 });
    const again = await run('restore', file, '--data', dataDir);
    expect(again).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('holds a Brokerlab already'),
    });

    rmSync(server.dataDir, { recursive: true, force: true });
    server = await startServer({ dataDir });
    const after = await Trainee.signIn(server.url, who!.name, who!.password);
    await after.connect();
    await after.openLab(LAB);
    expect((await after.labState(LAB)).steps[0]!.state).toBe('passed');
    const view = await after.terminal();
    expect(await view.run('cat kept.txt')).toContain('kept');
    const topic = /--topic (\S+)/.exec(commands.map(({ command }) => command).join(' '))![1]!;
    expect(await view.run('kafka-topics.sh --bootstrap-server localhost:9092 --list')).toContain(topic);
    after.close();
  }, 120_000);

  test('say what is wrong in one sentence', async () => {
    const wrong = join(folder, 'wrong.tar.gz');
    writeFileSync(wrong, 'no archive');
    const empty = join(folder, 'empty');
    expect((await run('restore', wrong, '--data', empty)).stderr).toBe(
      `${wrong} is not a backup of Brokerlab.\n`,
    );
    expect((await run('restore', join(folder, 'none'), '--data', empty)).stderr).toContain(
      'There is no file',
    );
    expect((await run('backup', join(folder, 'x'), '--data', empty)).stderr).toContain(
      'There is no Brokerlab data',
    );
    expect((await run('backup')).stderr).toContain('Usage:');
  }, 60_000);
});
