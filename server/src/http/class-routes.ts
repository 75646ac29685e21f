/** Classes, for those who teach them; coming in by a code, for everybody. */
import { requireManager, requireMember, requireStaff } from '../classes/class-access.ts';
import { ClassError } from '../classes/class-error.ts';
import { routes } from '../contract/main.ts';
import type { Binder, Call } from './bind.ts';
import type { HttpServices } from './services.ts';
import { enter } from './session-routes.ts';

const AUDIT_PAGE = 200;

export function bindClassRoutes(bind: Binder, services: HttpServices): void {
  const { classes, enrolment, store, audit, accounts, live } = services;
  /** What was just done to a class is told to those who watch it. */
  const told = async <T>(classId: string, answer: T, gone: readonly string[] = []): Promise<T> => {
    await live.changed(classId, gone);
    return answer;
  };

  bind(routes.listClasses, async ({ caller }) => ({ classes: await classes.list(caller.account) }));
  bind(routes.createClass, async ({ caller, body }) => classes.create(caller.account, body));
  bind(routes.readClass, async ({ caller, parameters }) => classes.read(caller.account, classOf(parameters)));
  bind(routes.updateClass, async ({ caller, parameters, body }) => {
    const classId = classOf(parameters);
    return told(classId, await classes.update(caller.account, classId, body));
  });
  bind(routes.deleteClass, async ({ caller, parameters }) => {
    const classId = classOf(parameters);
    const members = await live.memberIds(classId);
    await classes.remove(caller.account, classId);
    return told(classId, undefined, members);
  });
  bind(routes.setJoinCode, async ({ caller, parameters, body }) =>
    classes.setJoinCode(caller.account, classOf(parameters), body.open),
  );
  bind(routes.setStaff, async ({ caller, parameters, body }) => {
    const classId = classOf(parameters);
    return told(classId, await classes.setStaff(caller.account, classId, body));
  });
  bind(routes.importRoster, async ({ caller, parameters, body }) => {
    const classId = classOf(parameters);
    const answer = await enrolment.importRoster(caller.account, classId, body);
    return body.dryRun ? answer : told(classId, answer);
  });
  bind(routes.resetMemberPassword, async ({ caller, parameters }) => {
    const classId = classOf(parameters);
    await requireManager(store, caller.account, classId);
    const member = await requireMember(store, classId, parameters.accountId ?? '');
    await audit.record({ actor: caller.account, action: 'trainee.newPassword', subject: member, classId });
    const made = await accounts.setPassword(member.id, null, { once: true });
    await services.onSessionsEnded();
    return made;
  });
  bind(routes.removeMember, async ({ caller, parameters }) => {
    const [classId, accountId] = [classOf(parameters), parameters.accountId ?? ''];
    await classes.removeMember(caller.account, classId, accountId);
    return told(classId, undefined, [accountId]);
  });
  bind(routes.readClassAudit, async ({ caller, parameters, query }) => {
    const classId = classOf(parameters);
    await requireStaff(store, caller.account, classId);
    const before = Number(query.before);
    return {
      entries: await audit.list({
        classId,
        limit: AUDIT_PAGE,
        ...(Number.isSafeInteger(before) && before > 0 ? { before } : {}),
      }),
    };
  });
  bindJoining(bind, services);
}

function bindJoining(bind: Binder, services: HttpServices): void {
  const { joining, classes, live } = services;
  const address = ({ request }: Call<unknown>): string => request.ip ?? '';

  bind(routes.lookAtJoinCode, async (call) => {
    const caller = await services.identify(call.request);
    return joining.look(call.body.code, address(call), caller?.account);
  });
  bind(routes.joinClass, async (call) => {
    const { account } = call.caller;
    const { id } = await joining.join(call.body.code, address(call), account);
    await live.joined(id, [account.id]);
    const joined = (await classes.mine(account)).find((one) => one.id === id);
    if (!joined) throw new ClassError('joinCodeWrong');
    return joined;
  });
  bind(routes.joinAsGuest, async (call) => {
    const { code, displayName } = call.body;
    await services.limitGuests(address(call));
    const guest = await joining.joinAsGuest(code, address(call), displayName);
    for (const { id } of await classes.mine(guest)) await live.joined(id, [guest.id]);
    return enter(services, guest, call);
  });
  bind(routes.listMyClasses, async ({ caller }) => ({ classes: await classes.mine(caller.account) }));
}

function classOf(parameters: Readonly<Record<string, string>>): string {
  return parameters.classId ?? '';
}
