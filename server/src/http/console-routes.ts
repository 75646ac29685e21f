/** The console's routes: whose cluster it is, and what is asked of it. */
import { type Client, ClientError } from '@brokerlab/broker/client';
import { classBetween } from '../classes/class-access.ts';
import * as changes from '../console/changes.ts';
import { ConsoleError } from '../console/console-error.ts';
import { produceMessage, readMessages, refusedBy } from '../console/messages.ts';
import { readMirror } from '../console/mirror/read-mirror.ts';
import * as offsets from '../console/offsets.ts';
import { readBroker, readOverview, readTopic, readTopics } from '../console/read-cluster.ts';
import { readGroup, readGroups } from '../console/read-groups.ts';
import * as reassignment from '../console/reassignment.ts';
import { type ConsoleAcls, consoleRoutes as routes } from '../contract/main.ts';
import type { LabClusterAccess } from '../sessions/lab-host.ts';
import type { LabSession } from '../sessions/lab-session.ts';
import type { Binder, SignedInCall } from './bind.ts';
import { HttpError } from './http-error.ts';
import type { HttpServices } from './services.ts';

interface Seen extends LabClusterAccess {
  readonly session: LabSession;
  readonly parameter: (name: string) => string;
}

export function bindConsoleRoutes(bind: Binder, services: HttpServices): void {
  /** Runs with the cluster that the path names; what a cluster refuses is told in its own words. */
  const on =
    <Body, Answer>(work: (seen: Seen, body: Body) => Promise<Answer>) =>
    async (call: SignedInCall<Body>): Promise<Answer> => {
      const session = await sessionOf(services, call);
      const seen = {
        ...session.cluster(clusterIn(session, call.parameters.clusterId ?? '')),
        session,
        parameter: (name: string) => call.parameters[name] ?? '',
      };
      try {
        return await work(seen, call.body);
      } catch (error) {
        throw told(error);
      }
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
    on(({ connection, parameter }, body) => produceMessage(connection, parameter('topic'), body)),
  );
  bind(
    routes.createTopic,
    on(({ client }, body) => changes.createTopic(client, body)),
  );
  bind(
    routes.deleteTopic,
    on(({ client, parameter }) => changes.deleteTopic(client, parameter('topic'))),
  );
  bind(
    routes.addPartitions,
    on(({ client, parameter }, body) => changes.addPartitions(client, parameter('topic'), body.total)),
  );
  bind(
    routes.truncateTopic,
    on(({ client, parameter }, body) => changes.truncateTopic(client, parameter('topic'), body.limits)),
  );
  bind(
    routes.alterTopicConfigs,
    on(({ client, parameter }, body) =>
      changes.alterConfigs(client, { type: 'topic', name: parameter('topic') }, body),
    ),
  );
  bind(
    routes.alterBrokerConfigs,
    on(({ client, parameter }, body) =>
      changes.alterConfigs(client, { type: 'broker', name: parameter('broker') }, body),
    ),
  );
  bind(
    routes.planReassignment,
    on(({ client }, body) => reassignment.planReassignment(client, body)),
  );
  bind(
    routes.executeReassignment,
    on(({ client }, body) => reassignment.executeReassignment(client, body.moves, body.throttle)),
  );
  bind(
    routes.cancelReassignment,
    on(({ client }, body) => reassignment.cancelReassignment(client, body.partitions)),
  );
  bind(
    routes.setThrottle,
    on(({ client }, body) => reassignment.setThrottle(client, body.throttle)),
  );
  bind(
    routes.electLeaders,
    on(({ client }, body) => changes.electLeaders(client, body.partitions)),
  );
  bind(
    routes.resetOffsets,
    on(({ client, parameter }, body) => offsets.resetOffsets(client, parameter('group'), body)),
  );
  bind(
    routes.deleteGroup,
    on(({ client, parameter }) => offsets.deleteGroup(client, parameter('group'))),
  );
  bind(
    routes.deleteOffsets,
    on(({ client, parameter }, body) => offsets.deleteOffsets(client, parameter('group'), body.topic)),
  );
}

/** `main` is also what a lab's first cluster may be called when its name is not known yet. */
function clusterIn({ lab: { clusters } }: LabSession, wanted: string): string {
  const known = clusters.some(({ id }) => id === wanted);
  return !known && wanted === 'main' ? (clusters[0]?.id ?? wanted) : wanted;
}

const CONSOLE_LOOK_MS = 600_000;

async function sessionOf(services: HttpServices, call: SignedInCall<unknown>): Promise<LabSession> {
  const { caller, parameters, query, request } = call;
  const labId = parameters.labId ?? '';
  const trainee = typeof query.trainee === 'string' ? query.trainee : null;
  const changes = request.method !== 'GET';
  if (trainee === null || trainee === caller.account.id) {
    const session = await services.labSessions.use(caller.account, labId);
    if (changes && session.paused) throw new HttpError('classPaused');
    return session;
  }
  const classId = await classBetween(services.store, caller.account, { accountId: trainee, labId });
  if (classId === undefined && caller.account.role !== 'administrator') throw new HttpError('forbidden');
  const session = services.labSessions.find(trainee, labId);
  if (!session) throw new HttpError('environmentNotReady');
  const entry = { actor: caller.account, subject: session.account, classId };
  if (changes) {
    const did = `${request.method} ${request.path.split('/').slice(6).join('/')}`;
    await services.audit.record({ ...entry, action: 'trainee.consoleChange', detail: { labId, did } });
  } else {
    await services.audit.recordOnce(
      { ...entry, action: 'trainee.console', detail: { labId } },
      CONSOLE_LOOK_MS,
    );
  }
  return session;
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
