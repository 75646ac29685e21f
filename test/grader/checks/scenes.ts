/** Plain snapshots and labs for the checks' tables. */

import type { StepResult } from '../../../grader/src/checks/evaluate.ts';
import { evaluateStep } from '../../../grader/src/checks/evaluate.ts';
import type { Evidence, Memory, Verdict } from '../../../grader/src/checks/verdict.ts';
import { EMPTY_MEMORY, NO_EVIDENCE } from '../../../grader/src/checks/verdict.ts';
import type { Check, Lab, Step } from '../../../grader/src/lab/schema.ts';
import { checkSchema } from '../../../grader/src/lab/schema.ts';
import type {
  ReachableCluster,
  RecordView,
  Snapshot,
  TopicView,
} from '../../../grader/src/observe/snapshot.ts';

export const EMPTY_CLUSTER: ReachableCluster = {
  reachable: true,
  clusterId: 'c',
  brokers: [1, 2, 3].map((id) => ({ id, host: 'localhost', port: 9091 + id, rack: null })),
  topics: {},
  groups: {},
  records: {},
};

export function snapshotOf(cluster: Partial<ReachableCluster>): Snapshot {
  return { clusters: { main: { ...EMPTY_CLUSTER, ...cluster } } };
}

export const UNREACHABLE: Snapshot = { clusters: { main: { reachable: false, reason: 'no answer' } } };

export interface TopicShape {
  readonly partitions?: number;
  readonly replicas?: number;
  readonly isr?: number;
  readonly configs?: Readonly<Record<string, string>>;
  readonly ends?: readonly number[];
  readonly internal?: boolean;
}

export function topicOf(shape: TopicShape = {}): TopicView {
  const { partitions = 1, replicas = 1, isr = replicas, configs, ends = [], internal = false } = shape;
  return {
    id: 'id',
    internal,
    partitions: Array.from({ length: partitions }, (_, partition) => ({
      partition,
      leader: 1 + (partition % 3),
      leaderEpoch: 0,
      replicas: Array.from({ length: replicas }, (_r, i) => i + 1),
      isr: Array.from({ length: isr }, (_r, i) => i + 1),
      startOffset: 0,
      endOffset: ends[partition] ?? 0,
    })),
    ...(configs === undefined ? {} : { configs }),
  };
}

/** `0:key=value`; `0:=value` has no key. Offsets count per partition. */
export function recordsOf(...shapes: readonly string[]): { records: RecordView[]; truncated: boolean } {
  const next = new Map<number, number>();
  const records = shapes.map((shape) => {
    const [, partitionText, key, value] = /^(\d+):([^=]*)=(.*)$/.exec(shape) ?? [];
    const partition = Number(partitionText);
    const offset = next.get(partition) ?? 0;
    next.set(partition, offset + 1);
    return {
      partition,
      offset,
      timestampMs: 0,
      key: key === '' ? null : (key ?? null),
      value: value ?? null,
    };
  });
  return { records, truncated: false };
}

export function checkOf(check: object): Check {
  return checkSchema.parse({ id: 'check', ...check });
}

export function stepOf(...checks: readonly Check[]): Step {
  return {
    id: 'step',
    concepts: [],
    setup: [],
    terminals: [],
    needs: [],
    checks: [...checks],
    solution: { commands: [] },
    wrongAnswers: [],
  };
}

export function labOf(...steps: readonly Step[]): Lab {
  const text = { title: 'Lab', summary: '', steps: {}, realLife: '', summaryCard: '' };
  return {
    id: 'lab',
    minutes: 1,
    parameters: {},
    clusters: [{ id: 'main', brokers: 3, firstPort: 9092, configs: {} }],
    setup: [],
    dir: '/labs/lab',
    steps,
    text: { ko: text, en: text },
  };
}

export interface Look {
  readonly snapshot?: Snapshot;
  readonly evidence?: Partial<Evidence>;
  readonly memory?: Memory;
}

export function lookAt(
  step: Step,
  { snapshot = snapshotOf({}), evidence = {}, memory = EMPTY_MEMORY }: Look,
): StepResult {
  return evaluateStep({
    lab: labOf(step),
    step,
    snapshot,
    evidence: { ...NO_EVIDENCE, ...evidence },
    memory,
  });
}

export function verdictOf(check: object, look: Look): Verdict {
  const verdict = lookAt(stepOf(checkOf(check)), look).verdicts[0];
  if (verdict === undefined) throw new Error('no verdict');
  return verdict;
}
