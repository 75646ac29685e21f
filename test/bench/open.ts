import { startServer } from '../support/server-process.ts';
import { Trainee } from '../support/trainee.ts';
import { atMost, type Bench, medianAndP95 } from './measure.ts';

const LAB = 'first-topic';
const ROUNDS = 10;
const THIRTY = 30;

/** From "open the lab" to a prompt on the screen and three brokers that answer. */
export async function openOnce(trainee: Trainee): Promise<number> {
  await trainee.connect();
  const startedAt = performance.now();
  const terminals = await trainee.openLab(LAB);
  const terminal = await trainee.terminal(terminals[0]);
  await terminal.waitFor(/\$ /, { timeoutMs: 60_000 });
  return performance.now() - startedAt;
}

export const openBench: Bench = {
  name: 'open-lab',
  what: 'opening a lab until the prompt is shown and all three brokers serve, one trainee',
  async run(report) {
    await using server = await startServer();
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const trainee = await Trainee.tryHere(server.url);
      times.push(await openOnce(trainee));
      await trainee.rest('DELETE', '/api/session');
      trainee.close();
    }
    report(`${ROUNDS} rounds: ${times.map((time) => time.toFixed(0)).join(' ')} ms`);
    return medianAndP95('open-lab', times, { unit: 'ms', target: 500 });
  },
};

/** Everything the lab left behind is there again: its topics' data is loaded, not made. */
export const wakeBench: Bench = {
  name: 'wake',
  what: 'a sleeping environment until its prompt is shown and all three brokers serve, one trainee',
  async run(report) {
    await using server = await startServer();
    const trainee = await Trainee.tryHere(server.url);
    await openOnce(trainee);
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      trainee.close();
      await trainee.rest('POST', `/api/labs/${LAB}/environment/stop`, {});
      times.push(await openOnce(trainee));
    }
    trainee.close();
    report(`${ROUNDS} rounds: ${times.map((time) => time.toFixed(0)).join(' ')} ms`);
    return medianAndP95('wake', times, { unit: 'ms', target: 1000 });
  },
};

export const openThirtyBench: Bench = {
  name: 'open-30',
  what: 'thirty trainees opening at once, until the last one is served',
  async run() {
    await using server = await startServer();
    const trainees = await Promise.all(Array.from({ length: THIRTY }, () => Trainee.tryHere(server.url)));
    const times = await Promise.all(trainees.map(openOnce));
    for (const trainee of trainees) trainee.close();
    return [atMost('open-30', Math.max(...times) / 1000, { unit: 's', target: 12 })];
  },
};
