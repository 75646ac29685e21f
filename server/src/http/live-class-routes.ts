/** A running class: what its staff sees of a trainee's lab, does to trainees, and sets for the class. */
import { requireMember, requireStaff } from '../classes/class-access.ts';
import { ClassError } from '../classes/class-error.ts';
import { ClassActions } from '../classes/live/actions.ts';
import { traineeSession } from '../classes/live/trainee-session.ts';
import { FilePath, routes } from '../contract/main.ts';
import type { LabSession } from '../sessions/lab-session.ts';
import type { LabCatalog } from '../sessions/lab-sessions.ts';
import { labContent } from '../sessions/lab-state.ts';
import { type Binder, parse, type SignedInCall } from './bind.ts';
import { save, tree } from './file-routes.ts';
import { HttpError } from './http-error.ts';
import type { HttpServices } from './services.ts';
import { withConsent } from './with-consent.ts';

export function bindLiveClassRoutes(bind: Binder, services: HttpServices): void {
  const actions = new ClassActions(services.live);

  bind(routes.sendClassMessage, async ({ caller, parameters, body }) =>
    actions.sendMessage(caller.account, classOf(parameters), body),
  );
  bind(routes.sendClassFile, async ({ caller, parameters, body }) =>
    actions.sendFile(caller.account, classOf(parameters), body),
  );
  bind(routes.openClassHint, async ({ caller, parameters, body }) =>
    actions.openHints(caller.account, classOf(parameters), body),
  );
  bind(routes.actOnEnvironments, async ({ caller, parameters, body }) =>
    actions.actOnEnvironments(caller.account, classOf(parameters), body),
  );
  bind(routes.listStates, async ({ caller, parameters }) => ({
    states: await actions.listStates(caller.account, classOf(parameters), parameters.labId ?? ''),
  }));
  bind(routes.giveState, async ({ caller, parameters, body }) =>
    actions.giveState(caller.account, classOf(parameters), body),
  );
  bind(routes.extendClassTime, async ({ caller, parameters, body }) =>
    actions.extendTime(caller.account, classOf(parameters), body),
  );
  bind(routes.lowerHand, async ({ caller, parameters }) => {
    await actions.lowerHand(caller.account, classOf(parameters), parameters.accountId ?? '');
    return undefined;
  });
  bindSettings(bind, services);
  bindTraineeViews(bind, services);
}

/** Set, not toggled: two who pause at once pause it once. */
function bindSettings(bind: Binder, { live, audit, store, catalog }: HttpServices): void {
  const { states, now } = live.options;

  bind(routes.pauseClass, async ({ caller, parameters, body }) => {
    const classId = classOf(parameters);
    await requireStaff(store, caller.account, classId);
    const { message, paused } = body;
    const before = (await states.read(classId)).paused;
    await states.change(classId, {
      paused: paused ? { by: caller.account.display_name, message, at: before?.at ?? now() } : null,
    });
    await audit.record({ actor: caller.account, action: paused ? 'class.pause' : 'class.resume', classId });
    return live.stateChanged(classId);
  });
  bind(routes.lockClassSteps, async ({ caller, parameters, body }) => {
    const classId = classOf(parameters);
    const { labId, stepId } = body;
    await requireStaff(store, caller.account, classId);
    requireStep(catalog, labId, stepId);
    const { [labId]: _, ...others } = (await states.read(classId)).locks;
    await states.change(classId, { locks: stepId === null ? others : { ...others, [labId]: stepId } });
    await audit.record({
      actor: caller.account,
      action: stepId === null ? 'class.openSteps' : 'class.lockSteps',
      classId,
      detail: { labId, stepId },
    });
    return live.stateChanged(classId);
  });
  bind(routes.lockTraineeSteps, async ({ caller, parameters, body }) => {
    const classId = classOf(parameters);
    const { accountId = '' } = parameters;
    const { labId, stepId, asClass } = body;
    await requireStaff(store, caller.account, classId);
    const subject = await requireMember(store, classId, accountId);
    requireStep(catalog, labId, stepId);
    const lock = asClass ? undefined : stepId;
    await live.lockOwn({ classId, accountId, labId }, lock);
    await audit.record({
      actor: caller.account,
      action: asClass ? 'trainee.stepsAsClass' : stepId === null ? 'trainee.openSteps' : 'trainee.lockSteps',
      ...{ subject, classId, detail: { labId, stepId } },
    });
    return undefined;
  });
  bind(routes.setClassTimer, async ({ caller, parameters, body }) => {
    const classId = classOf(parameters);
    await requireStaff(store, caller.account, classId);
    const { minutes } = body;
    const by = caller.account.display_name;
    await states.change(classId, {
      timer: minutes === null ? null : { endsAt: now() + minutes * 60_000, by },
    });
    // What somebody had on top was for the time before.
    await store
      .updateTable('class_members')
      .set({ extra_minutes: 0 })
      .where('class_id', '=', classId)
      .execute();
    await audit.record({ actor: caller.account, action: 'class.timer', classId, detail: { minutes } });
    return live.stateChanged(classId);
  });
}

function bindTraineeViews(bind: Binder, { live, audit, catalog }: HttpServices): void {
  const look = async (
    call: SignedInCall<unknown>,
    action: string,
    detail: Record<string, string> = {},
  ): Promise<LabSession> => {
    const { classId = '', accountId = '', labId = '' } = call.parameters;
    const { account } = call.caller;
    const { session, member } = await traineeSession(live.options, account, { classId, accountId, labId });
    await audit.record({ actor: account, action, subject: member, classId, detail: { labId, ...detail } });
    return session;
  };
  const filesOf = ({ environment }: LabSession) => {
    if (!environment.cell) throw new HttpError('environmentNotReady');
    return environment.cell.files;
  };

  bind(routes.readTraineeLab, async (call) => {
    const { lab, variant } = await look(call, 'trainee.lab');
    return labContent(lab, { variant, next: null, concepts: catalog.concepts });
  });
  bind(routes.listTraineeFiles, async (call) => tree(filesOf(await look(call, 'trainee.files'))));
  bind(routes.saveTraineeFile, async (call) => {
    const { classId = '', accountId = '', labId = '' } = call.parameters;
    const { account } = call.caller;
    const { session, member } = await traineeSession(live.options, account, { classId, accountId, labId });
    filesOf(session);
    const { path } = call.body;
    const subject = { what: 'files', did: 'saveFile', name: path } as const;
    const consent = { actor: account, trainee: member, classId, labId, subject };
    return withConsent(live, consent, call.response, async () => {
      await audit.record({
        ...{ actor: account, action: 'trainee.saveFile', subject: member },
        ...{ classId, detail: { labId, path } },
      });
      return save(filesOf(session), call.body);
    });
  });
  bind(routes.readTraineeFile, async (call) => {
    const path = parse(FilePath, call.query.path);
    const files = filesOf(await look(call, 'trainee.file', { path }));
    return { path, ...(await files.read(path)) };
  });
}

function requireStep(catalog: LabCatalog, labId: string, stepId: string | null): void {
  const lab = catalog.lab(labId, '');
  if (!lab) throw new ClassError('labNotFound');
  if (stepId !== null && !lab.steps.some(({ id }) => id === stepId)) throw new ClassError('stepNotFound');
}

function classOf(parameters: Readonly<Record<string, string>>): string {
  return parameters.classId ?? '';
}
