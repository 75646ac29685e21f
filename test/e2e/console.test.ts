/** The console in the browser: a topic made, written, read, moved and deleted by clicking, each with its command. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrowser, openBrowser } from '../support/browser.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import { accountsFor, openLab, signIn, typeLine } from './room.ts';

const reason =
  findBrowser() === undefined ? 'no Chromium: "sudo apt-get install chromium" installs it' : undefined;

describe.skipIf(reason !== undefined)(`the console in the browser${reason ? ` (${reason})` : ''}`, () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server?.stop());

  it('makes, writes, reads, moves and deletes a topic, and shows the command of each', async () => {
    const [who] = await accountsFor(server, 1);
    await using browser = await openBrowser();
    const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 } });
    const lab = await context.newPage();
    await signIn(lab, server.url, who!);
    await openLab(lab, 'first-topic');
    const page = await context.newPage();
    await page.goto(`${server.url}/labs/first-topic/console`);
    await page.getByText('localhost:9092', { exact: true }).waitFor();

    await page.getByTestId('console-topics').click();
    await page.getByTestId('console-create-topic').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Topic').fill('orders');
    await dialog.getByLabel('Partitions').fill('2');
    await dialog.getByLabel('Replication factor').fill('2');
    await dialog.getByText('--create --topic orders --partitions 2 --replication-factor 2').waitFor();
    await dialog.getByRole('button', { name: 'Create the topic' }).click();
    await page.getByRole('table', { name: 'Partitions' }).waitFor();

    await page.getByTestId('console-tab-messages').click();
    await page.getByTestId('console-produce').click();
    await dialog.getByLabel('Value', { exact: true }).fill('{"amount": 120}');
    await page.getByTestId('console-send').click();
    await page.getByTestId('console-message').getByText('"amount": 120').waitFor();
    await page.getByLabel('JavaScript expression').fill('json.amount > 200');
    await page.getByTestId('console-read').click();
    await page.getByText('0 found, 1 looked at').waitFor();

    await typeLine(
      lab,
      'kafka-console-consumer.sh --bootstrap-server localhost:9092 --topic orders --group shop --from-beginning',
    );
    await page.getByTestId('console-groups').click();
    await page.getByRole('button', { name: 'shop' }).click();
    await page.getByRole('table', { name: 'Members' }).getByText('orders: 0–1').waitFor();
    expect(await page.getByRole('button', { name: 'Delete the group' }).isDisabled()).toBe(true);

    await page.getByTestId('console-topics').click();
    await page.getByRole('button', { name: 'orders', exact: true }).click();
    await page.getByRole('button', { name: 'Reassign', exact: true }).click();
    await page.getByRole('group', { name: 'Brokers' }).getByLabel('1', { exact: true }).uncheck();
    await page.getByRole('button', { name: 'Generate a plan' }).click();
    await page.getByTestId('console-execute').click();
    await page.getByText('No partition is being moved').waitFor();
    await page.getByTestId('console-topics').click();
    await page.getByRole('button', { name: 'orders', exact: true }).click();
    const replicas = page.getByRole('table', { name: 'Partitions' }).getByText(/^(2, 3|3, 2)$/);
    await expect.poll(() => replicas.count(), { timeout: 15_000 }).toBeGreaterThanOrEqual(2);

    await page.getByRole('button', { name: 'Delete the topic' }).click();
    await dialog.getByRole('button', { name: 'Delete the topic' }).click();
    await page.getByText('orders deleted.').waitFor();
  }, 120_000);
});
