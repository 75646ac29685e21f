/** What a step's checks look at, so that a look reads no more than it must. */
import type {
  Check,
  GroupCheck,
  Lab,
  MirrorCheck,
  ObservedAnswer,
  RecordsCheck,
  Step,
  TopicCheck,
} from '../lab/schema.ts';
import type { ClusterNeeds, Needs } from '../observe/snapshot.ts';
import { NO_NEEDS } from '../observe/snapshot.ts';

type Part = Partial<ClusterNeeds>;
type CheckOf<K extends Check['kind']> = Extract<Check, { kind: K }>;

/** Of several clusters only those that the step is about: another may be down, and asking it would take long. */
export function neededObservations(lab: Lab, step: Step): Needs {
  const parts = [
    ...step.checks.flatMap((check) => needsOf(lab, check)),
    ...step.needs.flatMap((need): [string, Part][] => {
      if ('file' in need) return [];
      return [[need.cluster ?? firstCluster(lab), 'group' in need ? { groups: [need.group] } : {}]];
    }),
  ];
  const about = lab.clusters.filter(({ id }) => lab.clusters.length === 1 || parts.some(([of]) => of === id));
  return Object.fromEntries(
    about.map(({ id }) => [id, merge(parts.filter(([of]) => of === id).map(([, part]) => part))]),
  );
}

/** Files in the trainee's home that the step's checks read. */
export function neededFiles(step: Step): string[] {
  const paths = [
    ...step.checks.flatMap((check) => (check.kind === 'file' ? [check.path] : [])),
    ...step.needs.flatMap((need) => ('file' in need ? [need.file] : [])),
  ];
  return [...new Set(paths)];
}

export function clusterOf(lab: Pick<Lab, 'clusters'>, check: Pick<Check, 'cluster'>): string {
  return check.cluster ?? firstCluster(lab);
}

export function firstCluster(lab: Pick<Lab, 'clusters'>): string {
  return lab.clusters[0]?.id ?? 'main';
}

function merge(parts: readonly Part[]): ClusterNeeds {
  const merged: Record<string, unknown> = { ...NO_NEEDS };
  for (const part of parts) {
    for (const [key, value] of Object.entries(part)) {
      merged[key] = Array.isArray(value) ? [...new Set([...(merged[key] as unknown[]), ...value])] : value;
    }
  }
  // The keys and the shape are those of NO_NEEDS.
  return merged as unknown as ClusterNeeds;
}

function needsOf(lab: Lab, check: Check): [string, Part][] {
  if (check.kind === 'mirror') return needsOfMirror(check);
  const part = partOf(check);
  return part === null ? [] : [[clusterOf(lab, check), part]];
}

function partOf(check: Exclude<Check, MirrorCheck>): Part | null {
  switch (check.kind) {
    case 'topic':
      return needsOfTopic(check);
    case 'records':
      return needsOfRecords(check);
    case 'group':
      return needsOfGroup(check);
    case 'broker':
      return needsOfBroker(check);
    case 'quorum':
      return { quorum: true };
    case 'leaders':
      return {};
    case 'reassignment':
      return needsOfReassignment(check);
    case 'quiz':
      return typeof check.answer === 'object' ? needsOfAnswer(check.answer) : null;
    case 'terminal':
    case 'file':
    case 'program':
      return null;
  }
}

function needsOfTopic({ topic, configs, startOffset, records, sizeBytes }: TopicCheck): Part {
  return {
    ...(configs === undefined ? {} : { configs: [topic] }),
    ...(startOffset === undefined && records === undefined ? {} : { offsets: [topic] }),
    ...(sizeBytes === undefined ? {} : { sizes: [topic] }),
  };
}

function needsOfRecords({ topic, committed, where }: RecordsCheck): Part {
  return {
    ...(committed ? { committedRecords: [topic] } : { records: [topic] }),
    ...(typeof where.key === 'string' ? { configs: [topic] } : {}), // Compaction may remove them.
  };
}

