/** ElectLeaders: Kafka's API 43, versions 0 to 2. */
import { api } from '../wire/message.ts';
import { array, type Decoded, int8, int16, int32, string, struct } from '../wire/schema.ts';

export const ElectLeadersRequest = api(43, 'ElectLeadersRequest', {
  versions: [0, 2],
  flexibleFrom: 2,
  fields: {
    electionType: int8.since(1),
    topicPartitions: array(
      struct({
        topic: string,
        partitions: array(int32),
      }),
    ).nullable(),
    timeoutMs: int32.default(60000),
  },
});
export type ElectLeadersRequest = Decoded<typeof ElectLeadersRequest>;

export const ElectLeadersResponse = api(43, 'ElectLeadersResponse', {
  versions: [0, 2],
  flexibleFrom: 2,
  fields: {
    throttleTimeMs: int32,
    errorCode: int16.since(1),
    replicaElectionResults: array(
      struct({
        topic: string,
        partitionResult: array(
          struct({
            partitionId: int32,
            errorCode: int16,
            errorMessage: string.nullable(),
          }),
        ),
      }),
    ),
  },
});
export type ElectLeadersResponse = Decoded<typeof ElectLeadersResponse>;
