/** DeleteTopics: Kafka's API 20, versions 1 to 6. */
import { api } from '../wire/message.ts';
import { array, type Decoded, int16, int32, string, struct, uuid } from '../wire/schema.ts';

export const DeleteTopicsRequest = api(20, 'DeleteTopicsRequest', {
  versions: [1, 6],
  flexibleFrom: 4,
  fields: {
    topics: array(
      struct({
        name: string.nullable(6).default(null).since(6),
        topicId: uuid.since(6),
      }),
    ).since(6),
    topicNames: array(string).until(5),
    timeoutMs: int32,
  },
});
export type DeleteTopicsRequest = Decoded<typeof DeleteTopicsRequest>;

export const DeleteTopicsResponse = api(20, 'DeleteTopicsResponse', {
  versions: [1, 6],
  flexibleFrom: 4,
  fields: {
    throttleTimeMs: int32,
    responses: array(
      struct({
        name: string.nullable(6),
        topicId: uuid.since(6),
        errorCode: int16,
        errorMessage: string.nullable(5).default(null).since(5),
      }),
    ),
  },
});
export type DeleteTopicsResponse = Decoded<typeof DeleteTopicsResponse>;
