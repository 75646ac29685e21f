/**
 * What later looks compare with: the step's first sight of the quorum, of groups' generations and of answers that are
 * asked as they were at the start; and how groups' lags moved.
 */
import type { Check, Lab, Step } from '../lab/schema.ts';
import type { ReachableCluster, Snapshot } from '../observe/snapshot.ts';
import { progress } from './group.ts';
import type { LagSample } from './judgement.ts';
import { clusterOf } from './needs.ts';
import { observedAnswers } from './quiz-answers.ts';
import type { StepMemory } from './verdict.ts';

const SAMPLE_EVERY_MS = 400;
const SAMPLES_MAX = 200;

export interface Seen {
  readonly lab: Lab;
  readonly step: Step;
  readonly snapshot: Snapshot;
}

export function lagKey(cluster: string, group: string, topic: string | undefined): string {
  return `${cluster}/${group}/${topic ?? ''}`;
}

export function rememberLooks({ lab, step, snapshot }: Seen, memory: StepMemory): StepMemory {
  const atStart: Record<string, string | number> = { ...memory.atStart };
  const lags: Record<string, readonly LagSample[]> = { ...memory.lags };
  for (const check of step.checks) {
    const id = clusterOf(lab, check);
    const cluster = snapshot.clusters[id];
    if (cluster?.reachable !== true) continue;
    for (const [what, value] of beginningsOf(check, cluster)) atStart[`${id}/${what}`] ??= value;
    if (check.kind !== 'group' || check.lagTrend === undefined) continue;
    const key = lagKey(id, check.group, check.topic);
    const sample = lagNow(check, cluster, snapshot.atMs ?? 0);
    if (sample !== null) lags[key] = withSample(lags[key] ?? [], sample);
  }
  const changed = Object.keys(atStart).length > 0 || Object.keys(lags).length > 0;
  return changed ? { ...memory, atStart, lags } : memory;
}

function beginningsOf(check: Check, cluster: ReachableCluster): [string, string | number][] {
  if (check.kind === 'quorum' && (check.leaderChanged || check.epochRose !== undefined)) {
    const { quorum } = cluster;
    if (quorum === undefined || quorum.leader === null) return [];
    return [
      ['quorum/leader', quorum.leader],
      ['quorum/epoch', quorum.epoch],
    ];
  }
  if (check.kind === 'group' && check.rebalances !== undefined) {
    return [[`generation/${check.group}`, cluster.groups[check.group]?.generation ?? 0]];
  }
  if (check.kind === 'quiz' && check.atStart && typeof check.answer === 'object') {
    const right = observedAnswers(check.answer, cluster);
    return right.length === 0 ? [] : [[`quiz/${check.id}`, right.join('\n')]];
  }
  return [];
}

function lagNow(
  check: Extract<Check, { kind: 'group' }>,
  cluster: ReachableCluster,
  atMs: number,
): LagSample | null {
  const group = cluster.groups[check.group] ?? null;
  const lag = group === null ? null : progress(check.topic, group, cluster).lag;
  return lag === null ? null : { atMs: Math.round(atMs), lag };
}

/** A clock that went back (the server was started anew) begins a new series. */
function withSample(samples: readonly LagSample[], sample: LagSample): readonly LagSample[] {
  const last = samples.at(-1);
  if (last === undefined || sample.atMs < last.atMs) return [sample];
  if (sample.atMs - last.atMs < SAMPLE_EVERY_MS) return samples;
  return [...samples, sample].slice(-SAMPLES_MAX);
}
