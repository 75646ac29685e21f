/**
 * AddRaftVoter v0–1, RemoveRaftVoter v0 and UpdateRaftVoter v0 (KIP-853). Left out: voters that change; a cluster has those it
 * was started with (kraft.version 0), and answers as Apache Kafka does with static voters.
 */
import { ErrorCode } from '../messages/errors.ts';

const changes: Readonly<Record<number, string>> = { 80: 'adding', 81: 'removing' };

export function refuseVoterChange(
  apiKey: number,
  request: { readonly clusterId: string | null },
  clusterId: string,
): { errorCode: number; errorMessage?: string } {
  const change = changes[apiKey];
  if (request.clusterId !== null && request.clusterId !== clusterId) {
    const errorMessage = `The given id "${request.clusterId}" doesn't match the cluster id "${clusterId}"`;
    const errorCode = ErrorCode.INCONSISTENT_CLUSTER_ID;
    return change === undefined ? { errorCode } : { errorCode, errorMessage };
  }
  const errorCode = ErrorCode.UNSUPPORTED_VERSION;
  if (change === undefined) return { errorCode };
  const errorMessage = `Cluster doesn't support ${change} voter because the kraft.version feature is 0`;
  return { errorCode, errorMessage };
}
