/** Concepts in a real browser: from the course page, and from a step, where figures draw the trainee's own cluster. */
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBrowser, openBrowser } from '../support/browser.ts';
import { startServer } from '../support/server-process.ts';
import { openLab, typeLine } from './room.ts';

const chromium = findBrowser();
const suite = chromium ? 'concepts' : 'concepts (skipped: no Chromium here)';
/** Set to a folder, and what is tested is written there as pictures. */
const pictures = process.env.BROKERLAB_SCREENSHOTS;

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

async function enter(locale: 'ko-KR' | 'en-US', colorScheme: 'light' | 'dark' = 'light') {
  const context = await browser.newContext({ locale, colorScheme, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(server.url);
  await page.getByTestId('try-here').click();
  await page.getByTestId('lab-first-topic').waitFor();
  const picture = async (name: string) => {
    if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`) });
  };
  return { page, picture };
}

describe.skipIf(!chromium)(suite, () => {
  test('the course page leads to each concept; without a lab its figure is an example', async () => {
    const { page, picture } = await enter('ko-KR');
    await page.getByTestId('concept-link-replication').scrollIntoViewIfNeeded();
    await picture('course');
    await page.getByTestId('concept-link-replication').click();
    await page.getByTestId('concept-replication').waitFor();
    const figure = page.getByTestId('figure-topic');
    expect(await figure.getAttribute('data-live')).toBe('false');
    expect(await figure.textContent()).toContain('예시');
    await picture('concept');
    await page.getByTestId('language').click();
    await page.getByRole('heading', { name: 'Replication and the ISR' }).waitFor();
    await page.getByRole('link', { name: /^Next concept/ }).click();
    await page.getByTestId('concept-leader').waitFor();
  });

  test('a step opens its concept over the lab, with the trainee’s own cluster in the figure', async () => {
    const { page, picture } = await enter('en-US', 'dark');
    await openLab(page, 'first-topic');
    await typeLine(
      page,
      'kafka-topics.sh --bootstrap-server localhost:9092 --create --topic mine --partitions 2',
    );
    await page.getByTestId('concept-link-topic').click();
    const text = page.getByTestId('concept-text-topic');
    await text.locator('[data-testid="figure-topic"][data-live="true"]').waitFor();
    await text.getByText('mine', { exact: true }).waitFor();
    expect(await text.locator('[data-leader="true"]').count()).toBe(2);
    await picture('sheet');
    await page.keyboard.press('Escape');
    await text.waitFor({ state: 'detached' });
    expect(await page.getByTestId('terminal-1').isVisible()).toBe(true);
  });
});
