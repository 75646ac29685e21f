/** FindCoordinator, versions 0 to 6: groups (0) and transactional ids (1). Left out: share groups (2). */
import { coordinatorPartition } from '../group/placement.ts';
import type { FindCoordinatorRequest, FindCoordinatorResponse } from '../messages/10-find-coordinator.ts';
import { ErrorCode, errorByCode } from '../messages/errors.ts';
import type { Input } from '../wire/main.ts';
import { endpointOf } from './brokers.ts';
import type { RequestContext } from './context.ts';
import { OFFSETS_TOPIC } from './groups.ts';

/** From this version on several coordinators are asked for at once (KIP-699). */
const BATCHED_SINCE = 4;
const TOPICS: Readonly<Record<number, string>> = { 0: OFFSETS_TOPIC, 1: '__transaction_state' };

export function findCoordinator(
  request: FindCoordinatorRequest,
  context: RequestContext,
): Input<typeof FindCoordinatorResponse> {
  if (context.apiVersion >= BATCHED_SINCE) {
    return {
      coordinators: request.coordinatorKeys.map((key) => {
        const found = coordinatorOf(key, request.keyType, context);
        return wordless.has(found.errorCode) ? { ...found, errorMessage: '' } : found;
      }),
    };
  }
  const { key: _key, ...found } = coordinatorOf(request.key, request.keyType, context);
  return { ...found, errorMessage: found.errorMessage ?? errorByCode(found.errorCode).name };
}

/** Of these a batch says no more than the code. */
const wordless: ReadonlySet<number> = new Set([ErrorCode.NONE, ErrorCode.COORDINATOR_NOT_AVAILABLE]);

interface Coordinator {
  readonly key: string;
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

function coordinatorOf(key: string, keyType: number, context: RequestContext): Coordinator {
  const { node, listenerName } = context;
  const topic = TOPICS[keyType];
  const fail = (errorCode: number): Coordinator => ({
    key,
    nodeId: -1,
    host: '',
    port: -1,
    errorCode,
    errorMessage: errorByCode(errorCode).message,
  });
  if (topic === undefined) return fail(ErrorCode.INVALID_REQUEST);
  const partitionCount = node.coordinatorLogs.partitionCount(topic);
  if (partitionCount === null) {
    node.coordinatorLogs.ensure(topic);
    return fail(ErrorCode.COORDINATOR_NOT_AVAILABLE);
  }
  const leaderId = node.coordinatorLogs.leaderOf(topic, coordinatorPartition(key, partitionCount)) ?? -1;
  const broker = node.metadata.image.brokers.get(leaderId);
  const endpoint = broker === undefined || broker.fenced ? null : endpointOf(broker, listenerName);
  if (endpoint === null) return fail(ErrorCode.COORDINATOR_NOT_AVAILABLE);
  const { id: nodeId, host, port } = endpoint;
  return { key, nodeId, host, port, errorCode: ErrorCode.NONE, errorMessage: null };
}
