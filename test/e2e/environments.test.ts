/** "My environments" in the browser: what runs, stopped and opened again, and back at a step's start. */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { findBrowser, openBrowser } from '../support/browser.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import { accountsFor, behind, contentOf, openLab, signIn, solutionOf, stepPassed, typeLine } from './room.ts';

const reason =
  findBrowser() === undefined ? 'no Chromium: "sudo apt-get install chromium" installs it' : undefined;

describe.skipIf(reason !== undefined)(`my environments in the browser${reason ? ` (${reason})` : ''}`, () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server?.stop());

  it('runs, stops, is opened again with what was done in it, and goes back to a step', async () => {
    const [who] = await accountsFor(server, 1);
    await using browser = await openBrowser();
    const context = await browser.newContext({ locale: 'ko-KR', viewport: { width: 1280, height: 720 } });
    const page = await context.newPage();
    await signIn(page, server.url, who!);
    await openLab(page, 'first-topic');
    const person = await behind(context, server.url);
    const { steps } = await contentOf(person, 'first-topic');
    const first = steps[0]!;
    const { commands } = await solutionOf(person, 'first-topic', first.id);
    for (const { command } of commands) await typeLine(page, command);
    await stepPassed(page, first.id);

    await page.goto(`${server.url}/environments`);
    const row = page.getByTestId('environment-first-topic');
    await row.getByText(/^실행 중 · 00:00:\d\d$/).waitFor();
    await row.getByText(/MB \/ 1 GB/).waitFor();
    await row.getByRole('button', { name: '멈추기' }).click();
    await page.locator('[data-testid="environment-first-topic"][data-state="asleep"]').waitFor();
    await row.getByRole('link', { name: '열기' }).click();
    await page.getByTestId('terminal-1').waitFor();
    await stepPassed(page, first.id);

    await page.goto(`${server.url}/environments`);
    await row.getByRole('button', { name: /할 수 있는 것/ }).click();
    await page.getByRole('menuitem', { name: /1단계 시작으로 되돌리기/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: '되돌리기' }).click();
    await page.locator('[data-testid="environment-first-topic"][data-state="ready"]').waitFor();
    await row.getByRole('link', { name: '열기' }).click();
    await page.locator(`[data-testid="step-${first.id}"][data-state="open"]`).waitFor();
  }, 90_000);
});
