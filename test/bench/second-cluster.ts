/** What a further cluster of the same trainee costs: labs of two and of three clusters, their brokers idle. */
import { descendants, pssBytes } from '../support/processes.ts';
import { startServer } from '../support/server-process.ts';
import { Trainee } from '../support/trainee.ts';
import { atMost, type Bench } from './measure.ts';

const LABS = { two: 'mm2-active-passive', three: 'mm2-topologies' } as const;
const TRAINEES = 4;
const SETTLE_MS = 40_000;

export const secondClusterBench: Bench = {
  name: 'second-cluster',
  what: `memory (PSS) that one more cluster of the same trainee takes, idle, ${TRAINEES} trainees`,
  async run(report) {
    const two = await memoryOf(LABS.two);
    const three = await memoryOf(LABS.three);
    report(`a trainee takes ${two.toFixed(1)} MB with two clusters, ${three.toFixed(1)} MB with three`);
    return [atMost('second-cluster', three - two, { unit: 'MB', target: 10 })];
  },
};

async function memoryOf(lab: string): Promise<number> {
  await using server = await startServer();
  const trainees = await Promise.all(Array.from({ length: TRAINEES }, () => Trainee.tryHere(server.url)));
  for (const trainee of trainees) {
    await trainee.connect();
    const [first] = await trainee.openLab(lab);
    await (await trainee.terminal(first)).waitFor(/\$ /, { timeoutMs: 60_000 });
  }
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const bytes = descendants(server.pid).reduce((sum, pid) => sum + pssBytes(pid), 0);
  for (const trainee of trainees) trainee.close();
  return bytes / TRAINEES / 1e6;
}
