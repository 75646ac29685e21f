/** The console's routes: whose cluster it is, and what is asked of it. */
import { type Client, ClientError } from '@brokerlab/broker/client';
import type { z } from 'zod';
import { classBetween } from '../classes/class-access.ts';
import * as changes from '../console/changes.ts';
import { ConsoleError } from '../console/console-error.ts';
import { produceMessage, readMessages, refusedBy } from '../console/messages.ts';
import { readMirror } from '../console/mirror/read-mirror.ts';
import * as offsets from '../console/offsets.ts';
import { readBroker, readOverview, readTopic, readTopics } from '../console/read-cluster.ts';
import { readGroup, readGroups } from '../console/read-groups.ts';
import * as reassignment from '../console/reassignment.ts';
import { type ConsoleAcls, type ResetOffsets, consoleRoutes as routes } from '../contract/main.ts';
import type { LabClusterAccess } from '../sessions/lab-host.ts';
import type { LabSession } from '../sessions/lab-session.ts';
import type { AccountRow } from '../store/schema.ts';
import type { Binder, SignedInCall } from './bind.ts';
import { HttpError } from './http-error.ts';
import type { HttpServices } from './services.ts';
import { withConsent } from './with-consent.ts';

/** By the names of their routes. */
type ConsoleChange = Exclude<keyof typeof routes, `console${string}` | 'readMessages' | 'planReassignment'>;

interface Seen extends LabClusterAccess {
  readonly session: LabSession;
  readonly parameter: (name: string) => string;
}

export function bindConsoleRoutes(bind: Binder, services: HttpServices): void {
  /** Runs with the cluster that the path names; what a cluster refuses is told in its own words. */
  const at = async <Answer>(
    call: SignedInCall<unknown>,
    session: LabSession,
    work: (seen: Seen) => Promise<Answer>,
  ): Promise<Answer> => {
    const seen = {
      ...session.cluster(clusterIn(session, call.parameters.clusterId ?? '')),
      session,
      parameter: (name: string) => call.parameters[name] ?? '',
    };
    try {
      return await work(seen);
    } catch (error) {
      throw told(error);
    }
  };
  const on =
    <Body, Answer>(work: (seen: Seen, body: Body) => Promise<Answer>) =>
    async (call: SignedInCall<Body>): Promise<Answer> => {
      const { session, others } = await sessionOf(services, call);
      if (others) {
        const { subject, classId } = others;
        const labId = session.lab.id;
        await services.audit.recordOnce(
          { actor: call.caller.account, action: 'trainee.console', subject, classId, detail: { labId } },
          CONSOLE_LOOK_MS,
        );
      }
      return at(call, session, (seen) => work(seen, call.body));
    };
  /** As `on`, and it changes something: of somebody else's with their consent. */
  const change =
    <Body, Answer>(did: ConsoleChange, work: (seen: Seen, body: Body) => Promise<Answer>) =>
    async (call: SignedInCall<Body>): Promise<Answer> => {
      const { session, others } = await sessionOf(services, call);
      const act = () => at(call, session, (seen) => work(seen, call.body));
      if (others === null) {
        if (session.paused) throw new HttpError('classPaused');
        return act();
      }
      const { subject: trainee, classId } = others;
      const { topic, group, broker } = call.parameters;
      const subject = { what: 'console', did, name: topic ?? group ?? broker ?? nameIn(call.body) } as const;
      const actor = call.caller.account;
      const labId = session.lab.id;
      const consent = { actor, trainee, classId, labId, subject };
      return withConsent(services.live, consent, call.response, async () => {
        const detail = { labId, did, name: subject.name };
        await services.audit.record({
          ...{ actor, action: 'trainee.consoleChange', subject: trainee, classId, detail },
        });
        return act();
      });
    };

  bind(
    routes.consoleOverview,
    on(async ({ client, session, bootstrap }) => ({
      ...(await readOverview(client)),
      clusters: session.lab.clusters.map(({ id }) => id),
      bootstrap,
    })),
  );
  bind(
    routes.consoleTopics,
    on(async ({ client }) => ({ topics: await readTopics(client) })),
  );
  bind(
    routes.consoleTopic,
    on(({ client, parameter }) => readTopic(client, parameter('topic'))),
  );
  bind(
    routes.consoleBroker,
    on(({ client, parameter }) => readBroker(client, Number(parameter('broker')))),
  );
  bind(
    routes.consoleGroups,
    on(({ client }) => readGroups(client)),
  );
  bind(
    routes.consoleGroup,
    on(({ client, parameter }) => readGroup(client, parameter('group'))),
  );
  bind(
    routes.consoleMoves,
    on(({ client }) => reassignment.ongoingMoves(client)),
  );
  bind(
    routes.consoleAcls,
    on(({ client }) => readAcls(client)),
  );
  bind(
    routes.consoleMirror,
    on(({ session, execute }) => {
      const clusters = session.lab.clusters.map(({ id }) => ({ id, ...session.cluster(id) }));
      return readMirror({ clusters, execute, now: services.machine.now });
    }),
  );
  bind(
    routes.readMessages,
    on(({ client, execute, parameter }, body) => readMessages({ client, execute }, parameter('topic'), body)),
  );
  bind(
    routes.produceMessage,
    change('produceMessage', ({ connection, parameter }, body) =>
      produceMessage(connection, parameter('topic'), body),
    ),
  );
  bind(
    routes.createTopic,
    change('createTopic', ({ client }, body) => changes.createTopic(client, body)),
  );
  bind(
    routes.deleteTopic,
    change('deleteTopic', ({ client, parameter }) => changes.deleteTopic(client, parameter('topic'))),
  );
  bind(
    routes.addPartitions,
    change('addPartitions', ({ client, parameter }, body) =>
      changes.addPartitions(client, parameter('topic'), body.total),
    ),
  );
  bind(
    routes.truncateTopic,
    change('truncateTopic', ({ client, parameter }, body) =>
      changes.truncateTopic(client, parameter('topic'), body.limits),
    ),
  );
  bind(
    routes.alterTopicConfigs,
    change('alterTopicConfigs', ({ client, parameter }, body) =>
      changes.alterConfigs(client, { type: 'topic', name: parameter('topic') }, body),
    ),
  );
  bind(
    routes.alterBrokerConfigs,
    change('alterBrokerConfigs', ({ client, parameter }, body) =>
      changes.alterConfigs(client, { type: 'broker', name: parameter('broker') }, body),
    ),
  );
  bind(
    routes.planReassignment,
    on(({ client }, body) => reassignment.planReassignment(client, body)),
  );
  bind(
    routes.executeReassignment,
    change('executeReassignment', ({ client }, body) =>
      reassignment.executeReassignment(client, body.moves, body.throttle),
    ),
  );
  bind(
    routes.cancelReassignment,
    change('cancelReassignment', ({ client }, body) =>
      reassignment.cancelReassignment(client, body.partitions),
    ),
  );
  bind(
    routes.setThrottle,
    change('setThrottle', ({ client }, body) => reassignment.setThrottle(client, body.throttle)),
  );
  bind(
    routes.electLeaders,
    change('electLeaders', ({ client }, body) => changes.electLeaders(client, body.partitions)),
  );
  bind(routes.resetOffsets, (call) => {
    const work = ({ client, parameter }: Seen, body: z.output<typeof ResetOffsets>) =>
      offsets.resetOffsets(client, parameter('group'), body);
    return (call.body.execute ? change('resetOffsets', work) : on(work))(call);
  });
  bind(
    routes.deleteGroup,
    change('deleteGroup', ({ client, parameter }) => offsets.deleteGroup(client, parameter('group'))),
  );
  bind(
    routes.deleteOffsets,
    change('deleteOffsets', ({ client, parameter }, body) =>
      offsets.deleteOffsets(client, parameter('group'), body.topic),
    ),
  );
}

