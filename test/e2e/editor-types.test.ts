/** The editor in a real browser: kafkajs's own types complete and mark, and a file knows the one beside it. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBrowser, openBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { startServer } from '../support/server-process.ts';
import { openLab } from './room.ts';

const chromium = findBrowser();
const suite = chromium ? 'types in the editor' : 'types in the editor (skipped: no Chromium here)';
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

const squiggles = (page: Page) => page.locator('.squiggly-error').count();

describe.skipIf(!chromium)(suite, () => {
  test('a given program has no error; kafkajs completes; a wrong option is marked', async () => {
    const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.goto(server.url);
    await page.getByTestId('try-here').click();
    await openLab(page, 'producer-app');
    await page.getByText('Files', { exact: true }).first().click();
    await page.locator('[data-path="shop"]').click();
    await page.locator('[data-path="shop/producer.ts"]').click();
    const editor = page.locator('.monaco-editor').first();
    await editor.getByText('readOrders').first().waitFor({ timeout: SLOW_MS });

    // The end of: const producer = kafka.producer({});
    await editor.getByText('kafka.producer').first().click();
    // Twice: the line is wrapped.
    await page.keyboard.press('End');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('producer.');
    const suggestions = page.locator('.suggest-widget .monaco-list-row');
    await suggestions.filter({ hasText: 'sendBatch' }).first().waitFor({ timeout: SLOW_MS });
    expect(await suggestions.filter({ hasText: 'transaction' }).count()).toBeGreaterThan(0);
    await page.keyboard.press('Escape');

    await page.keyboard.type('send({ topics: topic });');
    await eventually(async () => expect(await squiggles(page)).toBeGreaterThan(0), { timeoutMs: SLOW_MS });
    // Taken back to the given program: its own imports, of kafkajs and of ./orders.ts beside it, are understood.
    await eventually(
      async () => {
        await page.keyboard.press('Control+z');
        expect(await squiggles(page)).toBe(0);
      },
      { timeoutMs: SLOW_MS, everyMs: 500 },
    );
    expect(await page.locator('.view-line', { hasText: 'topics' }).count()).toBe(0);
    await context.close();
  }, 240_000);
});
