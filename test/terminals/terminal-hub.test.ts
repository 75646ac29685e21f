import headless from '@xterm/headless';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Cell, TerminalCommand } from '../../server/src/sandbox/sandbox.ts';
import type { TerminalHub } from '../../server/src/terminals/hub.ts';
import { createTerminalHub } from '../../server/src/terminals/terminal-hub.ts';
import { createTestCells, type TestCells, whyNoCells } from '../support/cells.ts';
import { eventually } from '../support/eventually.ts';
import { view } from '../support/viewer.ts';

const reason = whyNoCells();
const PROMPT = /trainee-07.*\$/;

/** The lines a window shows that was given this snapshot. */
async function drawnLines(snapshot: string, size: { cols: number; rows: number }): Promise<string[]> {
  const terminal = new headless.Terminal({ ...size, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(snapshot, resolve));
  const lines = Array.from({ length: size.rows }, (_, row) => terminal.buffer.active.getLine(row));
  terminal.dispose();
  return lines.map((line) => line?.translateToString(true) ?? '');
}

describe.skipIf(reason !== undefined)(`terminals of a real box ${reason ?? ''}`, () => {
  let cells: TestCells;
  let cell: Cell;
  let hub: TerminalHub;
  beforeAll(async () => {
    cells = await createTestCells();
    cell = await cells.open('terminals');
    hub = createTerminalHub({ cell, language: 'ko' });
  });
  afterAll(async () => {
    hub?.dispose();
    await cells?.[Symbol.asyncDispose]();
  });

  afterEach(() => {
    for (const { id } of hub.list()) hub.close(id);
  });

  async function openTerminal(size = { cols: 80, rows: 24 }) {
    const { id } = await hub.open(size);
    const viewer = view(hub, id);
    await viewer.waitFor(PROMPT);
    return { id, viewer };
  }

  it('take input and print Korean as it was typed', async () => {
    const { viewer } = await openTerminal();
    viewer.type('echo "카프카 $((40 + 2))"\r');
    await viewer.waitFor('\r카프카 42\r\n');
  });

  it('delete a whole Korean letter, two columns wide, by one backspace', async () => {
    const { viewer } = await openTerminal();
    viewer.type('echo 가나\x7f다\r');
    await viewer.waitFor('\r가다\r\n');
  });

  it('draw Korean two columns wide in a snapshot, as the box counts it', async () => {
    const { id, viewer } = await openTerminal({ cols: 20, rows: 5 });
    // 9 letters of 2 columns, then one that no longer fits into 20 columns after the x.
    viewer.type("clear; printf '가나다라마바사아자x차카'\r");
    await viewer.waitFor('차카');
    await eventually(async () => {
      const lines = await drawnLines(view(hub, id).text(), { cols: 20, rows: 5 });
      expect(lines.slice(0, 2)).toEqual(['가나다라마바사아자x', expect.stringMatching(/^차카/)]);
    });
  });

  it('tell the running program their size when a window is resized', async () => {
    const { viewer } = await openTerminal();
    viewer.attachment.resize(132, 43);
    viewer.type('stty size\r');
    await viewer.waitFor('43 132');
  });

  it('are shown to a second window as they are, and live in both from then on', async () => {
    const { id, viewer } = await openTerminal();
    viewer.type('echo one-$((1))\r');
    await viewer.waitFor('\rone-1');
    const second = view(hub, id);
    await second.waitFor('one-1');
    viewer.type('echo two-$((2))\r');
    await second.waitFor('\rtwo-2');
    second.type('echo three-$((3))\r');
    await viewer.waitFor('\rthree-3');
  });

  it('give a reconnecting window exactly the bytes it lacks', async () => {
    const { id, viewer } = await openTerminal();
    viewer.type('echo before-$((1))\r');
    await viewer.waitFor('before-1');
    const { offset } = viewer;
    viewer.detach();
    const other = view(hub, id);
    other.type('echo missed-$((2))\r');
    await other.waitFor('missed-2');
    const again = view(hub, id, { fromOffset: offset });
    expect(again.attachment.start.kind).toBe('missing');
    await again.waitFor('missed-2');
    expect(again.text()).not.toContain('before-1');
  });

  it('take numbered input once, however often a window sends it', async () => {
    const { id, viewer } = await openTerminal();
    viewer.attachment.input(1, Buffer.from('echo on'));
    viewer.attachment.input(2, Buffer.from('ce-'));
    viewer.detach();
    const again = view(hub, id, { id: 'same' });
    again.attachment.input(1, Buffer.from('$((1))'));
    again.attachment.input(1, Buffer.from('$((1))'));
    again.attachment.input(2, Buffer.from('\r'));
    await again.waitFor('\ronce-1\r\n');
    const reconnected = view(hub, id, { id: 'same' });
    expect(reconnected.attachment.inputSequence).toBe(2);
  });

  it('hold a program whose output nobody draws, and answer Ctrl-C at once all the same', async () => {
    const { viewer } = await openTerminal();
    viewer.acknowledging = false;
    viewer.type('yes 넘치는출력\r');
    await eventually(() => expect(viewer.offset).toBeGreaterThan(100_000));
    await eventually(async () => {
      const one = viewer.offset;
      await new Promise((resolve) => setImmediate(resolve));
      expect(viewer.offset).toBe(one);
    });
    expect(viewer.offset).toBeLessThan(1024 * 1024);
    viewer.acknowledging = true;
    viewer.type('\x03');
    viewer.attachment.acknowledge(viewer.offset);
    viewer.type('echo alive-$((1))\r');
    await viewer.waitFor('alive-1', 3_000);
  });

  it('keep a bounded scrollback of a flood, and go on', async () => {
    const { id, viewer } = await openTerminal();
    viewer.type('seq 1 60000; echo done-$((1))\r');
    await viewer.waitFor('done-1', 20_000);
    await eventually(() => {
      const fresh = view(hub, id);
      expect(fresh.text()).toContain('60000');
      expect(fresh.text().length).toBeLessThan(100_000);
      fresh.detach();
    });
  });

  it('report each command line with its exit code and the end of its output', async () => {
    const commands: TerminalCommand[] = [];
    const end = cell.onCommand((command) => commands.push(command));
    const { id, viewer } = await openTerminal();
    viewer.type('echo "$((6 * 7)) 개"; (exit 3)\r');
    const command = await eventually(() => {
      const found = commands.find(({ terminal }) => terminal === id);
      if (found === undefined) throw new Error('not reported');
      return found;
    });
    expect(command).toMatchObject({
      command: 'echo "$((6 * 7)) 개"; (exit 3)',
      exitCode: 3,
      output: '42 개\n',
    });
    end();
  });

  it('say nothing of an empty line', async () => {
    const commands: string[] = [];
    const end = cell.onCommand(({ command }) => commands.push(command));
    const { viewer } = await openTerminal();
    viewer.type('\r\r\rtrue\r');
    await eventually(() => expect(commands).toContain('true'));
    expect(commands).toEqual(['true']);
    end();
  });

  it('end when their shell does', async () => {
    const { id, viewer } = await openTerminal();
    viewer.type('exit 4\r');
    await eventually(() =>
      expect(viewer.outputs.at(-1)).toEqual({ kind: 'ended', terminalId: id, exitCode: 4 }),
    );
    expect(hub.list().find((terminal) => terminal.id === id)?.state).toBe('ended');
  });

  it('come back with a new shell, their scrollback and a word about it when the box is restarted', async () => {
    const { viewer } = await openTerminal();
    viewer.type('echo kept-$((1)) | tee kept.txt\r');
    await viewer.waitFor('\rkept-1');
    await cell.restartBox();
    await viewer.waitFor('환경을 다시 시작했어요');
    viewer.type('cat kept.txt; echo new-$((2))\r');
    await viewer.waitFor('new-2');
    expect(viewer.text().match(/\rkept-1/g)).toHaveLength(2);
  });
});
