/**
 * What is noticed of a trainee at work in one lab, for as long as the server runs: commands, tries, and how the groups of their
 * cluster stood at the last looks. What must survive a restart is in the store; this is for telling who is stuck.
 */
import type { ClusterView } from '../../contract/main.ts';
import type { LabEvent } from '../../sessions/lab-events.ts';
import type { LabSession } from '../../sessions/lab-session.ts';

export interface NoticedCommand {
  readonly text: string;
  readonly exitCode: number;
  /** The line of its output that tells what went wrong. */
  readonly said: string;
  readonly at: number;
}

export interface GroupSample {
  readonly id: string;
  readonly members: number;
  readonly idleMembers: number;
  readonly partitions: number;
  readonly lag: number | null;
}

export interface GroupsAt {
  readonly at: number;
  readonly groups: readonly GroupSample[];
}

export interface Activity {
  /** Of the open step, oldest first. */
  commands: NoticedCommand[];
  /** Of whichever step. */
  last: NoticedCommand | null;
  /** What runs, by terminal. */
  running: Map<string, { readonly text: string; readonly at: number }>;
  /** Answers and program runs of the open step, by check. */
  tries: Map<string, number>;
  /** Oldest first. */
  groups: GroupsAt[];
  lastAt: number;
  stepId: string | null;
}

const ACTIVITIES_MAX = 2_000;
const COMMANDS_MAX = 12;
const SAMPLES_MAX = 8;
const TEXT_CHARACTERS_MAX = 300;
const SAID_CHARACTERS_MAX = 200;
const ERROR_WORDS = /\b(error|exception|no such|not found|denied|refused|unknown|invalid|failed)\b/i;
const CONTROLS = /\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x1f\x7f]/g;

export class Activities {
  readonly #byLab = new Map<string, Activity>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  of(accountId: string, labId: string): Activity | undefined {
    return this.#byLab.get(`${accountId}/${labId}`);
  }

  note(session: LabSession, event: LabEvent): void {
    const activity = this.#open(session);
    const at = this.#now();
    const stepId = session.progress.openStepId(session.lab);
    if (stepId !== activity.stepId) {
      activity.stepId = stepId;
      activity.commands = [];
      activity.tries.clear();
      activity.lastAt = at;
    }
    if (event.kind === 'begun') {
      const { terminal, command } = event.command;
      activity.running.set(terminal, { text: command.slice(0, TEXT_CHARACTERS_MAX), at });
    }
    // The shells of before are gone.
    if (session.environment.state.state !== 'ready') activity.running.clear();
    if (event.kind === 'command') {
      activity.running.delete(event.command.terminal);
      const { command, exitCode, output } = event.command;
      const text = command.slice(0, TEXT_CHARACTERS_MAX);
      activity.last = { text, exitCode, said: tellingLine(output), at };
      activity.commands.push(activity.last);
      if (activity.commands.length > COMMANDS_MAX) activity.commands.shift();
    }
    if (event.kind === 'tried') {
      activity.tries.set(event.checkId, (activity.tries.get(event.checkId) ?? 0) + 1);
    }
    if (event.kind !== 'changed' && event.kind !== 'tick') activity.lastAt = at;
  }

  noteGroups(session: LabSession, view: ClusterView): void {
    const activity = this.#open(session);
    const groups = view.groups.map((group) => ({
      id: group.id,
      members: group.members.length,
      idleMembers: group.members.filter(({ partitions }) => partitions.length === 0).length,
      partitions: group.members.reduce((sum, { partitions }) => sum + partitions.length, 0),
      lag: group.lag,
    }));
    activity.groups.push({ at: this.#now(), groups });
    if (activity.groups.length > SAMPLES_MAX) activity.groups.shift();
  }

  #open(session: LabSession): Activity {
    const key = `${session.account.id}/${session.lab.id}`;
    const known = this.#byLab.get(key);
    if (known) return known;
    const made: Activity = {
      commands: [],
      last: null,
      running: new Map(),
      tries: new Map(),
      groups: [],
      lastAt: this.#now(),
      stepId: session.progress.openStepId(session.lab),
    };
    this.#byLab.set(key, made);
    // The one that was begun longest ago goes.
    if (this.#byLab.size > ACTIVITIES_MAX) this.#byLab.delete(this.#byLab.keys().next().value!);
    return made;
  }
}

/** The line that says what went wrong: one that speaks of an error, or else the last. */
function tellingLine(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const telling = lines.find((line) => ERROR_WORDS.test(line)) ?? lines.at(-1) ?? '';
  return telling.replace(CONTROLS, '').slice(0, SAID_CHARACTERS_MAX);
}
