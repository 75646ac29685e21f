/**
 * Requests that the active controller decides, on the controller listener: directly from brokers, or in an Envelope
 * on behalf of a client. One table, since all of them are "decode, decide, commit, answer".
 */
import type { ControllerApi } from '../controller/controller.ts';
import { ErrorCode } from '../messages/errors.ts';
import { listPartitionReassignments } from './46-list-partition-reassignments.ts';
import { describeQuorum } from './55-describe-quorum.ts';
import type { RequestContext } from './context.ts';
import { NotControllerError } from './controller-service.ts';

const decided: ReadonlyMap<number, ControllerApi> = new Map([
  [19, 'createTopics'],
  [20, 'deleteTopics'],
  [33, 'alterConfigs'],
  [37, 'createPartitions'],
  [43, 'electLeaders'],
  [44, 'incrementalAlterConfigs'],
  [45, 'alterPartitionReassignments'],
  [56, 'alterPartition'],
  [57, 'updateFeatures'],
  [62, 'brokerRegistration'],
  [63, 'brokerHeartbeat'],
  [64, 'unregisterBroker'],
  [67, 'allocateProducerIds'],
  [70, 'controllerRegistration'],
] as const);

export const controllerKeys: readonly number[] = [...decided.keys(), 46, 55];

/** Rejects with NotControllerError where this node does not lead. */
export async function answerAsController(
  apiKey: number,
  request: unknown,
  context: Pick<RequestContext, 'node' | 'apiVersion'>,
): Promise<unknown> {
  const { controller } = context.node;
  if (!controller.isActive) throw new NotControllerError();
  if (apiKey === 55) return describeQuorum(context);
  if (apiKey === 46) return listPartitionReassignments(request as never, context);
  const api = decided.get(apiKey);
  if (api === undefined) throw new TypeError(`API ${apiKey} is not the controller's`);
  // The schema of this key decoded the request, so it has the type that the key's decision takes.
  return controller.submit(api, request as never);
}

/** The same for a request that came to the controller listener by itself. */
export function controllerHandler(request: unknown, context: RequestContext): Promise<unknown> {
  return answerAsController(context.apiKey, request, context).catch((error: unknown) => {
    if (error instanceof NotControllerError) return { errorCode: ErrorCode.NOT_CONTROLLER };
    throw error;
  });
}
