/** The shell a trainee types into: tools, help with slips, completion, history, packages. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Cell } from '../../server/src/sandbox/sandbox.ts';
import type { TerminalHub } from '../../server/src/terminals/hub.ts';
import { createTerminalHub } from '../../server/src/terminals/terminal-hub.ts';
import { createTestCells, PROGRAM_DIR, runIn, type TestCells, whyNoCells } from '../support/cells.ts';
import { view } from '../support/viewer.ts';

const reason =
  whyNoCells() ??
  (existsSync(join(PROGRAM_DIR, 'tools/bin/kafka-topics.sh')) ? undefined : 'dist/tools is not built');

describe.skipIf(reason !== undefined)(`the shell ${reason ?? ''}`, () => {
  let cells: TestCells;
  let cell: Cell;
  let hub: TerminalHub;
  beforeAll(async () => {
    cells = await createTestCells();
    cell = await cells.open('shell', { language: 'ko' });
    hub = createTerminalHub({ cell, language: 'ko' });
  });
  afterAll(async () => {
    hub?.dispose();
    await cells?.[Symbol.asyncDispose]();
  });
  afterEach(() => {
    for (const { id } of hub.list()) hub.close(id);
  });

  async function openTerminal() {
    const { id } = await hub.open({ cols: 160, rows: 40 });
    const viewer = view(hub, id);
    await viewer.waitFor('$ ');
    return viewer;
  }

  it('finds the tools from anywhere, and in the bin folder as the course types them', async () => {
    expect(await runIn(cell, 'command -v kafka-topics.sh')).toBe('/opt/brokerlab/tools/bin/kafka-topics.sh');
    expect(await runIn(cell, 'cd ~/kafka/bin && ./kafka-topics.sh --version')).toContain('4.3.1');
  });

  it('suggests the tool that was meant, under its own error', async () => {
    const viewer = await openTerminal();
    viewer.type('kafka-topic.sh --list\r');
    await viewer.waitFor('kafka-topic.sh: command not found');
    await viewer.waitFor('↳ 혹시 kafka-topics.sh 인가요?');
    viewer.type('echo code-$?\r');
    await viewer.waitFor('code-127');
  });

  it("suggests the option that was meant, under the tool's own error and with its exit code", async () => {
    const viewer = await openTerminal();
    viewer.type('kafka-topics.sh --bootstrap-server localhost:9092 --partition 2 --topic test --create\r');
    await viewer.waitFor('partition is not a recognized option');
    await viewer.waitFor('이렇게 써 보세요: --partitions');
    viewer.type('echo code-$?\r');
    await viewer.waitFor('code-1');
    viewer.type('LANG=en_US.UTF-8; kafka-console-consumer.sh --whitelist a\r');
    await viewer.waitFor('kafka-console-consumer.sh has no option --whitelist. Try --include');
  });

  it('explains that a file has met its limit', async () => {
    const viewer = await openTerminal();
    viewer.type('ulimit -f 1024; head -c 3000000 /dev/zero > big\r');
    await viewer.waitFor('파일 하나의 크기 한도(1 MB)에 닿아');
  });

  it('completes tools, options and their values by Tab', async () => {
    const viewer = await openTerminal();
    viewer.type('kafka-topi\t');
    await viewer.waitFor('kafka-topics.sh ');
    viewer.type('--bootst\t');
    await viewer.waitFor('--bootstrap-server ');
    viewer.type('loc\t');
    await viewer.waitFor('--bootstrap-server localhost:9092 ');
    viewer.type('--replicat\t');
    await viewer.waitFor('--replication-factor ');
  });

  it('remembers what was typed, in every terminal and after a restart', async () => {
    const viewer = await openTerminal();
    viewer.type('echo remembered-$((40 + 2))\r');
    await viewer.waitFor(/\rremembered-42[\s\S]*\$ $/);
    await cell.restartBox();
    const other = await openTerminal();
    other.type('\x1b[A');
    await other.waitFor('echo remembered-$((40 + 2))');
  });

  it("runs the trainee's own programs with kafkajs at hand", async () => {
    await cell.files.write('app/index.mjs', "import { Kafka } from 'kafkajs'; console.log(typeof Kafka);");
    expect(await runIn(cell, 'node app/index.mjs')).toBe('function');
    expect(await runIn(cell, 'node -e "console.log(typeof require(\'kafkajs\').Kafka)"')).toBe('function');
  });

  it('runs TypeScript, whatever the version of Node', async () => {
    const code =
      "import { Kafka } from 'kafkajs';\nconst two: number = 2;\nconsole.log(typeof Kafka, two as number);";
    await cell.files.write('app/typed.ts', code);
    await cell.files.write('app/package.json', '{"type":"module"}');
    expect(await runIn(cell, 'cd app && node typed.ts a.ts', 20_000)).toBe('function 2');
    expect(await runIn(cell, 'node -p "process.argv.length" app/typed.ts')).toMatch(/^[12]$/);
  }, 30_000);

  it('has the cluster at hand by name', async () => {
    expect(await runIn(cell, 'cluster; cluster stop 1; cluster dance; echo $?')).toBe(
      '이 실습에는 클러스터가 없어요.\n이 실습에는 클러스터가 없어요.\n' +
        "cluster: 'dance'(이)라는 명령은 없어요.\n" +
        (await runIn(cell, 'cluster help')) +
        '\n2',
    );
  });
});
