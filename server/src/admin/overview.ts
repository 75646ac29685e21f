/** The whole server at one moment, for administrators. */
import type { AdminOverview, RunningEnvironment } from '../contract/main.ts';
import type { LabSession } from '../sessions/lab-session.ts';
import type { LabSessions } from '../sessions/lab-sessions.ts';
import { forecastOf } from './forecast.ts';
import { readMachine } from './machine.ts';

export interface OverviewOptions {
  readonly labSessions: LabSessions;
  readonly dataDirectory: string;
  readonly version: string;
  readonly startedAt: number;
  readonly now: () => number;
}

export async function readOverview(options: OverviewOptions): Promise<AdminOverview> {
  const { labSessions, dataDirectory, version, startedAt, now } = options;
  const [machine, found] = await Promise.all([
    readMachine(dataDirectory),
    Promise.all(labSessions.all().map(environmentOf)),
  ]);
  const environments = found.flat().sort((a, b) => a.account.name.localeCompare(b.account.name));
  const sum = (of: (one: RunningEnvironment) => number) =>
    environments.reduce((total, one) => total + of(one), 0);
  const forecast = forecastOf(machine, {
    environments: environments.length,
    memoryBytes: sum(({ memoryBytes }) => memoryBytes),
    diskBytes: sum(({ diskBytes }) => diskBytes),
  });
  return { version, startedAt, at: now(), machine, forecast, environments };
}

async function environmentOf(session: LabSession): Promise<RunningEnvironment[]> {
  const { state } = session.environment;
  if (state.state === 'asleep') return [];
  const use = await session.environment.use().catch(() => null);
  const { id, name, display_name } = session.account;
  return [
    {
      account: { id, name, displayName: display_name },
      labId: session.lab.id,
      title: { ko: session.lab.text.ko.title, en: session.lab.text.en.title },
      state: state.state,
      since: state.state === 'ready' ? state.since : null,
      viewers: session.viewers,
      cpuMs: use?.cpuMs ?? 0,
      memoryBytes: use?.memoryBytes ?? 0,
      diskBytes: use?.diskBytes ?? 0,
    },
  ];
}
