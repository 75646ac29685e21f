/**
 * The `quorum-state` file in Kafka's JSON (QuorumStateData v0 with static voters; v1 is read too), so that Apache
 * Kafka can read ours and we its.
 */
import type { QuorumState } from './types.ts';

const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA';

export function formatQuorumState(state: QuorumState, voterIds: readonly number[]): string {
  return JSON.stringify({
    clusterId: '',
    leaderId: state.leaderId,
    leaderEpoch: state.leaderEpoch,
    votedId: state.votedId,
    appliedOffset: 0,
    currentVoters: voterIds.map((voterId) => ({ voterId })),
    data_version: 0,
  });
}

/** Null when the text is not a quorum-state. */
export function parseQuorumState(text: string): QuorumState | null {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof data !== 'object' || data === null) return null;
  const fields = data as Record<string, unknown>;
  const { leaderId, leaderEpoch, votedId, votedDirectoryId } = fields;
  if (typeof leaderId !== 'number' || typeof leaderEpoch !== 'number') return null;
  return {
    leaderId,
    leaderEpoch,
    votedId: typeof votedId === 'number' ? votedId : -1,
    votedDirectoryId: typeof votedDirectoryId === 'string' ? votedDirectoryId : ZERO_UUID,
  };
}
