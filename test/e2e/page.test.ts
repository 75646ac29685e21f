import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findings } from '../support/axe.ts';
import { findBrowser, openBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import { behind, openLab, typeLine } from './room.ts';

const reason =
  findBrowser() === undefined ? 'no Chromium: "sudo apt-get install chromium" installs it' : undefined;
describe.skipIf(reason !== undefined)(`the page${reason ? ` (${reason})` : ''}`, () => {
  let server: ServerProcess;

  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server?.stop());

  for (const [locale, colorScheme] of [
    ['ko-KR', 'light'],
    ['en-US', 'dark'],
  ] as const) {
    it(`has nothing serious for axe, from the door to the lab (${locale}, ${colorScheme})`, async () => {
      await using browser = await openBrowser();
      const context = await browser.newContext({
        locale,
        colorScheme,
        viewport: { width: 1280, height: 720 },
      });
      const page = await context.newPage();
      const outside: string[] = [];
      page.on('request', (request) => {
        if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(server.url))
          outside.push(request.url());
      });
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      await page.goto(server.url);
      await page.getByTestId('try-here').waitFor();
      expect(await findings(page)).toEqual([]);
      await page.getByTestId('try-here').click();
      await page.getByTestId('lab-first-topic').waitFor();
      expect(await findings(page)).toEqual([]);
      await openLab(page, 'first-topic');
      // Judged at rest: while panels are being laid out, axe sees the terminal's colour behind the footer's words.
      await promptShown(context, server.url);
      await eventually(async () => expect(await findings(page)).toEqual([]), {
        timeoutMs: 5000,
        everyMs: 500,
      });
      expect(await page.locator('html').getAttribute('lang')).toBe(locale.slice(0, 2));
      expect(outside).toEqual([]);
      expect(errors).toEqual([]);
    }, 120_000);
  }

  it('loses no keystroke when the network drops in the middle of a line', async () => {
    await using browser = await openBrowser();
    const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 720 } });
    const page = await context.newPage();
    await page.goto(server.url);
    await page.getByTestId('try-here').click();
    await openLab(page, 'first-topic');
    const person = await behind(context, server.url);
    await person.connect();
    const terminal = await person.terminal((await person.openLab('first-topic'))[0]);
    await terminal.waitFor(/\$ /);
    await typeLine(page, 'echo be$((1))fore');
    await terminal.waitFor('be1fore');
    await context.setOffline(true);
    await page.getByTestId('terminal-1').click();
    await page.keyboard.type('echo typed-while-$((40+2))-offline');
    await page.keyboard.press('Enter');
    await context.setOffline(false);
    await terminal.waitFor('typed-while-42-offline', { timeoutMs: 40_000 });
    expect(terminal.text.split('typed-while-42-offline')).toHaveLength(2);
    person.close();
  }, 120_000);

  it('can be used from sign-in to a command by keyboard alone', async () => {
    await using browser = await openBrowser();
    const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 720 } });
    const page = await context.newPage();
    await page.goto(server.url);
    await tabTo(page, 'try-here');
    await page.keyboard.press('Enter');
    await page.getByTestId('lab-first-topic').waitFor();
    await tabTo(page, 'lab-first-topic');
    await page.keyboard.press('Enter');
    await page.getByTestId('terminal-1').waitFor({ timeout: 30_000 });
    const person = await behind(context, server.url);
    await person.connect();
    const terminal = await person.terminal((await person.openLab('first-topic'))[0]);
    await terminal.waitFor(/\$ /);
    await tabTo(page, 'terminal-1');
    await page.keyboard.type('echo by-$((1+1))-hands\n');
    await terminal.waitFor('by-2-hands');
    person.close();
  }, 120_000);
});

/** Waits for the shell's prompt, as the same person's second window sees it. */
async function promptShown(context: BrowserContext, url: string): Promise<void> {
  const person = await behind(context, url);
  await person.connect();
  const terminal = await person.terminal((await person.openLab('first-topic'))[0]);
  await terminal.waitFor(/\$ /);
  person.close();
}

/** Presses Tab until the focus is on, in, or around the element with this test id. */
async function tabTo(page: Page, testId: string): Promise<void> {
  for (let press = 0; press < 80; press++) {
    const there = await page.evaluate((id) => {
      const wanted = document.querySelector(`[data-testid="${id}"]`);
      const { activeElement } = document;
      return wanted !== null && activeElement !== null && wanted.contains(activeElement);
    }, testId);
    if (there) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${testId} cannot be reached with Tab`);
}
