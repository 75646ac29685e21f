/** A server with an administrator and instructors, classes with trainees in them, and what their windows know. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  ClassDetail,
  ClassState,
  LiveClass,
  LiveRow,
  RosterAnswer,
  TraineeState,
} from '../../server/src/contract/main.ts';
import { createBwrapDriver } from '../../server/src/sandbox/main.ts';
import { eventually } from '../support/eventually.ts';
import { Trainee } from '../support/trainee.ts';
import { type Client, PASSWORD, PROGRAM_DIRECTORY, startTestServer, type TestServer } from './harness.ts';

export const LAB = 'first-topic';
const scratch = mkdtempSync(join(tmpdir(), 'brokerlab-probe-'));
const driverFor = (dataDir: string) => createBwrapDriver({ dataDir, programDir: PROGRAM_DIRECTORY });
export const usable = (await driverFor(scratch).probe()).usable;
rmSync(scratch, { recursive: true, force: true });

export interface Room {
  readonly id: string;
  readonly teacher: Trainee;
  readonly trainees: readonly { readonly id: string; readonly name: string; readonly person: Trainee }[];
}

/** Instructors are there: `teacher`, `helper`, `stranger`. */
export class School {
  readonly host: TestServer;
  readonly admin: Client;

  private constructor(host: TestServer, admin: Client) {
    this.host = host;
    this.admin = admin;
  }

  static async open(): Promise<School> {
    const host = await startTestServer({ createDriver: driverFor });
    const admin = await host.administrator();
    for (const name of ['teacher', 'helper', 'stranger'])
      await admin.post('/api/accounts', { name, role: 'instructor', password: PASSWORD }).expect(200);
    return new School(host, admin);
  }

  async staff(name: string): Promise<Trainee> {
    const person = await Trainee.signIn(this.host.url, name, PASSWORD);
    await person.connect();
    return person;
  }

  async room(names: readonly string[]): Promise<Room> {
    const teacher = await this.staff('teacher');
    const made = await teacher.rest<ClassDetail>('POST', '/api/classes', {
      title: '수업',
      labIds: [LAB, 'produce-consume'],
    });
    const { created } = await teacher.rest<RosterAnswer>('POST', `/api/classes/${made.id}/roster`, {
      text: names.map((name) => `${name},${name}-${made.id.slice(0, 6)}`).join('\n'),
    });
    const trainees = await Promise.all(
      created.map(async ({ account, password }) => {
        const person = await Trainee.signIn(this.host.url, account.name, password!);
        await person.connect();
        return { id: account.id, name: account.name, person };
      }),
    );
    return { id: made.id, teacher, trainees };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.host[Symbol.asyncDispose]();
  }
}

/** The class as the watching window has it: the answer, then deltas. */
export async function watch(person: Trainee, classId: string): Promise<Screen> {
  const rows = new Map<string, LiveRow>();
  let state: ClassState | undefined;
  person.onMessage((message) => {
    if (message.type === 'class.rows' && message.classId === classId) {
      for (const row of message.rows) rows.set(row.accountId, row);
      for (const id of message.removed) rows.delete(id);
    }
    if (message.type === 'class.state' && message.classId === classId) state = message.state;
  });
  const answer = await person.send({ type: 'class.watch', classId });
  for (const row of answer.rows) if (!rows.has(row.accountId)) rows.set(row.accountId, row);
  state ??= answer.state;
  return { rows, answer, state: () => state! };
}
export interface Screen {
  readonly rows: ReadonlyMap<string, LiveRow>;
  readonly answer: LiveClass;
  state(): ClassState;
}

/** What the trainee's page knows of the class: the answer, then what was pushed. */
export async function enter(person: Trainee, labId = LAB): Promise<() => TraineeState> {
  let state: TraineeState | undefined;
  person.onMessage((message) => {
    if (message.type === 'class.trainee') state = message.state;
  });
  const answer = await person.send({ type: 'class.enter', labId });
  state ??= answer;
  return () => state!;
}

export async function codeOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => new Error('it was not refused'),
    (thrown: unknown) => thrown as Error,
  );
  return /"code":"(\w+)"/.exec(error.message)?.[1] ?? /: (\w+) /.exec(error.message)?.[1] ?? error.message;
}

export const soon = <T>(check: () => T | Promise<T>): Promise<T> =>
  eventually(async () => check(), { timeoutMs: 20_000, everyMs: 20 });
