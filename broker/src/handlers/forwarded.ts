import type { ApiMessage } from '../wire/main.ts';
import { decodeResponse, encodeRequest } from '../wire/main.ts';
import type { RequestContext } from './context.ts';

/** Requests that a broker does not answer itself but sends on to the active controller, in an Envelope (KIP-590). */
export const forwardedKeys: ReadonlySet<number> = new Set([
  19, // CreateTopics
  20, // DeleteTopics
  33, // AlterConfigs
  37, // CreatePartitions
  43, // ElectLeaders
  44, // IncrementalAlterConfigs
  45, // AlterPartitionReassignments
  46, // ListPartitionReassignments
  49, // AlterClientQuotas
  51, // AlterUserScramCredentials
  55, // DescribeQuorum
  57, // UpdateFeatures
  64, // UnregisterBroker
  80, // AddRaftVoter
  81, // RemoveRaftVoter
]);

/** How long a request may look for the active controller: `request.timeout.ms` of Kafka's clients. */
export const forwardTimeoutMs = 30_000;

/** Sends a part of a client's request on to the active controller, in the version it came in. */
export async function askController<QT, QI, RT, RI>(
  { apiVersion, correlationId, clientId, clientHost, node }: RequestContext,
  call: { request: ApiMessage<QT, QI>; response: ApiMessage<RT, RI>; body: NoInfer<QI> },
): Promise<RT> {
  const { request, response, body } = call;
  const frame = encodeRequest(request, apiVersion, { correlationId, clientId, body });
  const answer = await node.controllerChannel.forward(frame.subarray(4), {
    clientHost,
    timeoutMs: forwardTimeoutMs,
  });
  return decodeResponse(response, apiVersion, answer).body;
}
