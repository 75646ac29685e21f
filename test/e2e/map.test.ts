/** The cluster map in a real browser: what happens in the cluster, seen, heard and gone back to. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findings } from '../support/axe.ts';
import { findBrowser, openBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import type { TraineeTerminal } from '../support/trainee.ts';
import { behind, openLab, solutionOf, stepPassed } from './room.ts';

const reason =
  findBrowser() === undefined ? 'no Chromium: "sudo apt-get install chromium" installs it' : undefined;
const LAB = 'first-topic';
/** Set to a folder, and every state that is tested is written there as a picture. */
const pictures = process.env['BROKERLAB_SCREENSHOTS'];

const bootstrap = '--bootstrap-server localhost:9092';

describe.skipIf(reason !== undefined)(`the cluster map${reason ? ` (${reason})` : ''}`, () => {
  let server: ServerProcess;
  let browser: Awaited<ReturnType<typeof openBrowser>>;

  beforeAll(async () => {
    server = await startServer();
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  async function atWork(
    locale: string,
    colorScheme: 'light' | 'dark',
    { height = 900, lab = LAB }: { height?: number; lab?: string } = {},
  ) {
    const viewport = { width: height === 900 ? 1440 : 1280, height };
    const context = await browser.newContext({ locale, colorScheme, viewport });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(server.url);
    await page.getByTestId('try-here').click();
    await openLab(page, lab);
    const person = await behind(context, server.url);
    await person.connect();
    const terminal = await person.terminal((await person.openLab(lab))[0]);
    await page.getByTestId('map-broker-1').first().waitFor();
    return { page, person, terminal, errors, end: () => context.close() };
  }

  async function picture(page: Page, name: string): Promise<void> {
    if (pictures === undefined) return;
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `map-${name}.png`) });
  }

  const cell = (page: Page, topic: string, partition: number, broker: number) =>
    page.locator(`[data-cell="main/${topic}/${partition}"][data-column="${broker}"]`);

  async function leaderOf(page: Page, topic: string, partition: number): Promise<number> {
    const leader = page.locator(`[data-cell="main/${topic}/${partition}"][data-role="leader"]`);
    return Number(await leader.getAttribute('data-column'));
  }

  async function runAll(terminal: TraineeTerminal, commands: readonly string[]): Promise<void> {
    for (const command of commands) await terminal.run(command, { timeoutMs: 30_000 });
  }

  it('shows a broker going down, the election, and the alarm; goes back to before; tells it in words', async () => {
    const { page, person, terminal, errors, end } = await atWork('en-US', 'light');
    await runAll(terminal, [
      `kafka-topics.sh ${bootstrap} --create --topic orders --partitions 3 --replication-factor 3`,
      `seq 400 | kafka-console-producer.sh ${bootstrap} --topic orders`,
      `kafka-console-consumer.sh ${bootstrap} --topic orders --group shipping --from-beginning --max-messages 250 >/dev/null`,
    ]);
    await page.getByTestId('map-group-shipping').waitFor();
    const leader = await leaderOf(page, 'orders', 0);
    await picture(page, 'light-en');
    await runAll(terminal, [`cluster stop ${leader}`]);
    await page.locator(`[data-testid="map-broker-${leader}"][data-state="stopped"]`).waitFor();
    await cell(page, 'orders', 0, leader).and(page.locator('[data-offline="true"]')).waitFor();
    await eventually(async () => expect(await leaderOf(page, 'orders', 0)).not.toBe(leader));
    await page.getByText(/under-replicated partitions: \d/).waitFor();
    await picture(page, 'light-en-down');
    expect(await findings(page, '.cluster')).toEqual([]);
    await page
      .getByTestId('map-news')
      .getByText(/Broker|leader|ISR/)
      .waitFor({ state: 'attached' });
    // Back to before it went down, event by event, by keyboard.
    await page.getByTestId('map-time').focus();
    await eventually(
      async () => {
        await page.keyboard.press('ArrowLeft');
        expect(await leaderOf(page, 'orders', 0)).toBe(leader);
        expect(await page.getByTestId(`map-broker-${leader}`).getAttribute('data-state')).toBe('up');
      },
      { everyMs: 50 },
    );
    await picture(page, 'light-en-past');
    // What happens meanwhile is not drawn into the past.
    await runAll(terminal, [`cluster start ${leader}`]);
    expect(await page.locator('.cluster').getAttribute('data-past')).toBe('true');
    await page.getByTestId('map-pause').click();
    await page.locator(`[data-testid="map-broker-${leader}"][data-state="up"]`).waitFor();
    // The hour is still there after a reload.
    await page.reload();
    await page.getByTestId('map-broker-3').waitFor();
    await page.getByTestId('map-time').focus();
    await eventually(
      async () => {
        await page.keyboard.press('ArrowLeft');
        expect(await page.locator('[data-cell]').count()).toBe(0);
      },
      { everyMs: 50 },
    );
    expect(errors).toEqual([]);
    person.close();
    await end();
  }, 180_000);

  it('keeps a hundred partitions legible, reachable by arrow keys, and moves as they do', async () => {
    const { page, person, terminal, errors, end } = await atWork('ko-KR', 'dark', { height: 720 });
    await runAll(terminal, [
      `kafka-topics.sh ${bootstrap} --create --topic wide --partitions 100 --replication-factor 2`,
    ]);
    await cell(page, 'wide', 99, await leaderOf(page, 'wide', 99)).waitFor();
    expect(await page.locator('[data-cell^="main/wide/"]').count()).toBe(200);
    const boxes = await page.locator('.tile').evaluateAll((tiles) =>
      tiles.map((tile) => {
        const { width, height } = tile.getBoundingClientRect();
        return width >= 30 && height >= 18 && tile.scrollWidth <= tile.clientWidth + 1;
      }),
    );
    expect(boxes.every(Boolean)).toBe(true);
    await page.getByTestId('cluster-map').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(
      /wide 파티션/,
    );
    await picture(page, 'dark-ko-wide');
    expect(await findings(page, '.cluster')).toEqual([]);
    await runAll(terminal, ['cluster pause 2']);
    await page.locator('[data-testid="map-broker-2"][data-state="paused"]').waitFor();
    await runAll(terminal, ['cluster resume 2']);
    await page.locator('[data-testid="map-broker-2"][data-state="up"]').waitFor();
    expect(errors).toEqual([]);
    person.close();
    await end();
  }, 120_000);

  it('shows several clusters, and what is mirrored from one to the other', async () => {
    const { page, person, terminal, errors, end } = await atWork('ko-KR', 'light', {
      lab: 'mm2-active-passive',
    });
    await page.getByTestId('map-cluster-seoul').waitFor();
    await page.getByTestId('map-cluster-busan').waitFor();
    // In the lab's order, whichever answered first.
    expect(await page.locator('.cluster-one h2').allTextContents()).toEqual([
      '클러스터 seoul',
      '클러스터 busan',
    ]);
    const [seoul, busan] = ['--bootstrap-server localhost:9092', '--bootstrap-server localhost:9192'];
    await runAll(terminal, [
      `kafka-topics.sh ${seoul} --create --topic sales`,
      `kafka-topics.sh ${busan} --create --topic seoul.sales`,
      `seq 12 | kafka-console-producer.sh ${seoul} --topic sales`,
      `seq 5 | kafka-console-producer.sh ${busan} --topic seoul.sales`,
    ]);
    await page.getByTestId('map-flow-seoul-busan').getByText('약 7개 뒤처짐').waitFor();
    await picture(page, 'light-ko-mirror');
    await runAll(terminal, [`seq 7 | kafka-console-producer.sh ${busan} --topic seoul.sales`]);
    await page.getByTestId('map-flow-seoul-busan').getByText('따라잡음').waitFor();
    expect(errors).toEqual([]);
    person.close();
    await end();
  }, 120_000);

  it('points at what the step on the screen is about', async () => {
    const { page, person, terminal, end } = await atWork('en-US', 'dark', { height: 720 });
    const [create] = (await solutionOf(person, LAB, 'create')).commands;
    await runAll(terminal, [create!.command]);
    await stepPassed(page, 'create');
    expect(await page.locator('[data-look="true"]').count()).toBe(0);
    await page.getByTestId('step-look').click();
    await page.locator('tr[data-look="true"]').getByText('look here').waitFor();
    await picture(page, 'dark-en-look');
    person.close();
    await end();
  }, 120_000);
});
