/** Opening, restarting, resetting, removing; and what remains when the server is killed. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CellState } from '../../server/src/sandbox/sandbox.ts';
import { createTestCells, PROGRAM_DIR, runIn, type TestCells, whyNoCells } from '../support/cells.ts';
import { eventually } from '../support/eventually.ts';

const reason = whyNoCells();
const asRoot = process.getuid?.() === 0;

describe.skipIf(reason !== undefined)(`cells ${reason ?? ''}`, () => {
  let cells: TestCells;
  beforeAll(async () => {
    cells = await createTestCells();
  });
  afterAll(() => cells?.[Symbol.asyncDispose]());

  it('are found usable by the probe, with each check named', async () => {
    const report = await cells.driver.probe();
    expect(report.usable).toBe(true);
    expect(report.checks.map(({ name }) => name)).toEqual([
      ...['platform', 'bubblewrap', 'users', 'program', 'namespaces', 'proc', 'nesting', 'system-calls'],
      'cgroups',
    ]);
    for (const check of report.checks) if (check.state !== 'ok') expect(check.advice.ko).not.toBe('');
  });

  it('keep home and shell history when closed and opened again', async () => {
    const first = await cells.open('again');
    await runIn(first, 'echo kept > kept.txt');
    await first.close();
    expect(first.state.kind).toBe('closed');
    const second = await cells.open('again');
    expect(await runIn(second, 'cat kept.txt')).toBe('kept');
    await second.close();
  });

  it('are refused a second time while open, and to be removed', async () => {
    const cell = await cells.open('once');
    await expect(cells.open('once')).rejects.toMatchObject({ code: 'exists' });
    await expect(cells.driver.remove('once')).rejects.toMatchObject({ code: 'exists' });
    await cell.close();
  });

  it('restart a box in which the agent itself is stopped', async () => {
    const cell = await cells.open('wedged');
    await runIn(cell, 'echo kept > kept.txt');
    const states: CellState[] = [];
    cell.onState((state) => states.push(state));
    await cell
      .exec({ command: 'kill -STOP $PPID', timeoutMs: 300, outputBytesMax: 10 })
      .catch(() => undefined);
    await cell.restartBox();
    expect(states).toEqual([{ kind: 'restarting', reason: 'asked' }, { kind: 'ready' }]);
    expect(await runIn(cell, 'cat kept.txt')).toBe('kept');
    await cell.close();
  });

  it('are empty after a reset, whatever permissions were set in them', async () => {
    const cell = await cells.open('reset');
    await runIn(
      cell,
      'mkdir -p closed/inner; echo x > closed/inner/file; chmod 000 closed; echo y > .hidden',
    );
    await cell.reset();
    expect((await cell.files.tree()).entries.filter(({ path }) => path !== 'kafka')).toEqual([]);
    expect(await runIn(cell, 'ls -A | grep -v kafka')).toBe('');
    await cell.close();
  });

  it('leave nothing when removed, whatever permissions were set in them', async () => {
    const cell = await cells.open('removed');
    await runIn(cell, 'mkdir -p closed; echo x > closed/file; chmod 000 closed');
    await cell.close();
    await cells.driver.remove('removed');
    expect(existsSync(join(cells.dataDir, 'cells/removed'))).toBe(false);
  });

  it('refuse ids that are no names of folders', async () => {
    for (const id of ['', '..', 'a/b', 'A', '-a', 'a'.repeat(41)]) {
      await expect(cells.open(id)).rejects.toMatchObject({ code: 'badRequest' });
    }
  });

  it('answer `lab` by the server, with its exit code', async () => {
    const cell = await cells.open('lab');
    cell.onLabCommand(async ({ arguments: words, language }) => ({
      text: `${language}: ${words.join('|')}\n`,
      exitCode: 7,
    }));
    expect(await runIn(cell, "lab check 'step 1' 한글; echo $?")).toBe('en: check|step 1|한글\n7');
    expect(await runIn(cell, 'LC_ALL=ko_KR.UTF-8 lab 2>/dev/null')).toBe('ko:');
    expect(await runIn(cell, 'BROKERLAB_AGENT= lab; BROKERLAB_AGENT=1:x cluster; echo $?')).toBe(
      '1\nlab: no answer; open a new terminal\ncluster: no answer; open a new terminal',
    );
    await cell.close();
  });

  it('take file contents exactly, and refuse a save over what someone else saved', async () => {
    const cell = await cells.open('files');
    const content = '줄 1\r\n\ttab\n끝';
    const { version } = await cell.files.write('앱/index.ts', content);
    expect(await cell.files.read('앱/index.ts')).toEqual({ content, version });
    await runIn(cell, 'echo changed > 앱/index.ts');
    await expect(cell.files.write('앱/index.ts', 'z', { expectedVersion: version })).rejects.toMatchObject({
      code: 'changed',
    });
    await expect(cell.files.write('앱/index.ts', 'z', { expectedVersion: null })).rejects.toMatchObject({
      code: 'exists',
    });
    await runIn(cell, 'head -c 100 /dev/urandom > binary; head -c 2000000 /dev/zero > large; mkfifo pipe');
    await expect(cell.files.read('binary')).rejects.toMatchObject({ code: 'notText' });
    await expect(cell.files.read('large')).rejects.toMatchObject({ code: 'tooLarge' });
    await expect(cell.files.read('pipe')).rejects.toMatchObject({ code: 'notAFile' });
    await cell.close();
  });

  it('tell when a file changes', async () => {
    const cell = await cells.open('watch');
    const folders = new Set<string>();
    cell.files.onChange((changed) => {
      for (const folder of changed) folders.add(folder);
    });
    await runIn(cell, 'mkdir -p src');
    await cell.files.tree();
    await eventually(async () => {
      await runIn(cell, 'date +%N > src/a.txt');
      expect([...folders]).toContain('src');
    });
    await cell.close();
  });
});

describe.skipIf(reason !== undefined)(`a server that is killed ${reason ?? ''}`, () => {
  for (const user of asRoot ? ['root', 'an ordinary user'] : ['an ordinary user']) {
    it(`leaves no process behind, started as ${user}`, async () => {
      const dataDir = await mkdtemp(join(tmpdir(), 'brokerlab-killed-'));
      const marker = String(700_000 + Math.floor(Math.random() * 99_999));
      const script = join(import.meta.dirname, '../support/cell-holder.mjs');
      const ordinary = asRoot && user !== 'root';
      if (ordinary) await chown(dataDir, 61_234, 61_234);
      const child = spawn(
        process.execPath,
        ['--import', import.meta.resolve('tsx'), script, PROGRAM_DIR, dataDir, marker],
        { stdio: ['ignore', 'pipe', 'inherit'], ...(ordinary ? { uid: 61_234, gid: 61_234 } : {}) },
      );
      await new Promise<void>((resolve, reject) => {
        child.stdout.once('data', () => resolve());
        child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
      });
      expect(running(`sleep\0${marker}`)).toBe(1);
      child.kill('SIGKILL');
      await eventually(() => expect(running(`sleep\0${marker}`)).toBe(0), { timeoutMs: 5_000 });
      await rm(dataDir, { recursive: true, force: true });
    }, 30_000);
  }
});

function running(start: string): number {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'latin1').startsWith(start);
    } catch {
      return false;
    }
  }).length;
}
