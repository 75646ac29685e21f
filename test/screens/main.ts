/**
 * `npm run screens [-- DIR]`: every screen as it looks, in both languages, light and dark, at 1440×900 and 1280×720, written as
 * pictures for people to look at. A server of its own, with an administrator and a trainee who has begun a lab.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { accountsFor, type Credentials, openLab, signIn, typeLine } from '../e2e/room.ts';
import { openBrowser } from '../support/browser.ts';
import { startServer } from '../support/server-process.ts';

const LAB = 'first-topic';
const SETTLE_MS = 1_200;

interface Screen {
  readonly name: string;
  readonly path: string;
  readonly who: 'nobody' | 'trainee' | 'administrator';
  readonly act?: (page: Page) => Promise<unknown>;
}

const screens: readonly Screen[] = [
  { name: 'sign-in', path: '/sign-in', who: 'nobody' },
  { name: 'join', path: '/join', who: 'nobody' },
  { name: 'labs', path: '/', who: 'trainee' },
  { name: 'lab', path: `/labs/${LAB}`, who: 'trainee' },
  { name: 'environments', path: '/environments', who: 'trainee' },
  { name: 'account', path: '/account', who: 'trainee' },
  ...['overview', 'topics', 'groups', 'reassign', 'mirror', 'acls'].map((view) => ({
    name: `console-${view}`,
    path: `/labs/${LAB}/console?view=${view}`,
    who: 'trainee' as const,
  })),
  ...['partitions', 'messages', 'configs', 'groups', 'brokers'].map((tab) => ({
    name: `console-topic-${tab}`,
    path: `/labs/${LAB}/console?view=topic&name=orders&tab=${tab}`,
    who: 'trainee' as const,
    ...(tab === 'messages' ? { act: (page: Page) => page.getByTestId('console-read').click() } : {}),
  })),
  { name: 'classes', path: '/classes', who: 'administrator' },
  { name: 'trainees', path: '/trainees', who: 'administrator' },
  { name: 'accounts', path: '/accounts', who: 'administrator' },
  { name: 'admin', path: '/admin', who: 'administrator' },
  { name: 'not-found', path: '/nowhere', who: 'trainee' },
];

const looks = [
  { language: 'ko-KR', theme: 'light', width: 1440, height: 900 },
  { language: 'ko-KR', theme: 'dark', width: 1280, height: 720 },
  { language: 'en-US', theme: 'light', width: 1280, height: 720 },
  { language: 'en-US', theme: 'dark', width: 1440, height: 900 },
] as const;
type Look = (typeof looks)[number];

const folder = resolve(process.argv[2] ?? 'screenshots');
mkdirSync(folder, { recursive: true });
await using server = await startServer();
await using browser = await openBrowser();
const [trainee] = await accountsFor(server, 1);
const people = {
  trainee: trainee!,
  administrator: { name: 'admin', password: 'a-long-enough-password' },
};
for (const look of looks) {
  for (const who of ['nobody', 'trainee', 'administrator'] as const) await picture(browser, look, who);
}
process.stdout.write(`${looks.length * screens.length} pictures are in ${folder}\n`);

async function picture(browser: Browser, look: Look, who: Screen['who']): Promise<void> {
  const { language, theme, width, height } = look;
  const context = await browser.newContext({
    locale: language,
    colorScheme: theme,
    viewport: { width, height },
  });
  const page = await context.newPage();
  if (who !== 'nobody') await enter(page, people[who], who);
  for (const screen of screens.filter((one) => one.who === who)) {
    await page.goto(`${server.url}${screen.path}`);
    await page.waitForTimeout(SETTLE_MS);
    await screen.act?.(page);
    if (screen.act) await page.waitForTimeout(SETTLE_MS);
    const file = `${screen.name}-${language.slice(0, 2)}-${theme}-${width}x${height}.png`;
    await page.screenshot({ path: join(folder, file) });
  }
  await context.close();
}

/** The trainee has a topic with records and a group, so that there is something to see. */
async function enter(page: Page, person: Credentials, who: Screen['who']): Promise<void> {
  await signIn(page, server.url, person);
  await page.getByTestId('account').waitFor({ timeout: 30_000 });
  if (who !== 'trainee') return;
  await openLab(page, LAB);
  const bootstrap = '--bootstrap-server localhost:9092';
  await typeLine(
    page,
    `kafka-topics.sh ${bootstrap} --create --topic orders --partitions 3 --replication-factor 3`,
  );
  const records = 'printf \'kim:{"amount":120}\\nlee:{"amount":80}\\npark:hello\\n\'';
  await typeLine(
    page,
    `${records} | kafka-console-producer.sh ${bootstrap} --topic orders --property parse.key=true --property key.separator=:`,
  );
  await typeLine(
    page,
    `kafka-console-consumer.sh ${bootstrap} --topic orders --group shipping --from-beginning`,
  );
  await page.waitForTimeout(2 * SETTLE_MS);
}
