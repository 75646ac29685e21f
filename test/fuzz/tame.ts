/**
 * What a frame that can be read may ask for. Waits are cut so that every answer is due soon; what would take the fuzzed
 * cluster down by its own rules (a voter's epoch jumped to the end of all numbers, its brokers unregistered) or fill the
 * machine (a million partitions) is brought back to where it is harmless. Everything else goes out as it was drawn.
 */

/** Longest wait that a request may ask for. */
export const WAIT_MS_MAX = 100;

type Bound = (value: number) => number;
const atMost =
  (limit: number): Bound =>
  (value) =>
    Math.min(value, limit);
/** Ids of brokers that do not run here. */
const absentBroker: Bound = (value) => 5 + (Math.abs(value) % 5);

const everywhere: Readonly<Record<string, Bound>> = {
  maxWaitMs: atMost(WAIT_MS_MAX),
  timeoutMs: atMost(WAIT_MS_MAX),
  sessionTimeoutMs: atMost(WAIT_MS_MAX),
  rebalanceTimeoutMs: atMost(WAIT_MS_MAX),
  transactionTimeoutMs: atMost(WAIT_MS_MAX),
  numPartitions: atMost(4),
  count: atMost(6),
};
/** Old enough that the quorum's nodes know better. */
const oldEpoch: Bound = atMost(0);
const ofApi: Readonly<Record<number, Readonly<Record<string, Bound>>>> = {
  52: { replicaEpoch: oldEpoch },
  53: { leaderEpoch: oldEpoch },
  54: { leaderEpoch: oldEpoch },
  62: { brokerId: absentBroker },
  63: { brokerId: absentBroker },
  64: { brokerId: absentBroker },
  70: { controllerId: absentBroker },
};

/** Changes a decoded body in place; true when something had to be changed. */
export function tame(body: unknown, apiKey: number): boolean {
  if (typeof body !== 'object' || body === null || Buffer.isBuffer(body)) return false;
  let changed = false;
  for (const [name, value] of Object.entries(body)) {
    const bound = ofApi[apiKey]?.[name] ?? everywhere[name];
    if (typeof value === 'number' && bound !== undefined) {
      const allowed = bound(value);
      if (allowed === value) continue;
      (body as Record<string, unknown>)[name] = allowed;
      changed = true;
    } else if (typeof value === 'object' && tame(value, apiKey)) changed = true;
  }
  return changed;
}
