/** The lab page from an empty cache, in a real browser: until one can type in its terminal. */
import { behind, typeLine } from '../e2e/room.ts';
import { openBrowser } from '../support/browser.ts';
import { startServer } from '../support/server-process.ts';
import { type Bench, medianAndP95 } from './measure.ts';

const LAB = 'first-topic';
const ROUNDS = 5;

export const pageBench: Bench = {
  name: 'page',
  what: 'the lab page, cold cache: from its address to instructions, map and a terminal that takes keys',
  async run(report) {
    await using server = await startServer();
    await using browser = await openBrowser();
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      // A new context has no cache; coming in is not part of what is measured.
      const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
      const came = await context.request.post(`${server.url}/api/session/try-here`, {
        data: {},
        headers: { origin: server.url },
      });
      if (!came.ok()) throw new Error(`nobody came in: ${came.status()}`);
      const page = await context.newPage();
      const startedAt = performance.now();
      await page.goto(`${server.url}/labs/${LAB}`, { waitUntil: 'commit' });
      await page.locator('[data-testid="terminal-1"] .xterm').first().waitFor();
      await typeLine(page, 'echo $((40+2))-here');
      // The page draws its terminals; what they show is read by a second window of the same person.
      const window = await behind(context, server.url);
      await window.connect();
      const [terminal] = await window.openLab(LAB);
      await (await window.terminal(terminal)).waitFor('42-here');
      times.push(performance.now() - startedAt);
      window.close();
      await context.close();
    }
    report(`${ROUNDS} rounds: ${times.map((time) => time.toFixed(0)).join(' ')} ms`);
    return medianAndP95('page', times, { unit: 'ms', target: 3000 });
  },
};
