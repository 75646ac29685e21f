/**
 * Requests that the active controller decides, on the controller listener: directly from brokers, or in an Envelope
 * on behalf of a client. One table, since all of them are "decode, decide, commit, answer".
 */
import type { ControllerApi } from '../controller/controller.ts';
import { ErrorCode, errorByCode } from '../messages/errors.ts';
import { listPartitionReassignments } from './46-list-partition-reassignments.ts';
import { describeQuorum } from './55-describe-quorum.ts';
import type { RequestContext } from './context.ts';
import { NotControllerError } from './controller-service.ts';
import { refuseVoterChange } from './raft-voters.ts';

const decided: ReadonlyMap<number, ControllerApi> = new Map([
  [19, 'createTopics'],
  [20, 'deleteTopics'],
  [33, 'alterConfigs'],
  [37, 'createPartitions'],
  [43, 'electLeaders'],
  [44, 'incrementalAlterConfigs'],
  [45, 'alterPartitionReassignments'],
  [49, 'alterClientQuotas'],
  [51, 'alterUserScramCredentials'],
  [56, 'alterPartition'],
  [57, 'updateFeatures'],
  [62, 'brokerRegistration'],
  [63, 'brokerHeartbeat'],
  [64, 'unregisterBroker'],
  [67, 'allocateProducerIds'],
  [70, 'controllerRegistration'],
  [73, 'assignReplicasToDirs'],
] as const);

/** AddRaftVoter, RemoveRaftVoter, UpdateRaftVoter. */
const voterKeys: readonly number[] = [80, 81, 82];

export const controllerKeys: readonly number[] = [...decided.keys(), 46, 55, ...voterKeys];

/** Rejects with NotControllerError where this node does not lead. */
export async function answerAsController(
  apiKey: number,
  request: unknown,
  context: Pick<RequestContext, 'node' | 'apiVersion'>,
): Promise<unknown> {
  const { controller } = context.node;
  if (!controller.isActive) throw new NotControllerError();
  if (apiKey === 55) return describeQuorum(request as never, context);
  if (apiKey === 46) return listPartitionReassignments(request as never, context);
  if (voterKeys.includes(apiKey)) return refuseVoterChange(apiKey, request as never, context.node.clusterId);
  const api = decided.get(apiKey);
  if (api === undefined) throw new TypeError(`API ${apiKey} is not the controller's`);
  // The schema of this key decoded the request, so it has the type that the key's decision takes.
  return controller.submit(api, request as never);
}

/** The same for a request that came to the controller listener by itself. */
export function controllerHandler(request: unknown, context: RequestContext): Promise<unknown> {
  return answerAsController(context.apiKey, request, context).catch((error: unknown) => {
    if (error instanceof NotControllerError) return refusal(context.apiKey, request as never);
    throw error;
  });
}

/** Not the controller: said of the whole, or, where a response has no place for that, of each thing asked for. */
function refusal(apiKey: number, request: { resources?: readonly Resource[] }): object {
  const errorCode = ErrorCode.NOT_CONTROLLER;
  if (apiKey !== 33 && apiKey !== 44) return { errorCode };
  const { message: errorMessage } = errorByCode(errorCode);
  const responses = (request.resources ?? []).map(({ resourceType, resourceName }) => ({
    errorCode,
    errorMessage,
    resourceType,
    resourceName,
  }));
  return { responses };
}

interface Resource {
  readonly resourceType: number;
  readonly resourceName: string;
}
