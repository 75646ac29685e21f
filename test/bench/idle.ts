import { cpuMs, descendants, pssBytes } from '../support/processes.ts';
import { startServer } from '../support/server-process.ts';
import { Trainee } from '../support/trainee.ts';
import { atMost, type Bench } from './measure.ts';
import { openOnce } from './open.ts';

const TRAINEES = 10;
const SETTLE_MS = 15_000;
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
    const used = () => [server.pid, ...pids].reduce((sum, pid) => sum + cpuMs(pid), 0);
    const before = used();
    const startedAt = performance.now();
    await pause(WATCH_MS);
    const cpuPercent = ((used() - before) / (performance.now() - startedAt) / TRAINEES) * 100;
    const bytes = pids.reduce((sum, pid) => sum + pssBytes(pid), 0);
    report(`${pids.length} processes; the server itself holds ${(pssBytes(server.pid) / 1e6).toFixed(0)} MB`);
    for (const trainee of trainees) trainee.close();
    return [
      atMost('idle-memory', bytes / TRAINEES / 1e6, { unit: 'MB', target: 45 }),
      atMost('idle-cpu', cpuPercent, { unit: '% of a core', target: 0.3 }),
    ];
  },
};
