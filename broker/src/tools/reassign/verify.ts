/** Whether moves are done: of partitions between brokers, of replicas between log directories. */
import type { Client } from '../../client/main.ts';
import type { ToolPorts } from '../framework/ports.ts';
import { currentAssignments, ongoing, type ReplicaPlace, replicaPlaces } from './calls.ts';
import { byPartition, keyOf, type Plan, type ReplicaMove, replicaKey } from './plan.ts';
import { clearThrottles } from './throttles.ts';

export async function verify(
  ports: ToolPorts,
  admin: Client,
  { plan, preserve }: { readonly plan: Plan; readonly preserve: boolean },
): Promise<void> {
  const moving = await ongoing(admin);
  const movingKeys = new Set(moving.map(keyOf));
  const topics = plan.assignments.filter((entry) => !movingKeys.has(keyOf(entry))).map(({ topic }) => topic);
  const current = await currentAssignments(admin, [...new Set(topics)], { missingAllowed: true });
  const replicasNow = new Map(current.map((entry) => [keyOf(entry), entry.replicas]));
  const latest = new Map(plan.assignments.map((entry) => [keyOf(entry), entry]));
  ports.out('Status of partition reassignment:\n');
  for (const { topic, partition, replicas } of [...latest.values()].sort(byPartition)) {
    const key = keyOf({ topic, partition });
    const wanted = replicas.join(',');
    const now = (replicasNow.get(key) ?? []).join(',');
    if (movingKeys.has(key)) ports.out(`Reassignment of partition ${key} is still in progress.\n`);
    else if (now === wanted) ports.out(`Reassignment of partition ${key} is completed.\n`);
    else {
      ports.out(
        `There is no active reassignment of partition ${key}, but replica set is ${now} rather than ${wanted}.\n`,
      );
    }
  }
  const movesGoOn = await verifyMoves(ports, admin, plan.moves);
  if (moving.length === 0 && !movesGoOn && !preserve) await clearThrottles(ports, admin, plan.assignments);
}

async function verifyMoves(ports: ToolPorts, admin: Client, moves: readonly ReplicaMove[]): Promise<boolean> {
  const places = await replicaPlaces(admin, moves);
  const sorted = [...moves].sort((a, b) => a.broker - b.broker || byPartition(a, b));
  ports.out(`${sorted.map((move) => stateText(move, places.get(replicaKey(move)))).join('\n')}\n`);
  return moves.some((move) => typeof places.get(replicaKey(move))?.future === 'string');
}

function stateText(move: ReplicaMove, place: ReplicaPlace | undefined): string {
  const { broker, directory } = move;
  const partition = `Partition ${keyOf(move)}`;
  const current = place?.current ?? null;
  const future = place?.future ?? null;
  if (current === null) {
    return `${partition} is not found in any live log dir on broker ${broker}. There is likely an offline log directory on the broker.`;
  }
  if (future === directory) return `Reassignment of replica ${replicaKey(move)} is still in progress.`;
  if (future !== null) {
    return `${partition} on broker ${broker} is being moved to log dir ${future} instead of ${directory}.`;
  }
  if (current === directory) return `Reassignment of replica ${replicaKey(move)} completed successfully.`;
  return `${partition} on broker ${broker} is not being moved from log dir ${current} to ${directory}.`;
}
