/** One trainee's row on the class's screen, from the lab they have open and what the store knows of the others. */
import type { Lab } from '@brokerlab/grader';
import type { ClassMember, LiveRow } from '../../contract/main.ts';
import type { LabSession } from '../../sessions/lab-session.ts';
import type { Activity } from './activity.ts';
import { weigh } from './stuck.ts';

export interface RowSource {
  readonly member: Pick<ClassMember, 'accountId' | 'name' | 'displayName' | 'guest'>;
  readonly handAt: number | null;
  readonly locks: LiveRow['locks'];
  readonly staff: LiveRow['staff'];
  /** Letters of the labs that have been begun, by lab. */
  readonly labs: Readonly<Record<string, string>>;
  /** Open ones of the class's labs. */
  readonly sessions: readonly LabSession[];
  /** The lab of before, when none is open. */
  readonly lastLabId: string | null;
  readonly activityOf: (labId: string) => Activity | undefined;
  readonly now: number;
}

export function liveRow(source: RowSource): LiveRow {
  const { member, sessions, now } = source;
  const session = currentOf(sessions);
  const activity = session && source.activityOf(session.lab.id);
  const online = sessions.some(({ viewers }) => viewers > 0);
  const open = session ? openStepOf(session) : { stepId: null, since: null };
  const environment = environmentOf(session, source);
  const { reasons, weight } = weigh({
    now,
    online,
    environment,
    stepSince: open.since,
    planMs: session ? (session.lab.minutes * 60_000) / session.lab.steps.length : 0,
    activity,
    checkTitle: (checkId) => titleOf(session?.lab, checkId),
  });
  return {
    ...member,
    online,
    labId: session?.lab.id ?? source.lastLabId,
    labs: {
      ...source.labs,
      ...Object.fromEntries(sessions.filter(isBegun).map((one) => [one.lab.id, lettersOf(one)])),
    },
    stepId: open.stepId,
    stepSince: open.since,
    command: lastCommand(activity, session),
    handAt: source.handAt,
    locks: source.locks,
    staff: source.staff,
    environment,
    reasons: [...reasons],
    weight,
  };
}

/** `p` passed, `o` open, `h` open with help, `-` not yet. */
export function letters(
  steps: readonly { readonly id: string }[],
  of: (stepId: string) => { passed: boolean; helped: boolean },
): string {
  let open = true;
  return steps
    .map(({ id }) => {
      const { passed, helped } = of(id);
      if (passed) return 'p';
      const letter = !open ? '-' : helped ? 'h' : 'o';
      open = false;
      return letter;
    })
    .join('');
}

function lettersOf({ lab, progress }: LabSession): string {
  return letters(lab.steps, (stepId) => {
    const record = progress.steps.get(stepId);
    return {
      passed: Boolean(record?.passedAt),
      helped: (record?.hintsOpened ?? 0) > 0 || Boolean(record?.solutionOpenedAt),
    };
  });
}

function isBegun({ progress }: LabSession): boolean {
  return progress.startedAt !== null;
}

/** The one looked at; else the one used last. */
function currentOf(sessions: readonly LabSession[]): LabSession | undefined {
  return [...sessions].sort(
    (one, other) => Number(other.viewers > 0) - Number(one.viewers > 0) || other.lastUsedMs - one.lastUsedMs,
  )[0];
}

function openStepOf({ lab, progress }: LabSession): { stepId: string | null; since: number | null } {
  const stepId = progress.openStepId(lab);
  const at = lab.steps.findIndex(({ id }) => id === stepId);
  if (at < 0 || progress.startedAt === null) return { stepId, since: null };
  const before = at === 0 ? null : progress.steps.get(lab.steps[at - 1]!.id)?.passedAt;
  return { stepId, since: before ?? progress.startedAt };
}

function environmentOf(session: LabSession | undefined, { labs }: RowSource): LiveRow['environment'] {
  if (!session) return Object.keys(labs).length > 0 ? 'asleep' : 'none';
  const { state } = session.environment.state;
  return state === 'stopping' ? 'asleep' : state;
}

function lastCommand(activity: Activity | undefined, session: LabSession | undefined): LiveRow['command'] {
  const noticed = activity?.last;
  const running = [...(activity?.running.values() ?? [])].sort((one, other) => other.at - one.at)[0];
  if (running && running.at >= (noticed?.at ?? 0))
    return { text: running.text, exitCode: null, at: running.at };
  if (noticed) return { text: noticed.text, exitCode: noticed.exitCode, at: noticed.at };
  // After a restart of the server, or in a step just begun: what was kept.
  const kept = session?.progress.commands.at(-1);
  if (!kept || !session) return null;
  return { text: kept.command.slice(0, 300), exitCode: kept.exitCode, at: session.progress.startedAt ?? 0 };
}

function titleOf(lab: Lab | undefined, checkId: string) {
  const step = lab?.steps.find(({ checks }) => checks.some(({ id }) => id === checkId));
  const title = (language: 'ko' | 'en') =>
    (step && lab?.text[language].steps[step.id]?.checks[checkId]) ?? checkId;
  return { ko: title('ko'), en: title('en') };
}
