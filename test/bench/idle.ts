import { commandLine, cpuMs, descendants, pssBytes } from '../support/processes.ts';
import { startServer } from '../support/server-process.ts';
import { Trainee } from '../support/trainee.ts';
import { atMost, type Bench } from './measure.ts';
import { openOnce } from './open.ts';

const TRAINEES = 10;
/** V8 tidies up for some time after a start; idle is what comes after. */
const SETTLE_MS = 40_000;
const WATCH_MS = 30_000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export const idleBench: Bench = {
  name: 'idle-memory idle-cpu',
  what: `memory (PSS) and processor per idle trainee: box, shell and three brokers, ${TRAINEES} open`,
  async run(report) {
    await using server = await startServer();
    const trainees = await Promise.all(Array.from({ length: TRAINEES }, () => Trainee.tryHere(server.url)));
    for (const trainee of trainees) await openOnce(trainee);
    await pause(SETTLE_MS);
    const pids = descendants(server.pid);
    const all = [server.pid, ...pids];
    const before = new Map(all.map((pid) => [pid, cpuMs(pid)]));
    const startedAt = performance.now();
    await pause(WATCH_MS);
    const elapsedMs = performance.now() - startedAt;
    const percentOf = (some: readonly number[]) =>
      (some.reduce((sum, pid) => sum + cpuMs(pid) - before.get(pid)!, 0) / elapsedMs / TRAINEES) * 100;
    const cells = pids.filter((pid) => commandLine(pid).includes('cell/main'));
    const agents = pids.filter((pid) => commandLine(pid).includes('agent/main'));
    for (const [title, some] of [
      ['server', [server.pid]],
      ['cells', cells],
      ['agents', agents],
    ] as const) {
      report(`processor of ${title}: ${percentOf(some).toFixed(2)} % of a core per trainee`);
    }
    const cpuPercent = percentOf(all);
    const bytes = pids.reduce((sum, pid) => sum + pssBytes(pid), 0);
    report(`${pids.length} processes; the server itself holds ${(pssBytes(server.pid) / 1e6).toFixed(0)} MB`);
    for (const trainee of trainees) trainee.close();
    return [
      atMost('idle-memory', bytes / TRAINEES / 1e6, { unit: 'MB', target: 45 }),
      atMost('idle-cpu', cpuPercent, { unit: '% of a core', target: 0.3 }),
    ];
  },
};
