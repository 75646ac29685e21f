/** CreateTopics: Kafka's API 19, versions 2 to 7. */
import { api } from '../wire/message.ts';
import { array, bool, type Decoded, int8, int16, int32, string, struct, uuid } from '../wire/schema.ts';

export const CreateTopicsRequest = api(19, 'CreateTopicsRequest', {
  versions: [2, 7],
  flexibleFrom: 5,
  fields: {
    topics: array(
      struct({
        name: string,
        numPartitions: int32,
        replicationFactor: int16,
        assignments: array(
          struct({
            partitionIndex: int32,
            brokerIds: array(int32),
          }),
        ),
        configs: array(
          struct({
            name: string,
            value: string.nullable(),
          }),
        ),
      }),
    ),
    timeoutMs: int32.default(60000),
    validateOnly: bool,
  },
});
export type CreateTopicsRequest = Decoded<typeof CreateTopicsRequest>;

export const CreateTopicsResponse = api(19, 'CreateTopicsResponse', {
  versions: [2, 7],
  flexibleFrom: 5,
  fields: {
    throttleTimeMs: int32,
    topics: array(
      struct({
        name: string,
        topicId: uuid.since(7),
        errorCode: int16,
        errorMessage: string.nullable(),
        topicConfigErrorCode: int16.since(5).tag(0, 5),
        numPartitions: int32.default(-1).since(5),
        replicationFactor: int16.default(-1).since(5),
        configs: array(
          struct({
            name: string.since(5),
            value: string.nullable(5).since(5),
            readOnly: bool.since(5),
            configSource: int8.default(-1).since(5),
            isSensitive: bool.since(5),
          }),
        )
          .nullable(5)
          .since(5),
      }),
    ),
  },
});
export type CreateTopicsResponse = Decoded<typeof CreateTopicsResponse>;
