/** kafka-reassign-partitions.sh: moves partitions. Follows org.apache.kafka.tools.reassign.ReassignPartitionsCommand. */
import type { Client } from '../client/main.ts';
import { createAdmin, getting, loadProperties } from './framework/admin.ts';
import { Terse } from './framework/finish.ts';
import { readWhole } from './framework/json-file.ts';
import { OptionError } from './framework/options.ts';
import type { ToolPorts } from './framework/ports.ts';
import { execution, JavaError, kafkaError } from './java/java-error.ts';
import { commandFailed } from './java/json.ts';
import {
  alterReassignments,
  brokerIds,
  currentAssignments,
  ongoing,
  replicaPlaces,
  startMoves,
} from './reassign/calls.ts';
import { propose } from './reassign/generate.ts';
import { type Action, type ReassignOptions, readReassignOptions } from './reassign/options.ts';
import {
  type Assignment,
  byPartition,
  checkPlan,
  duplicates,
  keyOf,
  type Plan,
  type ReplicaMove,
  readPlan,
  readTopics,
  replicaKey,
  writePlan,
} from './reassign/plan.ts';
import { clearThrottles, limitDirectories, limitMoves, plannedMoves } from './reassign/throttles.ts';
import { verify } from './reassign/verify.ts';

const moveRetryMs = 100;

export async function run(ports: ToolPorts): Promise<number> {
  let parsed: ReturnType<typeof readReassignOptions>;
  try {
    parsed = readReassignOptions(ports);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    ports.err(`Exception in thread "main" ${error.trace}`);
    return 1;
  }
  try {
    await execute(ports, parsed.set, parsed.action);
    return 0;
  } catch (error) {
    if (error instanceof Terse) ports.out(`${error.message}\n`);
    else if (error instanceof JavaError) ports.out(`Error: ${error.text}\n${error.trace}\n`);
    else throw error;
    return 1;
  }
}

interface Session {
  readonly ports: ToolPorts;
  readonly admin: Client;
  readonly set: ReassignOptions;
  readonly controllers: boolean;
}

async function execute(ports: ToolPorts, set: ReassignOptions, action: Action): Promise<void> {
  const properties = loadProperties(ports, set.value('command-config'));
  if (!properties.has('client.id')) properties.set('client.id', 'reassign-partitions-tool');
  const controllers = set.has('bootstrap-controller');
  const bootstrap = set.value(controllers ? 'bootstrap-controller' : 'bootstrap-server') ?? '';
  await using admin = await createAdmin(ports, { bootstrap, properties, controllers });
  const session = { ports, admin, set, controllers };
  const file = () => readWhole(ports, set.value('reassignment-json-file')!);
  switch (action) {
    case 'generate':
      return await generate(session);
    case 'execute':
      return await start(session, file());
    case 'verify':
      return await verify(ports, admin, { plan: readPlan(file()), preserve: set.has('preserve-throttles') });
    case 'cancel':
      return await cancel(session, readPlan(file()));
    case 'list':
      return await list(session);
  }
}

async function generate({ ports, admin, set }: Session): Promise<void> {
  const text = readWhole(ports, set.value('topics-to-move-json-file')!);
  const ids = set.value('broker-list')!.split(',').map(parseId);
  const twice = duplicates(ids);
  if (twice.length > 0) throw commandFailed(`Broker list contains duplicate entries: [${twice.join(', ')}]`);
  const topics = readTopics(text);
  const topicsTwice = duplicates(topics);
  if (topicsTwice.length > 0) {
    throw commandFailed(`List of topics to reassign contains duplicate entries: [${topicsTwice.join(', ')}]`);
  }
  const current = await currentAssignments(admin, topics);
  const { brokers } = await getting('listNodes', admin.describeCluster());
  const proposed = propose(current, {
    brokers: brokers.filter(({ id }) => ids.includes(id)),
    rackAware: !set.has('disable-rack-aware'),
    random: ports.random,
  });
  const now = writePlan(current, await directoriesOf(admin, current));
  ports.out(`Current partition replica assignment\n${now}\n\n`);
  ports.out(`Proposed partition reassignment configuration\n${writePlan(proposed, new Map())}\n`);
}

