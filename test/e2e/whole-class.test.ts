/**
 * Fifty people do a whole lab: a few in real browsers, the rest as their pages would at the socket. In the middle the
 * server is killed and started again. Nobody waits, and nothing anybody was told is lost.
 */
import type {
  ClassDetail,
  LabContent,
  LabState,
  LiveClass,
  RosterAnswer,
  Solution,
} from '@brokerlab/server/contract';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, test } from 'vitest';
import { findBrowser, openBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import { Trainee, type TraineeTerminal } from '../support/trainee.ts';
import { administrator, behind, openLab, signIn, stepPassed, typeLine } from './room.ts';

const PEOPLE = 50;
const IN_BROWSERS = 3;
const LAB = 'first-topic';
/** So many have the fourth step when the server is killed. */
const KILLED_AFTER = 20;
/** From the last command's end until its step is green, for everybody; and for the one in the middle. */
const LONGEST_MS = 30_000;
const MEDIAN_MS = 3_000;

const reason =
  findBrowser() === undefined ? 'no Chromium: "sudo apt-get install chromium" installs it' : undefined;

interface Seat {
  readonly url: string;
  readonly name: string;
  readonly password: string;
}

/** One of the class, however they look at it. */
interface Student {
  readonly name: string;
  /** The steps this person has been shown as passed. */
  readonly shown: Set<string>;
  solution(stepId: string): Promise<readonly string[]>;
  /** Types them one after the other, as somebody does who waits for the prompt. */
  type(commands: readonly string[]): Promise<void>;
  /** Resolves when this person is shown the step as passed. */
  passed(stepId: string): Promise<void>;
  /** After the server was away. */
  comeBack(): Promise<void>;
  state(): Promise<LabState>;
  leave(): void;
}

describe.skipIf(reason !== undefined)(`a class of ${PEOPLE}${reason ? ` (${reason})` : ''}`, () => {
  let server: ServerProcess | undefined;
  afterAll(() => server?.stop());

  test('does a whole lab while its server is killed in the middle', { timeout: 480_000 }, async () => {
    server = await startServer();
    const admin = await administrator(server);
    const { id } = await admin.rest<ClassDetail>('POST', '/api/classes', { title: '수업', labIds: [LAB] });
    const text = Array.from({ length: PEOPLE }, (_, index) => `수강생 ${index + 1}`).join('\n');
    const { created } = await admin.rest<RosterAnswer>('POST', `/api/classes/${id}/roster`, { text });
    expect(created).toHaveLength(PEOPLE);
    await using browser = await openBrowser();
    const pages: Page[] = [];
    for (let count = 0; count < IN_BROWSERS; count++) {
      const context = await browser.newContext({ locale: 'ko-KR', viewport: { width: 1280, height: 720 } });
      pages.push(await context.newPage());
    }
    const { url } = server;
    const people = await inTens(created, ({ account, password }, index) =>
      index < IN_BROWSERS
        ? atPage(pages[index]!, { url, name: account.name, password: password! })
        : atSocket({ url, name: account.name, password: password! }),
    );
    const { steps } = await admin.rest<LabContent>('GET', `/api/labs/${LAB}`);
    const waits: number[] = [];
    const everyone = (stepId: string) =>
      Promise.all(
        people.map(async (student) => {
          if (!student.shown.has(stepId)) waits.push(await passStep(student, stepId));
        }),
      );
    for (const { id: step } of steps.slice(0, 3)) await everyone(step);

    const fourth = steps[3]!.id;
    const underway = Promise.allSettled(people.map((student) => passStep(student, fourth)));
    const enough = eventually(
      () => expect(people.filter(({ shown }) => shown.has(fourth)).length).toBeGreaterThan(KILLED_AFTER),
      { timeoutMs: LONGEST_MS * 2 },
    );
    await Promise.race([enough, underway]);
    await server.kill();
    const told = people.map(({ shown }) => [...shown]);
    server = await startServer({ dataDir: server.dataDir, port: Number(new URL(url).port) });
    await inTens(people, async (student, index) => {
      await student.comeBack();
      const { steps: now } = await student.state();
      const kept = now.filter(({ state }) => state === 'passed').map(({ id: step }) => step);
      expect(kept, student.name).toEqual(expect.arrayContaining(told[index]!));
    });
    for (const { id: step } of steps.slice(3)) await everyone(step);

    const again = Trainee.withCookie(server.url, admin.cookie);
    await again.connect();
    const live: LiveClass = await again.send({ type: 'class.watch', classId: id });
    expect(live.rows).toHaveLength(PEOPLE);
    for (const row of live.rows) expect(row.labs[LAB], row.name).toMatch(new RegExp(`^p{${steps.length}}$`));
    waits.sort((a, b) => a - b);
    expect(waits.at(-1)).toBeLessThan(LONGEST_MS);
    expect(waits[waits.length >> 1]).toBeLessThan(MEDIAN_MS);
    for (const student of people) student.leave();
    again.close();
  });
});

async function passStep(student: Student, stepId: string): Promise<number> {
  await student.type(await student.solution(stepId));
  const since = performance.now();
  await student.passed(stepId);
  student.shown.add(stepId);
  return performance.now() - since;
}

const solutionOf = async (person: Trainee, stepId: string): Promise<readonly string[]> => {
  const { commands } = await person.rest<Solution>('POST', `/api/labs/${LAB}/steps/${stepId}/solution`);
  return commands.map(({ command }) => command);
};

async function atSocket({ url, name, password }: Seat): Promise<Student> {
  let person = await Trainee.signIn(url, name, password);
  let state: LabState;
  let terminal: TraineeTerminal;
  const enter = async (): Promise<void> => {
    await person.connect();
    person.onMessage((message) => {
      if (message.type === 'lab') state = message.lab;
    });
    const [first] = await person.openLab(LAB);
    state = await person.labState(LAB);
    terminal = await person.terminal(first);
    await person.send({ type: 'class.enter', labId: LAB });
  };
  await enter();
  return {
    name,
    shown: new Set(),
    solution: (stepId) => solutionOf(person, stepId),
    async type(commands) {
      for (const command of commands) await terminal.run(command, { timeoutMs: LONGEST_MS });
    },
    async passed(stepId) {
      await eventually(
        () => expect(state.steps.find(({ id }) => id === stepId)?.state, `${name}: ${stepId}`).toBe('passed'),
        { timeoutMs: LONGEST_MS },
      );
    },
    async comeBack() {
      person.close();
      person = Trainee.withCookie(url, person.cookie);
      await enter();
    },
    state: () => person.labState(LAB),
    leave: () => person.close(),
  };
}

/** The page finds back by itself. */
async function atPage(page: Page, seat: Seat): Promise<Student> {
  await signIn(page, seat.url, seat);
  const form = page.getByTestId('first-password');
  await form.waitFor();
  for (const field of await page.locator('input[autocomplete="new-password"]').all())
    await field.fill('my own long password');
  await form.getByRole('button', { name: '정하고 시작하기' }).click();
  await openLab(page, LAB);
  const person = await behind(page.context(), seat.url);
  return {
    name: seat.name,
    shown: new Set(),
    solution: (stepId) => solutionOf(person, stepId),
    async type(commands) {
      for (const command of commands) await typeLine(page, command);
    },
    passed: (stepId) => stepPassed(page, stepId, LONGEST_MS),
    async comeBack() {
      await page
        .locator('[data-testid="connection"][data-state="connected"]')
        .waitFor({ timeout: LONGEST_MS });
      await page.getByTestId('terminal-1').waitFor({ timeout: LONGEST_MS });
    },
    state: () => person.labState(LAB),
    leave: () => undefined,
  };
}

/** As a class comes in: not all in the same moment. */
async function inTens<T, R>(items: readonly T[], one: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let from = 0; from < items.length; from += 10) {
    const some = items.slice(from, from + 10);
    done.push(...(await Promise.all(some.map((item, index) => one(item, from + index)))));
  }
  return done;
}
