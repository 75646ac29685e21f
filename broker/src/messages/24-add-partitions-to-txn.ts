/** AddPartitionsToTxn: Kafka's API 24, versions 0 to 5. */
import { api } from '../wire/message.ts';
import { array, bool, type Decoded, int16, int32, int64, string, struct } from '../wire/schema.ts';

const addPartitionsToTxnTopic = struct({
  name: string,
  partitions: array(int32),
});

export const AddPartitionsToTxnRequest = api(24, 'AddPartitionsToTxnRequest', {
  versions: [0, 5],
  flexibleFrom: 3,
  fields: {
    transactions: array(
      struct({
        transactionalId: string.since(4),
        producerId: int64.since(4),
        producerEpoch: int16.since(4),
        verifyOnly: bool.since(4),
        topics: array(addPartitionsToTxnTopic).since(4),
      }),
    ).since(4),
    v3AndBelowTransactionalId: string.until(3),
    v3AndBelowProducerId: int64.until(3),
    v3AndBelowProducerEpoch: int16.until(3),
    v3AndBelowTopics: array(addPartitionsToTxnTopic).until(3),
  },
});
export type AddPartitionsToTxnRequest = Decoded<typeof AddPartitionsToTxnRequest>;

const addPartitionsToTxnPartitionResult = struct({
  partitionIndex: int32,
  partitionErrorCode: int16,
});

const addPartitionsToTxnTopicResult = struct({
  name: string,
  resultsByPartition: array(addPartitionsToTxnPartitionResult),
});

export const AddPartitionsToTxnResponse = api(24, 'AddPartitionsToTxnResponse', {
  versions: [0, 5],
  flexibleFrom: 3,
  fields: {
    throttleTimeMs: int32,
    errorCode: int16.since(4),
    resultsByTransaction: array(
      struct({
        transactionalId: string.since(4),
        topicResults: array(addPartitionsToTxnTopicResult).since(4),
      }),
    ).since(4),
    resultsByTopicV3AndBelow: array(addPartitionsToTxnTopicResult).until(3),
  },
});
export type AddPartitionsToTxnResponse = Decoded<typeof AddPartitionsToTxnResponse>;
