/**
 * `npm run screens [-- DIR [NAME]]`: every screen as it looks, in both languages, light and dark, at 1440×900, 1280×720 and on
 * tablets held both ways, written as pictures for people to look at; NAME: only those whose names hold it. A server of its own,
 * with an administrator, a trainee who has begun a lab, and a class with both.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ClassDetail, RosterAnswer } from '@brokerlab/server/contract';
import type { Browser, Page } from 'playwright-core';
import { accountsFor, type Credentials, openLab, signIn, typeLine } from '../e2e/room.ts';
import { openBrowser } from '../support/browser.ts';
import { startServer } from '../support/server-process.ts';
import { Trainee } from '../support/trainee.ts';

const LAB = 'first-topic';
const SETTLE_MS = 1_200;

interface Screen {
  readonly name: string;
  readonly path: string;
  readonly who: 'nobody' | 'trainee' | 'administrator';
  readonly act?: (page: Page, others: Others) => Promise<unknown>;
}

/** Somebody else's page, where a screen needs two. */
interface Others {
  readonly trainee: Page;
}

const screens: readonly Screen[] = [
  { name: 'sign-in', path: '/sign-in', who: 'nobody' },
  { name: 'join', path: '/join', who: 'nobody' },
  { name: 'labs', path: '/', who: 'trainee' },
  { name: 'lab', path: `/labs/${LAB}`, who: 'trainee' },
  {
    name: 'lab-wire',
    path: `/labs/${LAB}`,
    who: 'trainee',
    act: async (page) => {
      await page.getByTestId('tab-wire').click();
      await page.getByTestId('wire-filter-topic').fill('orders');
      await page.getByTestId('wire-Fetch').first().click();
    },
  },
  { name: 'concept', path: '/concepts/group', who: 'trainee' },
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
  ...['overview', 'topics', 'topic&name=orders&tab=messages'].map((view, index) => ({
    name: `asleep-console-${index}`,
    path: `/labs/produce-consume/console?view=${view}`,
    who: 'trainee' as const,
  })),
  { name: 'classes', path: '/classes', who: 'administrator' },
  ...['live', 'roster', 'report', 'settings', 'log'].map((tab) => ({
    name: `class-${tab}`,
    path: `/classes/CLASS?tab=${tab}`,
    who: 'administrator' as const,
  })),
  {
    name: 'class-chosen',
    path: '/classes/CLASS?tab=live',
    who: 'administrator',
    act: (page) => page.locator('[data-testid^="row-"] button').first().click(),
  },
  ...['terminals', 'files', 'cluster', 'wire'].map((part) => ({
    name: `class-trainee-${part}`,
    path: '/classes/CLASS?tab=live&trainee=TRAINEE',
    who: 'administrator' as const,
    act: (page: Page) => page.getByTestId(`part-${part}`).click(),
  })),
  {
    name: 'consent-of-trainee',
    path: '/classes/CLASS?tab=live&trainee=TRAINEE',
    who: 'administrator',
    act: async (page, { trainee }) => {
      await page.getByTestId('ask-to-type').click();
      await trainee.getByTestId('consent-question').waitFor();
    },
  },
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
  { language: 'ko-KR', theme: 'light', width: 1024, height: 768, touch: true },
  { language: 'en-US', theme: 'dark', width: 820, height: 1180, touch: true },
] as const;
type Look = (typeof looks)[number];

const folder = resolve(process.argv[2] ?? 'screenshots');
const wanted = screens.filter(({ name }) => name.includes(process.argv[3] ?? ''));
mkdirSync(folder, { recursive: true });
await using server = await startServer();
await using browser = await openBrowser();
const people = {
  trainee: (await accountsFor(server, 1))[0]!,
  administrator: { name: 'admin', password: 'a-long-enough-password' },
};
const course = await makeClass();
for (const look of looks) {
  for (const who of ['nobody', 'trainee', 'administrator'] as const) await picture(browser, look, who);
}
process.stdout.write(`${looks.length * wanted.length} pictures are in ${folder}\n`);

async function makeClass(): Promise<{ classId: string; traineeId: string }> {
  const admin = await Trainee.signIn(server.url, people.administrator.name, people.administrator.password);
  const made = await admin.rest<ClassDetail>('POST', '/api/classes', {
    title: '카프카 운영 · 11월 2기',
    labIds: [LAB, 'produce-consume', 'consumer-groups'],
  });
  const text = [
    `수강생 하나,${people.trainee.name}`,
    '김민수,minsu',
    '남궁솔빛나래,sol',
    'Alexandra Whitmore-Jones,alex',
  ].join('\n');
  await admin.rest<RosterAnswer>('POST', `/api/classes/${made.id}/roster`, { text });
  const detail = await admin.rest<ClassDetail>('GET', `/api/classes/${made.id}`);
  const member = detail.members.find(({ name }) => name === people.trainee.name);
  if (!member) throw new Error('the trainee is not in the class');
  return { classId: made.id, traineeId: member.accountId };
}

async function picture(browser: Browser, look: Look, who: Screen['who']): Promise<void> {
  const of = wanted.filter((one) => one.who === who);
  if (of.length === 0) return;
  const context = await contextFor(look);
  const page = await context.newPage();
  if (who !== 'nobody') await enter(page, people[who], who);
  const second = who === 'administrator' ? await contextFor(look) : null;
  const others = { trainee: (await second?.newPage()) ?? page };
  if (second) await enter(others.trainee, people.trainee, 'trainee');
  for (const screen of of) {
    const path = screen.path.replace('CLASS', course.classId).replace('TRAINEE', course.traineeId);
    await page.goto(`${server.url}${path}`);
    await page.waitForTimeout(SETTLE_MS);
    await screen.act?.(page, others);
    if (screen.act) await page.waitForTimeout(SETTLE_MS);
    const shown = screen.name.endsWith('-of-trainee') ? others.trainee : page;
    const { language, theme, width, height } = look;
    const file = `${screen.name}-${language.slice(0, 2)}-${theme}-${width}x${height}.png`;
    await shown.screenshot({ path: join(folder, file) });
  }
  await second?.close();
  await context.close();

  function contextFor({ language, theme, width, height, touch }: Look & { touch?: boolean }) {
    return browser.newContext({
      locale: language,
      colorScheme: theme,
      viewport: { width, height },
      hasTouch: touch ?? false,
      isMobile: touch ?? false,
    });
  }
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
