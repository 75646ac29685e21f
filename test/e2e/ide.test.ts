/** The lab page as an editor, in Chromium: palette, files by name, text in files, running, named terminals, comparing. */
import type { Comparison } from '@brokerlab/server/contract';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findings } from '../support/axe.ts';
import { findBrowser, openBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { startServer } from '../support/server-process.ts';
import { behind, contentOf, openLab, solutionOf, stepPassed, typeLine } from './room.ts';

const chromium = findBrowser();
const suite = chromium
  ? 'the lab page as an editor'
  : 'the lab page as an editor (skipped: no Chromium here)';
const SLOW_MS = 60_000;

let server: Awaited<ReturnType<typeof startServer>>;
let browser: Browser & AsyncDisposable;

beforeAll(async () => {
  if (!chromium) return;
  server = await startServer();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

async function come(labId: string, viewport = { width: 1440, height: 900 }): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-US', viewport });
  const page = await context.newPage();
  await page.goto(server.url);
  await page.getByTestId('try-here').click();
  await openLab(page, labId);
  return page;
}

async function pick(page: Page, keys: string, text: string): Promise<void> {
  await page.locator('[data-panel="read"]').focus();
  await page.keyboard.press(keys);
  const field = page.getByTestId('palette');
  await field.waitFor();
  await page.keyboard.type(text);
  await page.getByRole('option').first().waitFor();
}

describe.skipIf(!chromium)(suite, () => {
  test('commands, files and text are found from the keyboard; a program runs as it is seen', async () => {
    const page = await come('producer-app');
    await pick(page, 'F1', 'new term');
    expect(await findings(page, '[role="dialog"]')).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByTestId('terminal-2').waitFor({ timeout: SLOW_MS });
    // In a shell these keys are the shell's.
    await page.getByTestId('terminal-2').click();
    await page.keyboard.press('Control+p');
    expect(await page.getByTestId('palette').count()).toBe(0);

    await pick(page, 'Control+p', 'prodts');
    await page.getByRole('option', { name: /producer\.ts/ }).click();
    const editor = page.locator('.monaco-editor').first();
    await editor.getByText('readOrders').first().waitFor({ timeout: SLOW_MS });

    await pick(page, 'Control+Shift+f', 'function readorders');
    const hit = page.getByRole('option', { name: /orders\.ts:\d+/ });
    const line = /orders\.ts:(\d+)/.exec(await hit.innerText())![1]!;
    await hit.click();
    await page.locator('.active-line-number', { hasText: line }).waitFor({ timeout: SLOW_MS });
    await page.keyboard.press('End');
    await page.keyboard.type(' // seen');
    await page.getByTestId('run-file').click();
    await eventually(
      async () => expect(await page.getByTestId('terminal-2').innerText()).toContain('node shop/orders.ts'),
      { timeoutMs: SLOW_MS },
    );
    await typeLine(page, 'grep -c "// seen" shop/orders.ts | xargs echo found:', 2);
    await eventually(
      async () => expect(await page.getByTestId('terminal-2').innerText()).toContain('found: 1'),
      { timeoutMs: SLOW_MS },
    );
    await page.context().close();
  }, 240_000);

  test('a step’s terminals stand side by side, named for what they are for', async () => {
    const page = await come('consumer-groups');
    for (const name of ['Admin', 'Consumer 1', 'Consumer 2'])
      await page.locator('.dock-tab', { hasText: name }).waitFor({ timeout: SLOW_MS });
    const inSight = async () =>
      (await page.locator('[data-testid^="terminal-"][data-state="running"]:visible').all()).length;
    const groups = () => page.locator('.dv-groupview:has(.dock-tab:has-text("Consumer"))').count();
    // Side by side where each has room for a line of the tools' output, else as tabs: two places here, one when it is narrow.
    await eventually(async () => expect([await inSight(), await groups()]).toEqual([2, 1]), {
      timeoutMs: SLOW_MS,
    });
    for (const terminal of await page.locator('[data-testid^="terminal-"]:visible').all())
      expect((await terminal.boundingBox())?.width).toBeGreaterThanOrEqual(420);
    await page.setViewportSize({ width: 1100, height: 800 });
    await eventually(async () => expect(await inSight()).toBe(1), { timeoutMs: SLOW_MS });
    // And on a wide screen all three.
    const wide = await come('consumer-groups', { width: 1920, height: 1080 });
    await eventually(
      async () =>
        expect(await wide.locator('[data-testid^="terminal-"][data-state="running"]:visible').count()).toBe(
          3,
        ),
      { timeoutMs: SLOW_MS },
    );
    await wide.context().close();
    await page.context().close();
  }, 120_000);

  test('what was typed is compared with the solution, and not before the step has passed', async () => {
    const page = await come('first-topic');
    const person = await behind(page.context(), server.url);
    const [step] = (await contentOf(person, 'first-topic')).steps;
    const compare = () =>
      person.rest<Comparison>('GET', `/api/labs/first-topic/steps/${step!.id}/comparison`);
    await expect(compare()).rejects.toThrow('stepLocked');
    const [command] = (await solutionOf(person, 'first-topic', step!.id)).commands;
    await typeLine(page, 'echo my own way');
    await typeLine(page, command!.command);
    await stepPassed(page, step!.id, SLOW_MS);
    await page.getByTestId('compare').click();
    const shown = page.getByTestId('comparison');
    await shown.getByText('my own way').first().waitFor({ timeout: SLOW_MS });
    // The command ends after the topic is there, and is told then.
    await eventually(async () =>
      expect((await compare()).typed).toEqual(['echo my own way', command!.command]),
    );
    await page.context().close();
  }, 120_000);

  test('a program that was written is compared with the solution’s', async () => {
    const page = await come('producer-app');
    const person = await behind(page.context(), server.url);
    await person.connect();
    const [first] = (await contentOf(person, 'producer-app')).steps;
    const terminal = await person.terminal((await person.openLab('producer-app'))[0]);
    for (const { command } of (await solutionOf(person, 'producer-app', first!.id)).commands)
      await terminal.run(`${command} # mine`.replace(/END # mine$/, 'END'));
    await stepPassed(page, first!.id, 60_000);
    const path = `/api/labs/producer-app/steps/${first!.id}/comparison`;
    const compared = await eventually(async () => {
      const read = await person.rest<Comparison>('GET', path);
      expect(read.files[0]?.own).toEqual(read.files[0]?.solution);
      expect(read.files[0]?.own).toContain('key: order.customer');
      return read;
    });
    await page.getByTestId('compare').click();
    const choice = page.getByRole('radiogroup', { name: 'What to compare' });
    await choice.getByText(compared.files[0]!.path).click();
    await page.locator('.comparison-diff').getByText('order.customer').first().waitFor({ timeout: SLOW_MS });
    person.close();
    await page.context().close();
  }, 180_000);
});
