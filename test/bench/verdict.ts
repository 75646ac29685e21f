import type { LabContent, ServerMessage, Solution } from '@brokerlab/server/contract';
import { openBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { startServer } from '../support/server-process.ts';
import { Trainee } from '../support/trainee.ts';
import { type Bench, medianAndP95 } from './measure.ts';

const ROUNDS = 8;

/** Runs in the page, as text, because the loader of this file marks functions in a way only it knows: notes when a check turns green. */
const WATCH_CHECKS = `
  window.brokerlabWatch = { greenAt: 0 };
  const look = () => {
    if (window.brokerlabWatch.greenAt === 0 && document.querySelector('[data-verdict="passed"]')) {
      window.brokerlabWatch.greenAt = Date.now();
    }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
`;

export const verdictBench: Bench = {
  name: 'verdict',
  what: 'end of the command that satisfies a check → green in the page',
  async run(report) {
    await using server = await startServer();
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await using browser = await openBrowser();
      const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 } });
      const page = await context.newPage();
      await page.addInitScript(WATCH_CHECKS);
      await page.goto(server.url);
      await page.getByTestId('try-here').click();
      await page.getByTestId('lab-first-topic').click();
      const cookies = await context.cookies();
      const trainee = Trainee.withCookie(
        server.url,
        cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
      );
      await trainee.connect();
      const endedAt: number[] = [];
      const terminals = await trainee.openLab('first-topic');
      const terminal = await trainee.terminal(terminals[0]);
      await terminal.waitFor(/\$ /);
      const commands = await firstStepCommands(trainee);
      trainee.onMessage((message: ServerMessage) => {
        if (message.type === 'terminal.output') endedAt.push(Date.now());
      });
      for (const command of commands) await terminal.run(command);
      const ended = endedAt.at(-1)!;
      const green = await eventually(
        async () => {
          const at = (await page.evaluate('window.brokerlabWatch.greenAt')) as number;
          if (at === 0) throw new Error('no check turned green in the page');
          return at;
        },
        { timeoutMs: 15_000, everyMs: 20 },
      );
      times.push(Math.max(0, green - ended));
      trainee.close();
    }
    report(`${ROUNDS} rounds: ${times.map((time) => time.toFixed(0)).join(' ')} ms`);
    return medianAndP95('verdict', times, { unit: 'ms', target: 150 });
  },
};

/** What a trainee types in the first step, as the lab's own solution tells it for this trainee's parameters. */
async function firstStepCommands(trainee: Trainee): Promise<string[]> {
  const lab = await trainee.rest<LabContent>('GET', '/api/labs/first-topic');
  const step = lab.steps[0]!;
  const solution = await trainee.rest<Solution>('POST', `/api/labs/first-topic/steps/${step.id}/solution`);
  return solution.commands.map(({ command }) => command);
}
