import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrowser, openBrowser } from '../support/browser.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import {
  accountsFor,
  behind,
  type Credentials,
  contentOf,
  openLab,
  signIn,
  solutionOf,
  stepPassed,
  typeLine,
} from './room.ts';

const reason =
  findBrowser() === undefined ? 'no Chromium: "sudo apt-get install chromium" installs it' : undefined;

describe.skipIf(reason !== undefined)(
  `the lab first-topic in the browser${reason ? ` (${reason})` : ''}`,
  () => {
    let server: ServerProcess;
    let people: Credentials[];

    beforeAll(async () => {
      server = await startServer();
      people = await accountsFor(server, 2);
    });
    afterAll(() => server?.stop());

    it('is done from sign-in to the last green check by typing, and survives a reload in the middle', async () => {
      await using browser = await openBrowser();
      const context = await browser.newContext({ locale: 'ko-KR', viewport: { width: 1280, height: 720 } });
      const page = await context.newPage();
      await signIn(page, server.url, people[0]!);
      await openLab(page, 'first-topic');
      const person = await behind(context, server.url);
      const { steps } = await contentOf(person, 'first-topic');
      for (const [index, step] of steps.entries()) {
        const { commands } = await solutionOf(person, 'first-topic', step.id);
        for (const { command } of commands) await typeLine(page, command);
        await stepPassed(page, step.id);
        if (index === 2) {
          await page.reload();
          await stepPassed(page, steps[0]!.id);
          await page.getByTestId('terminal-1').waitFor();
        }
      }
      const { passedAt } = await person.labState('first-topic');
      expect(passedAt).not.toBeNull();
    }, 120_000);

    it('gives two trainees a localhost:9092 each: the same topic name, and neither sees the other’s', async () => {
      await using browser = await openBrowser();
      const [one, two] = await Promise.all(
        people.map(async (who) => {
          const context = await browser.newContext({
            locale: 'en-US',
            viewport: { width: 1280, height: 720 },
          });
          const page = await context.newPage();
          await signIn(page, server.url, who);
          await openLab(page, 'produce-consume');
          const person = await behind(context, server.url);
          await person.connect();
          const terminal = await person.terminal((await person.openLab('produce-consume'))[0]);
          await terminal.waitFor(/\$ /);
          return { page, person, terminal };
        }),
      );
      const tool = 'kafka-topics.sh --bootstrap-server localhost:9092';
      await one!.terminal.run(`${tool} --create --topic same --partitions 2`);
      await one!.terminal.run(`${tool} --create --topic only-one`);
      const created = await two!.terminal.run(`${tool} --create --topic same --partitions 5`);
      expect(created).toContain('Created topic same.');
      const list = await two!.terminal.run(`${tool} --list`);
      expect(list).not.toContain('only-one');
      expect(await one!.terminal.run(`${tool} --describe --topic same`)).toContain('PartitionCount: 2');
      one!.person.close();
      two!.person.close();
    }, 120_000);
  },
);
