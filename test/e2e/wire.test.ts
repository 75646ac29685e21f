/** The wire inspector in a real browser: a record found in the bytes of its request, and the bytes of a field. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findings } from '../support/axe.ts';
import { findBrowser, openBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { startServer } from '../support/server-process.ts';
import { behind, openLab } from './room.ts';

const reason =
  findBrowser() === undefined ? 'no Chromium: "sudo apt-get install chromium" installs it' : undefined;
const LAB = 'first-topic';
/** Set to a folder, and what is tested is written there as a picture. */
const pictures = process.env['BROKERLAB_SCREENSHOTS'];
const bootstrap = '--bootstrap-server localhost:9092';

for (const [locale, colorScheme] of [
  ['ko-KR', 'light'],
  ['en-US', 'dark'],
] as const) {
  it.skipIf(reason !== undefined)(
    `the wire inspector shows a record in the bytes of its request (${locale}, ${colorScheme})${reason ? ` (${reason})` : ''}`,
    async () => {
      await using server = await startServer();
      await using browser = await openBrowser();
      const viewport = { width: 1440, height: 900 };
      const context = await browser.newContext({ locale, colorScheme, viewport });
      const page = await context.newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      await page.goto(server.url);
      await page.getByTestId('try-here').click();
      await openLab(page, LAB);
      const person = await behind(context, server.url);
      await person.connect();
      const terminal = await person.terminal((await person.openLab(LAB))[0]);
      await terminal.run(`kafka-topics.sh ${bootstrap} --create --topic orders --partitions 3`);
      await page.getByTestId('tab-wire').click();
      await page.getByTestId('wire-filter-topic').fill('orders');
      await eventually(
        async () => {
          await terminal.run(`echo seven-apples | kafka-console-producer.sh ${bootstrap} --topic orders`);
          await page.getByTestId('wire-Produce').first().waitFor({ timeout: 2_000 });
        },
        { timeoutMs: 30_000 },
      );
      await page.getByTestId('wire-Produce').first().click();
      const value = page.locator('.wire-field', { hasText: 'seven-apples' });
      await value.hover();
      const marked = () =>
        page
          .locator('.hex-byte[data-marked="true"]')
          .evaluateAll((bytes) => bytes.map((byte) => byte.textContent).join(''));
      expect(Buffer.from(await marked(), 'hex').toString()).toBe('seven-apples');
      // And from the byte to its field.
      await page.locator('.hex-byte').first().hover();
      expect(await page.locator('.wire-field[data-pointed="true"]').textContent()).toContain('apiKey');
      // The same by keyboard.
      await page.locator('.wire-field').first().focus();
      await page.keyboard.press('ArrowDown');
      expect(await marked()).toHaveLength(4);
      await value.hover();
      if (pictures !== undefined) {
        mkdirSync(pictures, { recursive: true });
        await page.screenshot({ path: join(pictures, `wire-${locale}-${colorScheme}.png`) });
      }
      expect(await findings(page, '.wire')).toEqual([]);
      await page.getByTestId('wire-response').click();
      await page.locator('.wire-field', { hasText: 'baseOffset' }).waitFor();
      await page.getByTestId('wire-filter-api').selectOption({ label: 'Fetch' });
      await eventually(async () => expect(await page.getByTestId('wire-Produce').count()).toBe(0));
      expect(errors).toEqual([]);
      person.close();
    },
    120_000,
  );
}
