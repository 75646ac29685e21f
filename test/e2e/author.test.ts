/** An author's save in the open lab page: the text changes, the terminal stays, a mistake is shown until it is mended. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuthoredCatalog } from '../../server/src/grading/authored-catalog.ts';
import { createBwrapDriver } from '../../server/src/sandbox/main.ts';
import { ROOT, runLabs } from '../grader/cli/run-labs.ts';
import { PROGRAM_DIRECTORY, startTestServer, type TestServer } from '../server/harness.ts';
import { findBrowser, openBrowser } from '../support/browser.ts';
import { behind, contentOf, openLab, stepPassed } from './room.ts';

const folder = mkdtempSync(join(tmpdir(), 'brokerlab-author-'));
const labs = join(folder, 'labs');
const driverFor = (dataDir: string) => createBwrapDriver({ dataDir, programDir: PROGRAM_DIRECTORY });
const isHere = findBrowser() !== undefined && (await driverFor(folder).probe()).usable;
const suite = `writing a lab${isHere ? '' : ' (skipped: it needs Chromium and the bwrap sandbox)'}`;

describe.skipIf(!isHere)(suite, () => {
  let catalog: AuthoredCatalog;
  let host: TestServer;

  beforeAll(async () => {
    cpSync(join(ROOT, 'test/support/empty-course'), labs, { recursive: true });
    expect(await runLabs(['new', 'greet', '--labs', labs])).toMatchObject({ exitCode: 0 });
    catalog = new AuthoredCatalog(labs, () => undefined);
    host = await startTestServer({ createDriver: driverFor, catalog });
  });
  afterAll(async () => {
    catalog?.close();
    await host?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const change = (name: string, from: string, to: string) => {
    const file = join(labs, 'greet', name);
    writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
  };

  it('shows what was saved without losing the terminal, and grades by it', async () => {
    await using browser = await openBrowser();
    const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 720 } });
    const page = await context.newPage();
    await page.goto(host.url);
    await page.getByTestId('try-here').click();
    await openLab(page, 'greet');
    const person = await behind(context, host.url);
    await person.connect();
    const terminal = await person.terminal((await person.openLab('greet'))[0]);
    await terminal.run('KEPT=still-here', { timeoutMs: 30_000 });

    change('en.md', '## create: Create a topic', '## create: Make a topic of your own');
    await page.getByText('Make a topic of your own').first().waitFor({ timeout: 20_000 });

    change('en.md', ':::checks', ':::cheks');
    const mistakes = page.getByTestId('mistakes');
    await mistakes.waitFor({ timeout: 20_000 });
    expect(await mistakes.innerText()).toMatch(/greet\/en\.md:\d+/);
    expect(await page.getByText('Make a topic of your own').count()).toBeGreaterThan(0);
    change('en.md', ':::cheks', ':::checks');
    await mistakes.waitFor({ state: 'detached', timeout: 20_000 });

    change('lab.yaml', 'partitions: "{{partitions}}"', 'partitions: 7');
    const { steps } = await contentOf(person, 'greet');
    const topic = /topic `([a-z]+)`/.exec(JSON.stringify(steps))?.[1];
    await terminal.run(
      `echo $KEPT && kafka-topics.sh --bootstrap-server localhost:9092 --create --topic ${topic} --partitions 7`,
      { timeoutMs: 60_000 },
    );
    expect(terminal.text).toContain('still-here');
    await stepPassed(page, 'create');
  }, 180_000);
});
