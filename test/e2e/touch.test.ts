/** On a tablet, by touch: everything is reached, nothing is too small to be hit, the terminal has the keys it needs. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBrowser, openBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { startServer } from '../support/server-process.ts';
import { openLab } from './room.ts';

const chromium = findBrowser();
const suite = chromium ? 'by touch' : 'by touch (skipped: no Chromium here)';
const SLOW_MS = 60_000;
const LAB = 'first-topic';

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

/** What can be pressed and is smaller than `pixels` high or wide; links within a sentence are exempt (WCAG 2.2, 2.5.8). */
function tooSmall(page: Page, pixels: number, selector: string): Promise<string[]> {
  return page.evaluate(
    ({ least, of }) =>
      [...document.querySelectorAll<HTMLElement>(of)].flatMap((element) => {
        const style = getComputedStyle(element);
        const inline = style.display === 'inline' && element.closest('p, li, td') !== null;
        const hidden =
          element.closest('[aria-hidden="true"], [inert], .visually-hidden, .skip-link') !== null;
        if (inline || hidden || style.visibility === 'hidden' || element.closest('.monaco-editor, .xterm'))
          return [];
        // A labelled box is pressed by its label, too.
        const label = element instanceof HTMLInputElement ? element.labels?.[0] : undefined;
        const boxes = [element, ...(label ? [label] : [])].map((one) => one.getBoundingClientRect());
        const width = Math.max(...boxes.map((box) => box.width));
        const height = Math.max(...boxes.map((box) => box.height));
        if (width === 0 || height === 0 || (width >= least - 0.5 && height >= least - 0.5)) return [];
        const name = element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 30);
        const what = `${element.tagName.toLowerCase()}.${element.className.toString().slice(0, 40)}`;
        return [`${what} "${name}" ${Math.round(width)}×${Math.round(height)}`];
      }),
    { least: pixels, of: selector },
  );
}

const PRESSED =
  'button, a[href], input, select, textarea, summary, [role="button"], [role="tab"], [role="menuitem"]';

describe.skipIf(!chromium)(suite, () => {
  for (const [width, height] of [
    [1024, 768],
    [820, 1180],
  ] as const) {
    test(`a lab is worked in at ${width}×${height}`, async () => {
      const context = await browser.newContext({
        locale: 'ko-KR',
        viewport: { width, height },
        hasTouch: true,
        isMobile: true,
      });
      const page = await context.newPage();
      await page.goto(server.url);
      await page.getByTestId('try-here').tap();
      await page.getByTestId(`lab-${LAB}`).waitFor();
      expect(await tooSmall(page, 24, PRESSED)).toEqual([]);
      await openLab(page, LAB);
      expect(await tooSmall(page, 24, PRESSED)).toEqual([]);
      expect(await tooSmall(page, 40, 'main button.mantine-Button-root, .touch-keys button')).toEqual([]);

      // Nothing is cut off at the side.
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      for (const name of ['cluster', 'wire', 'files']) await page.getByTestId(`tab-${name}`).tap();
      await page.getByTestId('new-terminal').first().tap();
      await page.getByTestId('terminal-2').waitFor({ timeout: SLOW_MS });

      const terminal = page.getByTestId('terminal-2');
      const shows = (text: string) =>
        eventually(async () => expect(await terminal.innerText()).toContain(text), { timeoutMs: SLOW_MS });
      await terminal.locator('.xterm-screen').tap();
      const keys = terminal.getByTestId('touch-keys');
      await page.keyboard.type('echo tab-$((40 + 2)) > finished.txt');
      await page.keyboard.press('Enter');
      await page.keyboard.type('cat fini');
      await keys.getByTestId('key-tab').tap();
      await page.keyboard.press('Enter');
      await shows('tab-42');
      await page.keyboard.type('sleep 300');
      await page.keyboard.press('Enter');
      await keys.getByTestId('key-interrupt').tap();
      await page.keyboard.type('echo again-$((1 + 1))');
      await page.keyboard.press('Enter');
      await shows('again-2');
      await keys.getByTestId('key-up').tap();
      await page.keyboard.press('Enter');
      // Ctrl, then a letter of the screen's keyboard: to the line's beginning.
      await page.keyboard.type('begun-$((3 + 4))');
      await keys.getByText('Ctrl', { exact: true }).tap();
      await page.keyboard.type('a');
      await page.keyboard.type('echo ');
      await page.keyboard.press('Enter');
      await shows('begun-7');

      for (const path of [
        '/environments',
        '/account',
        `/labs/${LAB}/console?view=topics`,
        '/concepts/group',
      ]) {
        await page.goto(`${server.url}${path}`);
        await page.locator('main').waitFor();
        await eventually(async () => expect(await tooSmall(page, 24, PRESSED)).toEqual([]), {
          timeoutMs: 5_000,
        });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      }
      await context.close();
    }, 180_000);
  }
});
