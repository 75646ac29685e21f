/** Produce: Kafka's API 0, versions 3 to 13. */
import { api } from '../wire/message.ts';
import { array, type Decoded, int16, int32, int64, records, string, struct, uuid } from '../wire/schema.ts';

export const ProduceRequest = api(0, 'ProduceRequest', {
  versions: [3, 13],
  flexibleFrom: 9,
  fields: {
    transactionalId: string.nullable().default(null),
    acks: int16,
    timeoutMs: int32,
    topicData: array(
      struct({
        name: string.until(12),
        topicId: uuid.since(13),
        partitionData: array(
          struct({
            index: int32,
            records: records.nullable(),
          }),
        ),
      }),
    ),
  },
});
export type ProduceRequest = Decoded<typeof ProduceRequest>;

export const ProduceResponse = api(0, 'ProduceResponse', {
  versions: [3, 13],
  flexibleFrom: 9,
  fields: {
    responses: array(
      struct({
        name: string.until(12),
        topicId: uuid.since(13),
        partitionResponses: array(
          struct({
            index: int32,
            errorCode: int16,
            baseOffset: int64,
            logAppendTimeMs: int64.default(-1n),
            logStartOffset: int64.default(-1n).since(5),
            recordErrors: array(
              struct({
                batchIndex: int32.since(8),
                batchIndexErrorMessage: string.nullable(8).default(null).since(8),
              }),
            ).since(8),
            errorMessage: string.nullable(8).default(null).since(8),
            currentLeader: struct({
              leaderId: int32.default(-1).since(10),
              leaderEpoch: int32.default(-1).since(10),
            })
              .since(10)
              .tag(0, 10),
          }),
        ),
      }),
    ),
    throttleTimeMs: int32,
    nodeEndpoints: array(
      struct({
        nodeId: int32.since(10),
        host: string.since(10),
        port: int32.since(10),
        rack: string.nullable(10).default(null).since(10),
      }),
    )
      .since(10)
      .tag(0, 10),
  },
});
export type ProduceResponse = Decoded<typeof ProduceResponse>;