function parseId(text: string): number {
  if (/^[+-]?\d{1,10}$/.test(text)) return Number(text);
  throw new JavaError('java.lang.NumberFormatException', `For input string: "${text}"`);
}

async function directoriesOf(
  admin: Client,
  assignments: readonly Assignment[],
): Promise<Map<string, string>> {
  const replicas = assignments.flatMap(({ topic, partition, replicas }) =>
    replicas.map((broker) => ({ topic, partition, broker })),
  );
  const places = await replicaPlaces(admin, replicas);
  return new Map(
    [...places].flatMap(([key, { current }]) => (current === null ? [] : [[key, current] as const])),
  );
}

async function start(session: Session, text: string): Promise<void> {
  const { ports, admin, set, controllers } = session;
  const throttle = set.number('throttle')!;
  const directoryThrottle = set.number('replica-alter-log-dirs-throttle')!;
  const timeoutMs = set.number('timeout')!;
  const plan = readPlan(text);
  checkPlan(plan);
  const moving = await ongoing(admin);
  if (moving.length > 0 && !set.has('additional')) {
    throw new Terse(
      'Cannot execute because there is an existing partition assignment.  Use --additional to override this and create a new partition assignment in addition to the existing one. The --additional flag can also be used to change the throttle by resubmitting the current reassignment.',
    );
  }
  await checkBrokers(admin, plan);
  const current = await assignmentsOf(admin, plan);
  const now = writePlan(current, await directoriesOf(admin, current));
  ports.out(`Current partition replica assignment\n\n${now}\n\n`);
  ports.out('Save this to use as the --reassignment-json-file option during rollback\n');
  if (throttle >= 0 || directoryThrottle >= 0) {
    ports.out(
      'Warning: You must run --verify periodically, until the reassignment completes, to ensure the throttle is removed.\n',
    );
  }
  if (throttle >= 0) {
    await limitMoves(admin, plannedMoves(moving, plan.assignments, current), throttle);
    ports.out(`The inter-broker throttle limit was set to ${throttle} B/s\n`);
  }
  if (directoryThrottle >= 0) {
    await limitDirectories(admin, [...new Set(plan.moves.map(({ broker }) => broker))], directoryThrottle);
    ports.out(`The replica-alter-dir throttle limit was set to ${directoryThrottle} B/s\n`);
  }
  const allowFactorChange = !set.has('disallow-replication-factor-change');
  const errors = await alterReassignments(admin, plan.assignments, { allowFactorChange, controllers });
  if (errors.size > 0)
    throw new Terse(`Error reassigning partition(s):\n${errorLines(plan.assignments, errors)}`);
  const keys = [...plan.assignments].sort(byPartition).map(keyOf);
  ports.out(
    `Successfully started partition reassignment${keys.length === 1 ? '' : 's'} for ${keys.join(',')}\n`,
  );
  if (plan.moves.length > 0) await moveReplicas(session, plan.moves, timeoutMs);
}

async function checkBrokers(admin: Client, { assignments }: Plan): Promise<void> {
  const known = await brokerIds(admin);
  const wanted = [...new Set(assignments.flatMap(({ replicas }) => replicas))].sort((a, b) => a - b);
  const unknown = wanted.find((id) => !known.includes(id));
  if (unknown !== undefined) throw commandFailed(`Unknown broker id ${unknown}`);
}

async function assignmentsOf(admin: Client, { assignments }: Plan): Promise<Assignment[]> {
  const topics = [...new Set(assignments.map(({ topic }) => topic))];
  const wanted = new Set(assignments.map(keyOf));
  const found = (await currentAssignments(admin, topics)).filter((entry) => wanted.has(keyOf(entry)));
  const known = new Set(found.map(keyOf));
  const missing = [...wanted].filter((key) => !known.has(key));
  if (missing.length > 0) {
    const text = `Unable to find partition: ${missing.join(', ')}`;
    throw execution(kafkaError('UnknownTopicOrPartitionException', text));
  }
  return found;
}

