/** A lab's load in the client's terms, and its counts in the checks' terms. */
import type { WorkloadOptions, WorkloadReport } from '@brokerlab/broker/client';
import type { LoadReport } from '../checks/verdict.ts';
import type { LoadSpec } from '../lab/schema.ts';

const ACKS = { '0': 0, '1': 1, all: -1 } as const;

export function workOf(spec: LoadSpec): Omit<WorkloadOptions, 'connection'> {
  const clientId = spec.clientId ?? spec.id;
  const { produce, consume } = spec;
  if (consume !== undefined) {
    const { consumers, instanceIds, perSecond = 1, processingMs = 1000 / perSecond, ...work } = consume;
    const { heartbeatMs = Math.min(3_000, Math.ceil(work.sessionTimeoutMs / 3)) } = work;
    return {
      id: spec.id,
      clientId,
      clients: consumers,
      work: { consume: { ...work, heartbeatMs, processingMs, instanceIds: instanceIds === true } },
    };
  }
  if (produce === undefined) throw new Error(`the load ${spec.id} neither produces nor consumes`);
  const { producers, acks, ...work } = produce;
  return { id: spec.id, clientId, clients: producers, work: { produce: { ...work, acks: ACKS[acks] } } };
}

export function loadReport(spec: LoadSpec, { sent, acknowledged, failed }: WorkloadReport): LoadReport {
  const value = (spec.produce?.value ?? '').replaceAll('{load}', spec.id);
  return { sent, acknowledged, failed, value };
}

/** What `lab load ID N` may ask for; otherwise why not. */
export function loadSizeProblem(spec: LoadSpec, size: number): { ko: string; en: string } | null {
  const { adjustable } = spec;
  if (adjustable === undefined) {
    return { ko: `${spec.id}의 수는 바꿀 수 없어요.`, en: `The number of ${spec.id} cannot be changed.` };
  }
  const { atLeast, atMost } = adjustable;
  if (Number.isInteger(size) && size >= atLeast && size <= atMost) return null;
  return {
    ko: `${atLeast}~${atMost} 사이의 수를 쓰세요.`,
    en: `Give a number from ${atLeast} to ${atMost}.`,
  };
}
