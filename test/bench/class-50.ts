import type {
  ClassDetail,
  LiveRow,
  RosterAnswer,
  ServerMessage,
  TerminalInfo,
} from '@brokerlab/server/contract';
import { openBrowser } from '../support/browser.ts';
import { startServer } from '../support/server-process.ts';
import { Trainee, type TraineeTerminal } from '../support/trainee.ts';
import { atMost, type Bench, percentile } from './measure.ts';

const TRAINEES = 50;
const COMMANDS = 6;
const LAB = 'first-topic';
const PASSWORD = 'a-long-enough-password';

/** Runs in the instructor's page: notes when each command is first drawn in a row. */
const WATCH_ROWS = `
  window.brokerlabSeen = {};
  const look = () => {
    for (const cell of document.querySelectorAll('.live-command-text')) {
      const text = cell.textContent;
      if (!(text in window.brokerlabSeen)) window.brokerlabSeen[text] = Date.now();
    }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
`;

/** From the end of a trainee's command, as their own window shows it, until it stands on the instructor's screen. */
export const classBench: Bench = {
  name: 'class-50',
  what: `${TRAINEES} trainees working: the instructor's screen behind reality`,
  async run(report) {
    await using server = await startServer();
    const token = /\/setup#(\S+)/.exec(server.output())?.[1];
    await fetch(`${server.url}/api/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: server.url },
      body: JSON.stringify({ token, name: 'admin', password: PASSWORD }),
    });
    const admin = await Trainee.signIn(server.url, 'admin', PASSWORD);
    const { id } = await admin.rest<ClassDetail>('POST', '/api/classes', {
      title: 'class-50',
      labIds: [LAB],
    });
    const { created } = await admin.rest<RosterAnswer>('POST', `/api/classes/${id}/roster`, {
      text: Array.from({ length: TRAINEES }, (_, index) => `수강생 ${index + 1}`).join('\n'),
    });
    await using browser = await openBrowser();
    const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    await page.addInitScript(WATCH_ROWS);
    await page.goto(server.url);
    await page.locator('input[name="username"]').fill('admin');
    await page.locator('input[name="password"]').fill(PASSWORD);
    await page.getByTestId('sign-in').click();
    await page.getByTestId('account').waitFor();
    const people = await seat(server.url, created);
    report(`${people.length} trainees have a prompt`);
    await page.goto(`${server.url}/classes/${id}?tab=live`);
    await page.getByTestId(`row-${created[0]!.account.name}`).waitFor();

    const socket = await watchRows(admin, id);
    const ended = new Map<string, number>();
    await Promise.all(people.map((person, index) => work(person, index, ended)));
    const lastOf = [...ended.keys()];
    await page.waitForFunction(
      `Object.keys(window.brokerlabSeen).length >= ${Math.floor(lastOf.length * 0.5)}`,
    );
    await socket.settle();
    const seen = (await page.evaluate('window.brokerlabSeen')) as Record<string, number>;
    const behind = (at: (command: string) => number | undefined): number[] =>
      lastOf.flatMap((command) => {
        const when = at(command);
        return when === undefined ? [] : [Math.max(0, when - ended.get(command)!)];
      });
    for (const { trainee } of people) trainee.close();
    admin.close();
    const onScreen = behind((command) => seen[command]);
    report(`${onScreen.length} of ${lastOf.length} commands seen on the screen before the next one`);
    const overSocket = behind((command) => socket.seen.get(command));
    return [
      atMost('class-50', percentile(onScreen, 95), { unit: 'ms', target: 500 }),
      { name: 'class-50-median', value: percentile(onScreen, 50), unit: 'ms' },
      atMost('class-50-socket', percentile(overSocket, 95), { unit: 'ms', target: 500 }),
    ];
  },
};

interface Seat {
  readonly trainee: Trainee;
  readonly terminal: TraineeTerminal;
}

/** A few at a time, as a class comes in. */
async function seat(url: string, created: RosterAnswer['created']): Promise<Seat[]> {
  const seats: Seat[] = [];
  for (let from = 0; from < created.length; from += 10) {
    const some = created.slice(from, from + 10).map(async ({ account, password }) => {
      const trainee = await Trainee.signIn(url, account.name, password!);
      await trainee.connect();
      const [terminal] = (await trainee.openLab(LAB)) as [TerminalInfo];
      await trainee.send({ type: 'class.enter', labId: LAB });
      const view = await trainee.terminal(terminal);
      await view.waitFor(/\$ /, { timeoutMs: 60_000 });
      return { trainee, terminal: view };
    });
    seats.push(...(await Promise.all(some)));
  }
  return seats;
}

/** Types commands of which each is the only one of its kind, with a person's pause between them. */
async function work({ terminal }: Seat, index: number, ended: Map<string, number>): Promise<void> {
  for (let number = 0; number < COMMANDS; number += 1) {
    await new Promise((resolve) => setTimeout(resolve, 400 + ((index * 37 + number * 211) % 1_200)));
    const command = `echo t${index}c${number}`;
    await terminal.run(command, { timeoutMs: 60_000 });
    ended.set(command, Date.now());
  }
}

async function watchRows(admin: Trainee, classId: string) {
  await admin.connect();
  const seen = new Map<string, number>();
  let lastAt = Date.now();
  admin.onMessage((message: ServerMessage) => {
    if (message.type !== 'class.rows') return;
    lastAt = Date.now();
    for (const row of message.rows as LiveRow[]) {
      if (row.command && !seen.has(row.command.text)) seen.set(row.command.text, lastAt);
    }
  });
  await admin.send({ type: 'class.watch', classId });
  return {
    seen,
    /** Nothing has come for a second. */
    async settle(): Promise<void> {
      while (Date.now() - lastAt < 1_000) await new Promise((resolve) => setTimeout(resolve, 100));
    },
  };
}