function errorLines(
  entries: readonly Assignment[] | readonly { topic: string; partition: number }[],
  errors: ReadonlyMap<string, string>,
): string {
  const keys = [...entries].sort(byPartition).map(keyOf);
  return keys.flatMap((key) => (errors.has(key) ? [`${key}: ${errors.get(key)}`] : [])).join('\n');
}

async function moveReplicas(
  { ports, admin }: Session,
  moves: readonly ReplicaMove[],
  timeoutMs: number,
): Promise<void> {
  const deadline = ports.now() + timeoutMs;
  let pending = [...moves].sort((a, b) => a.broker - b.broker || byPartition(a, b));
  for (;;) {
    const begun = await startMoves(admin, pending);
    for (const { topic, partition, broker, directory } of begun) {
      const replica = `${topic}-${partition} with broker ${broker}`;
      ports.out(`Successfully started moving log directory to ${directory} for replica ${replica} \n`);
    }
    pending = pending.filter((move) => !begun.includes(move));
    if (pending.length === 0) return;
    if (ports.now() >= deadline) {
      const list = pending.map(replicaKey).join(',');
      const plural = pending.length === 1 ? '' : 's';
      throw new Terse(`Timed out before log directory move${plural} could be started for: ${list}`);
    }
    await new Promise((resolve) => setTimeout(resolve, moveRetryMs));
  }
}

async function cancel(session: Session, plan: Plan): Promise<void> {
  const { ports, admin, set, controllers } = session;
  const timeoutMs = set.number('timeout')!;
  const moving = plan.assignments.length === 0 ? [] : await ongoing(admin, plan.assignments);
  const active = moving
    .filter(({ adding, removing }) => adding.length === 0 || removing.length > 0 || adding.length > 0)
    .map(({ topic, partition }) => ({ topic, partition, replicas: null }));
  if (active.length > 0) {
    const errors = await alterReassignments(admin, active, { allowFactorChange: true, controllers });
    if (errors.size > 0) {
      const plural = errors.size === 1 ? '' : 's';
      throw new Terse(`Error cancelling partition reassignment${plural} for:\n${errorLines(active, errors)}`);
    }
    const keys = [...active].sort(byPartition).map(keyOf);
    ports.out(
      `Successfully cancelled partition reassignment${keys.length === 1 ? '' : 's'} for: ${keys.join(',')}\n`,
    );
  } else {
    ports.out('None of the specified partition reassignments are active.\n');
  }
  const places = await replicaPlaces(admin, plan.moves);
  const goingOn = plan.moves.flatMap((move) => {
    const place = places.get(replicaKey(move));
    return place?.future && place.current !== null ? [{ ...move, directory: place.current }] : [];
  });
  if (goingOn.length === 0) ports.out('None of the specified partition moves are active.');
  else await moveReplicas(session, goingOn, timeoutMs);
  if (!set.has('preserve-throttles')) await clearThrottles(ports, admin, plan.assignments);
}

async function list({ ports, admin }: Session): Promise<void> {
  const moving = [...(await ongoing(admin))].sort(byPartition);
  if (moving.length === 0) return ports.out('No partition reassignments found.\n');
  const lines = moving.map(({ topic, partition, replicas, adding, removing }) => {
    const more = [
      adding.length === 0 ? '' : ` adding: ${adding.join(',')}.`,
      removing.length === 0 ? '' : ` removing: ${removing.join(',')}.`,
    ];
    return `${topic}-${partition}: replicas: ${replicas.join(',')}.${more.join('')}\n`;
  });
  ports.out(`Current partition reassignments:\n${lines.join('')}`);
}
