import { startServer } from '../support/server-process.ts';
import { Trainee, type TraineeTerminal } from '../support/trainee.ts';
import { type Bench, percentile } from './measure.ts';
import { openOnce } from './open.ts';

const TRAINEES = 30;
const KEYS = 40;
/** A quick typist: five keys a second. */
const KEY_EVERY_MS = 200;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function typeKeys(terminal: TraineeTerminal): Promise<number[]> {
  const times: number[] = [];
  await pause(Math.random() * KEY_EVERY_MS);
  for (let key = 0; key < KEYS; key++) {
    const since = terminal.text.length;
    const startedAt = performance.now();
    const letter = 'abcdefghij'[key % 10]!;
    const echo = terminal.waitFor(letter, { since, timeoutMs: 5000 });
    await terminal.type(letter);
    await echo;
    times.push(performance.now() - startedAt);
    await pause(Math.max(0, KEY_EVERY_MS - (performance.now() - startedAt)));
  }
  return times;
}

export const echoBench: Bench = {
  name: 'echo-30',
  what: `keystroke → its echo received by the page's socket, ${TRAINEES} trainees typing`,
  async run(report) {
    await using server = await startServer();
    const trainees = await Promise.all(Array.from({ length: TRAINEES }, () => Trainee.tryHere(server.url)));
    const terminals: TraineeTerminal[] = [];
    for (const trainee of trainees) {
      await openOnce(trainee);
      terminals.push(await trainee.terminal());
    }
    for (const terminal of terminals) await terminal.waitFor(/\$ /);
    await pause(3000);
    const times = (await Promise.all(terminals.map(typeKeys))).flat();
    for (const trainee of trainees) trainee.close();
    report(`${times.length} keys: median ${percentile(times, 50).toFixed(1)} ms`);
    const p99 = percentile(times, 99);
    return [{ name: 'echo-30', value: p99, unit: 'ms (p99)', target: 25, met: p99 <= 25 }];
  },
};
