/** FindCoordinator: Kafka's API 10, versions 0 to 6. */
import { api } from '../wire/message.ts';
import { array, type Decoded, int8, int16, int32, string, struct } from '../wire/schema.ts';

export const FindCoordinatorRequest = api(10, 'FindCoordinatorRequest', {
  versions: [0, 6],
  flexibleFrom: 3,
  fields: {
    key: string.until(3),
    keyType: int8.since(1),
    coordinatorKeys: array(string).since(4),
  },
});
export type FindCoordinatorRequest = Decoded<typeof FindCoordinatorRequest>;

export const FindCoordinatorResponse = api(10, 'FindCoordinatorResponse', {
  versions: [0, 6],
  flexibleFrom: 3,
  fields: {
    throttleTimeMs: int32.since(1),
    errorCode: int16.until(3),
    errorMessage: string.nullable(1, 3).since(1).until(3),
    nodeId: int32.until(3),
    host: string.until(3),
    port: int32.until(3),
    coordinators: array(
      struct({
        key: string.since(4),
        nodeId: int32.since(4),
        host: string.since(4),
        port: int32.since(4),
        errorCode: int16.since(4),
        errorMessage: string.nullable(4).since(4),
      }),
    ).since(4),
  },
});
export type FindCoordinatorResponse = Decoded<typeof FindCoordinatorResponse>;
