/** MirrorMaker seen in the browser: flows and their lag on the map and in the console, live, also while a cluster is down. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrowser, openBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import { accountsFor, openLab, signIn, typeLine } from './room.ts';

const reason =
  findBrowser() === undefined ? 'no Chromium: "sudo apt-get install chromium" installs it' : undefined;
const waiting = { timeoutMs: 45_000, everyMs: 100 };

describe.skipIf(reason !== undefined)(`mirroring in the browser${reason ? ` (${reason})` : ''}`, () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server?.stop());

  it('shows flows with their lag as they move, what the program says, and a cluster that is down', async () => {
    const [who] = await accountsFor(server, 1);
    await using browser = await openBrowser();
    const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 } });
    const lab = await context.newPage();
    await signIn(lab, server.url, who!);
    await openLab(lab, 'mm2-active-passive');
    const page = await context.newPage();
    await page.goto(`${server.url}/labs/mm2-active-passive/console?view=mirror`);
    await page.getByText('Nothing is mirrored yet').waitFor();

    await typeLine(
      lab,
      "echo 'seoul->busan.enabled = true' >> mm2.properties; connect-mirror-maker.sh mm2.properties > mm2.log 2>&1 &",
    );
    const flow = page.getByTestId('mirror-seoul-busan');
    await flow.getByText(/Running/).waitFor();
    await lagBecomes(page, '0');
    const onMap = lab.getByTestId('map-flow-seoul-busan');
    await onMap.getByText('caught up').waitFor();
    const told = flow.getByRole('table', { name: 'What MirrorMaker says' });
    await told
      .getByText(/\d+ ms · \d+ ms/)
      .first()
      .waitFor();
    expect(await flow.locator('.console-command').innerText()).toContain(
      'connect-mirror-maker.sh mm2.properties --clusters busan --status',
    );

    await typeLine(lab, 'kill %1; wait; clear');
    await flow.getByText('Not running').waitFor();
    await typeLine(
      lab,
      'seq 7 | kafka-console-producer.sh --bootstrap-server localhost:9092 --topic $(kafka-topics.sh --bootstrap-server localhost:9092 --list | grep -E "^(orders|payments|parcels|tickets)$")',
    );
    await onMap.getByText('about 7 behind').waitFor();
    await lagBecomes(page, 'about 7');

    await typeLine(lab, 'cluster kill 1 busan');
    await page.getByText('busan does not answer. What only it knows is left blank.').waitFor();
    await flow.getByText('Not known').waitFor();
    await typeLine(lab, 'cluster start 1 busan');
    await lagBecomes(page, 'about 7');
  }, 180_000);
});

async function lagBecomes(page: Page, text: string): Promise<void> {
  const lag = page.getByTestId('mirror-lag-seoul-busan');
  await eventually(async () => expect(await lag.innerText()).toBe(text), waiting);
}
