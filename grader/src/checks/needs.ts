/** What a step's checks look at, so that a look reads no more than it must. */
import type { Check, Lab, Step } from '../lab/schema.ts';
import type { ClusterNeeds, Needs } from '../observe/snapshot.ts';

export function neededObservations(lab: Lab, step: Step): Needs {
  return Object.fromEntries(
    lab.clusters.map(({ id }) => {
      const parts = step.checks.filter((check) => clusterOf(lab, check) === id).map(needsOf);
      return [
        id,
        {
          configs: unique(parts, 'configs'),
          offsets: unique(parts, 'offsets'),
          records: unique(parts, 'records'),
          groups: unique(parts, 'groups'),
        },
      ];
    }),
  );
}

export function clusterOf(lab: Pick<Lab, 'clusters'>, check: Check): string {
  return check.cluster ?? lab.clusters[0]?.id ?? 'main';
}

function unique(parts: readonly Partial<ClusterNeeds>[], name: keyof ClusterNeeds): string[] {
  return [...new Set(parts.flatMap((part) => part[name] ?? []))];
}

function needsOf(check: Check): Partial<ClusterNeeds> {
  switch (check.kind) {
    case 'topic':
      return check.configs === undefined ? {} : { configs: [check.topic] };
    case 'records':
      return { records: [check.topic] };
    case 'group':
      return { groups: [check.group], ...(check.topic === undefined ? {} : { offsets: [check.topic] }) };
    case 'terminal':
      return {};
    case 'quiz':
      return needsOfAnswer(check.answer);
  }
}

function needsOfAnswer(answer: Extract<Check, { kind: 'quiz' }>['answer']): Partial<ClusterNeeds> {
  if (typeof answer !== 'object') return {};
  if ('partitionOfKey' in answer) return { records: [answer.partitionOfKey.topic] };
  if ('partitionOfValue' in answer) return { records: [answer.partitionOfValue.topic] };
  if ('valueAt' in answer) return { records: [answer.valueAt.topic] };
  if ('endOffsetOf' in answer) return { offsets: [answer.endOffsetOf.topic] };
  return {};
}
