import { cpuMs } from '../support/processes.ts';
import { startServer } from '../support/server-process.ts';
import { Trainee, type TraineeTerminal } from '../support/trainee.ts';
import { atMost, type Bench } from './measure.ts';

const TRAINEES = 60;
const AT_ONCE = 10;
const LAB = 'first-topic';
const WORK_MS = 40_000;
/** Somebody who types a command, reads what it says and thinks: every so often, each in their own rhythm. */
const PAUSE_MS = { least: 4_000, most: 12_000 } as const;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * The server's own processor while everybody changes their cluster: grading, and with it all else the server does for
 * them (terminals, sockets, the store), so grading takes at most that.
 */
export const gradeSixtyBench: Bench = {
  name: 'grade-60',
  what: `${TRAINEES} trainees' clusters graded while all of them work: processor of the whole server, grading included`,
  async run(report) {
    await using server = await startServer();
    const terminals: TraineeTerminal[] = [];
    const trainees: Trainee[] = [];
    for (let from = 0; from < TRAINEES; from += AT_ONCE) {
      const some = Array.from({ length: AT_ONCE }, async () => {
        const trainee = await Trainee.tryHere(server.url);
        await trainee.connect();
        const terminal = await trainee.terminal((await trainee.openLab(LAB))[0]);
        await terminal.waitFor(/\$ /, { timeoutMs: 60_000 });
        trainees.push(trainee);
        terminals.push(terminal);
      });
      await Promise.all(some);
    }
    report(`${terminals.length} trainees have a prompt`);
    const until = performance.now() + WORK_MS;
    const before = cpuMs(server.pid);
    const startedAt = performance.now();
    const counts = await Promise.all(terminals.map((terminal, index) => work(terminal, { index, until })));
    const cores = (cpuMs(server.pid) - before) / (performance.now() - startedAt);
    report(`${counts.reduce((sum, count) => sum + count, 0)} commands that changed a cluster`);
    for (const trainee of trainees) trainee.close();
    return [atMost('grade-60', cores, { unit: 'core', target: 0.5 })];
  },
};

/** How many commands were run. */
async function work(
  terminal: TraineeTerminal,
  { index, until }: { index: number; until: number },
): Promise<number> {
  let count = 0;
  const { least, most } = PAUSE_MS;
  for (;;) {
    await pause(least + ((index * 977 + count * 2_311) % (most - least)));
    if (performance.now() > until) return count;
    const command = `kafka-topics.sh --bootstrap-server localhost:9092 --create --topic t${index}-${count}`;
    await terminal.run(command, { timeoutMs: 60_000 });
    count += 1;
  }
}
