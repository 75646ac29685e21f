/** Each limit is met on purpose: it holds, it is explained, and the box is of use afterwards. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Cell, CellLimits, LimitMet } from '../../server/src/sandbox/sandbox.ts';
import { createTerminalHub } from '../../server/src/terminals/terminal-hub.ts';
import { createTestCells, runIn, type TestCells, whyNoCells } from '../support/cells.ts';
import { eventually } from '../support/eventually.ts';
import { view } from '../support/viewer.ts';

const reason = whyNoCells();
const MEGABYTE = 1024 * 1024;

describe.skipIf(reason !== undefined)(`limits of a box ${reason ?? ''}`, () => {
  let cells: TestCells;
  beforeEach(async () => {
    cells = await createTestCells();
  });
  afterEach(() => cells[Symbol.asyncDispose]());

  async function open(limits: Partial<CellLimits>): Promise<{ cell: Cell; met: LimitMet[] }> {
    const cell = await cells.open('limited', { limits });
    const met: LimitMet[] = [];
    cell.onLimit((limit) => met.push(limit));
    return { cell, met };
  }

  it('ends a fork bomb, says so in the terminal, and the shell goes on', async () => {
    const { cell, met } = await open({ processes: 120 });
    const neighbour = await cells.open('neighbour');
    const hub = createTerminalHub({ cell, language: 'ko' });
    const { id } = await hub.open({ cols: 100, rows: 30 });
    const viewer = view(hub, id);
    await viewer.waitFor('$ ');
    viewer.type('bomb() { bomb | bomb & }; bomb 2>/dev/null\r');
    await viewer.waitFor('프로세스가 계속 한도(120개)까지 늘어나서', 20_000);
    expect(met.map(({ what }) => what)).toContain('processes');
    expect(await runIn(neighbour, 'echo fine')).toBe('fine');
    viewer.type('echo alive-$((1))\r');
    await viewer.waitFor('alive-1', 20_000);
    await eventually(async () => expect((await cell.usage()).processes).toBeLessThan(60), {
      timeoutMs: 20_000,
    });
    hub.dispose();
  }, 90_000);

  it('ends the biggest program when all together take too much memory', async () => {
    const { cell, met } = await open({ memoryBytes: 200 * MEGABYTE });
    const hog = 'node -e "const all=[];setInterval(()=>all.push(Buffer.alloc(8<<20,1)),20)"; echo ended $?';
    expect(await runIn(cell, hog, 30_000)).toContain('ended 137');
    await eventually(() => expect(met[0]?.what).toBe('memory'));
    expect(met[0]?.message.en).toMatch(/memory limit of 200 MB.*'node'/);
  }, 60_000);

  it('stops a program that fills the home, and lets files be deleted', async () => {
    const { cell, met } = await open({ homeBytes: 40 * MEGABYTE });
    const fill =
      'for i in $(seq 500); do [ -e stop ] && break; dd if=/dev/zero of=full$i bs=1M count=2 2>/dev/null || break; sleep 0.02; done';
    const filling = runIn(cell, fill, 30_000);
    await eventually(() => expect(met[0]?.what).toBe('home'), { timeoutMs: 30_000 });
    expect(met[0]?.message.ko).toContain('홈 폴더가 한도(40 MB)를 넘었어요');
    await expect(cell.files.write('new.txt', 'x')).rejects.toMatchObject({ code: 'noSpace' });
    // Emptying works however full it is.
    await runIn(cell, 'touch stop; rm -f full*');
    await eventually(() => cell.files.write('new.txt', 'x'), { timeoutMs: 20_000 });
    await filling;
  }, 90_000);

  it('bounds one file, the temporary folder and open files by the kernel', async () => {
    const { cell } = await open({ fileBytes: 5 * MEGABYTE, temporaryBytes: 8 * MEGABYTE, openFiles: 64 });
    expect(await runIn(cell, 'head -c 10000000 /dev/zero > big 2>&1; stat -c %s big')).toContain(
      String(5 * MEGABYTE),
    );
    expect(await runIn(cell, 'for i in 1 2 3; do head -c 4000000 /dev/zero > /tmp/$i; done 2>&1')).toMatch(
      /No space left/,
    );
    expect(await runIn(cell, 'ulimit -n')).toBe('64');
  });

  it('makes a program that takes a core to itself yield to the others', async () => {
    const { cell } = await open({});
    void runIn(cell, 'timeout 80 bash -c "while :; do :; done"', 85_000).catch(() => undefined);
    const priority = 'ps -o ni= -p $(pgrep -f "^bash -c while") | tr -d " "';
    await eventually(async () => expect(await runIn(cell, priority)).toBe('15'), {
      timeoutMs: 70_000,
      everyMs: 500,
    });
  }, 90_000);
});
