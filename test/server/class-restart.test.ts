/** The server is killed in the middle of a class and started again: nothing of the class is lost. */
import { afterAll, describe, expect, test } from 'vitest';
import type {
  AccountsWithPasswords,
  ClassDetail,
  ClassState,
  LabContent,
  LiveClass,
  RosterAnswer,
  Solution,
  TraineeState,
} from '../../server/src/contract/main.ts';
import { eventually } from '../support/eventually.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import { Trainee } from '../support/trainee.ts';

const LAB = 'first-topic';
const PASSWORD = 'a-long-enough-password';

async function administrator(server: ServerProcess): Promise<Trainee> {
  const token = /\/setup#(\S+)/.exec(server.output())?.[1];
  await fetch(`${server.url}/api/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.url },
    body: JSON.stringify({ token, name: 'admin', password: PASSWORD }),
  });
  return Trainee.signIn(server.url, 'admin', PASSWORD);
}

describe('a class whose server is killed', () => {
  let server: ServerProcess | undefined;
  afterAll(() => server?.stop());

  test('goes on where it was: steps, hand, pause, locks, time, messages, sign-ins', {
    timeout: 120_000,
  }, async () => {
    server = await startServer();
    const admin = await administrator(server);
    const { id } = await admin.rest<ClassDetail>('POST', '/api/classes', { title: '수업', labIds: [LAB] });
    const { created } = await admin.rest<RosterAnswer>('POST', `/api/classes/${id}/roster`, {
      text: '하나\n둘\n셋',
    });
    const people = await Promise.all(
      (created as AccountsWithPasswords['created']).map(async ({ account, password }) => {
        const person = await Trainee.signIn(server!.url, account.name, password!);
        await person.connect();
        return { id: account.id, person };
      }),
    );
    const [first, second, third] = people;
    const [terminal] = await first!.person.openLab(LAB);
    const view = await first!.person.terminal(terminal);
    const lab = await first!.person.rest<LabContent>('GET', `/api/labs/${LAB}`);
    const step = lab.steps[0]!;
    const { commands } = await first!.person.rest<Solution>(
      'POST',
      `/api/labs/${LAB}/steps/${step.id}/solution`,
    );
    for (const { command } of commands) await view.run(command);
    await eventually(async () => expect((await first!.person.labState(LAB)).steps[0]?.state).toBe('passed'));
    await second!.person.send({ type: 'class.enter', labId: LAB });
    await second!.person.send({ type: 'class.hand', up: true });
    const base = `/api/classes/${id}`;
    await admin.rest('POST', `${base}/messages`, { to: [third!.id], kind: 'message', text: '곧 시작해요' });
    await admin.rest('PUT', `${base}/lock`, { labId: LAB, stepId: lab.steps[2]!.id });
    await admin.rest('PUT', `${base}/timer`, { minutes: 30 });
    const before = await admin.rest<ClassState>('PUT', `${base}/pause`, {
      paused: true,
      message: '잠시만요',
    });

    const port = Number(new URL(server.url).port);
    await server.kill();
    server = await startServer({ dataDir: server.dataDir, port });

    // Nobody signs in anew: the cookies are as good as before.
    const again = Trainee.withCookie(server.url, admin.cookie);
    await again.connect();
    const live: LiveClass = await again.send({ type: 'class.watch', classId: id });
    expect(live.state).toMatchObject({ paused: before.paused, locks: before.locks, timer: before.timer });
    const row = (accountId: string) => live.rows.find((one) => one.accountId === accountId);
    expect(row(first!.id)?.labs[LAB]).toMatch(/^p[oh]-/);
    expect(row(second!.id)?.handAt).toBeGreaterThan(0);
    const reader = Trainee.withCookie(server.url, third!.person.cookie);
    await reader.connect();
    const state: TraineeState = await reader.send({ type: 'class.enter', labId: LAB });
    expect(state.messages.map(({ text }) => text)).toEqual(['곧 시작해요']);
    expect(state.paused?.message).toBe('잠시만요');
    // The lab itself is held back as before, too.
    const held = Trainee.withCookie(server.url, first!.person.cookie);
    await held.connect();
    expect((await held.labState(LAB)).closedFrom).toBe(lab.steps[2]!.id);
    const reset = held.rest('POST', `/api/labs/${LAB}/reset`, {});
    await expect(reset).rejects.toThrow('classPaused');
    for (const person of [again, reader, held]) person.close();
    for (const { person } of people) person.close();
  });
});