/** `main` is also what a lab's first cluster may be called when its name is not known yet. */
function clusterIn({ lab: { clusters } }: LabSession, wanted: string): string {
  const known = clusters.some(({ id }) => id === wanted);
  return !known && wanted === 'main' ? (clusters[0]?.id ?? wanted) : wanted;
}

const CONSOLE_LOOK_MS = 600_000;

/** `others`: null, it is one's own; else whose, and by which class one may see it. */
async function sessionOf(
  services: HttpServices,
  { caller, parameters, query }: SignedInCall<unknown>,
): Promise<{ session: LabSession; others: { subject: AccountRow; classId: string | undefined } | null }> {
  const labId = parameters.labId ?? '';
  const trainee = typeof query.trainee === 'string' ? query.trainee : null;
  if (trainee === null || trainee === caller.account.id)
    return { session: await services.labSessions.use(caller.account, labId), others: null };
  const classId = await classBetween(services.store, caller.account, { accountId: trainee, labId });
  if (classId === undefined && caller.account.role !== 'administrator') throw new HttpError('forbidden');
  const session = services.labSessions.find(trainee, labId);
  if (!session) throw new HttpError('environmentNotReady');
  return { session, others: { subject: session.account, classId } };
}

/** Of a topic that is to be made. */
function nameIn(body: unknown): string {
  return typeof body === 'object' && body !== null && 'name' in body ? String(body.name) : '';
}

async function readAcls(client: Client): Promise<ConsoleAcls> {
  try {
    return { acls: [...(await client.describeAcls())], message: null };
  } catch (error) {
    if (error instanceof ClientError && error.api?.name === 'SECURITY_DISABLED') {
      return { acls: null, message: `${error.api.exception}: ${error.api.message}` };
    }
    throw error;
  }
}

function told(error: unknown): unknown {
  if (error instanceof ConsoleError) {
    return new HttpError(error.kind === 'missing' ? 'clusterThingMissing' : 'clusterRefused', {
      message: error.text,
    });
  }
  if (!(error instanceof ClientError)) return error;
  if (error.api !== null) {
    return new HttpError('clusterRefused', {
      message: refusedBy(`${error.api.exception}: ${error.api.message}`).text,
    });
  }
  return new HttpError('clusterUnreachable');
}
