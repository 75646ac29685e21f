import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Terminal } from '../../../grader/src/cli/terminal.ts';
import { openTerminal } from '../../../grader/src/cli/terminal.ts';

const home = mkdtempSync(join(tmpdir(), 'labs-terminal-'));
const signal = new AbortController().signal;
let terminal: Terminal;

beforeAll(async () => {
  terminal = await openTerminal({ tools: '/nowhere', home, environment: process.env });
});
afterAll(() => {
  terminal?.close();
  rmSync(home, { recursive: true, force: true });
});

const type = (command: string, timeoutMs = 10_000) => terminal.type(command, { timeoutMs, signal });

describe('a terminal for proofs', () => {
  it('tells what a command printed, and how it ended', async () => {
    expect(await type('echo hello; false')).toEqual({
      command: 'echo hello; false',
      exitCode: 1,
      output: 'hello\n',
    });
    expect((await type('tty')).output).toMatch(/^\/dev\//);
  });

  it('takes Korean, long lines and several lines', async () => {
    expect((await type("printf '%s\\n' '안녕하세요, 반갑습니다'")).output).toBe('안녕하세요, 반갑습니다\n');
    const long = 'x'.repeat(1500);
    expect((await type(`printf %s ${long} | wc -c`)).output.trim()).toBe('1500');
    expect((await type('cat <<END\none\ntwo\nEND')).output).toContain('one\ntwo\n');
  });

  it('keeps the end of a flood', async () => {
    const { output } = await type('seq 100000');
    expect(output.length).toBeLessThanOrEqual(64 * 1024);
    expect(output.trimEnd().endsWith('100000')).toBe(true);
  });

  it('does not wait for ever', async () => {
    const other = await openTerminal({ tools: '/nowhere', home, environment: process.env });
    const waiting = other.type('cat', { timeoutMs: 300, signal });
    await expect(waiting).rejects.toThrow('This command did not end: cat within 0.3 s.');
    other.close();
  });
});