function needsOfGroup(check: GroupCheck): Part {
  const { group, topic, rebalances, sessionTimeoutMs } = check;
  return {
    groups: [group],
    ...(topic === undefined ? {} : { offsets: [topic] }),
    ...(rebalances === undefined && sessionTimeoutMs === undefined ? {} : { generations: [group] }),
  };
}

function needsOfBroker(check: CheckOf<'broker'>): Part {
  return {
    registered: true,
    ...(check.configs === undefined ? {} : { brokerConfigs: [String(check.broker ?? '')] }),
    ...(check.underMinIsr === undefined ? {} : { minInSync: true }),
  };
}

function needsOfReassignment({
  topic,
  throttled,
  replicasPerBroker,
  firstReplicas,
}: CheckOf<'reassignment'>): Part {
  return {
    reassignments: true,
    ...(replicasPerBroker === undefined && firstReplicas === undefined ? {} : { registered: true }),
    ...(throttled === undefined
      ? {}
      : { brokerConfigs: ['*'], ...(topic === undefined ? {} : { configs: [topic] }) }),
  };
}

function needsOfMirror(check: MirrorCheck): [string, Part][] {
  const { from, to, topic, group } = check;
  const remote = topic === undefined ? undefined : remoteTopicOf(check, topic);
  const checkpoints = checkpointsTopicOf(check);
  return [
    [
      from,
      topic === undefined
        ? {}
        : { offsets: [topic], ...(check.configs === undefined ? {} : { configs: [topic] }) },
    ],
    [
      to,
      {
        ...(remote === undefined
          ? {}
          : { offsets: [remote], ...(check.configs === undefined ? {} : { configs: [remote] }) }),
        ...(group === undefined ? {} : { groups: [group] }),
        ...(check.checkpoint ? { records: [checkpoints] } : {}),
      },
    ],
  ];
}

export function remoteTopicOf(
  { policy, alias, from }: Pick<MirrorCheck, 'policy' | 'alias' | 'from'>,
  topic: string,
): string {
  return policy === 'identity' ? topic : `${alias ?? from}.${topic}`;
}

export function checkpointsTopicOf({ alias, from }: Pick<MirrorCheck, 'alias' | 'from'>): string {
  return `${alias ?? from}.checkpoints.internal`;
}

function needsOfAnswer(answer: ObservedAnswer): Part {
  if ('partitionOfKey' in answer) return { records: [answer.partitionOfKey.topic] };
  if ('partitionOfValue' in answer) return { records: [answer.partitionOfValue.topic] };
  if ('valueAt' in answer) return { records: [answer.valueAt.topic] };
  if ('endOffsetOf' in answer) return { offsets: [answer.endOffsetOf.topic] };
  if ('startOffsetOf' in answer) return { offsets: [answer.startOffsetOf.topic] };
  if ('recordsIn' in answer) return { offsets: [answer.recordsIn.topic] };
  if ('partitionForKey' in answer) {
    const { topic, key, partitions } = answer.partitionForKey;
    return { keys: [{ topic, key: String(key), partitions }] };
  }
  if ('controller' in answer || 'quorumEpoch' in answer) return { quorum: true };
  const group = groupOf(answer);
  if (group === undefined) return {};
  const topic = 'lagOf' in answer ? answer.lagOf.topic : undefined;
  return { groups: [group], ...(topic === undefined ? {} : { offsets: [topic] }) };
}

function groupOf(answer: ObservedAnswer): string | undefined {
  if ('lagOf' in answer) return answer.lagOf.group;
  if ('membersOf' in answer) return answer.membersOf.group;
  if ('idleMembersOf' in answer) return answer.idleMembersOf.group;
  if ('coordinatorOf' in answer) return answer.coordinatorOf.group;
  return 'ownerOf' in answer ? answer.ownerOf.group : undefined;
}
