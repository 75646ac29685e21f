/** PartitionRecord: a record of the metadata log, type 3. */
import { message } from '../../wire/message.ts';
import { array, type Decoded, int8, int32, uuid } from '../../wire/schema.ts';

export const PartitionRecord = message('PartitionRecord', {
  versions: [0, 2],
  flexibleFrom: 0,
  fields: {
    partitionId: int32.default(-1),
    topicId: uuid,
    replicas: array(int32),
    isr: array(int32),
    removingReplicas: array(int32),
    addingReplicas: array(int32),
    leader: int32.default(-1),
    leaderRecoveryState: int8.tag(0, 0),
    leaderEpoch: int32.default(-1),
    partitionEpoch: int32.default(-1),
    directories: array(uuid).since(1),
    eligibleLeaderReplicas: array(int32).nullable(2).default(null).since(2).tag(1, 2),
    lastKnownElr: array(int32).nullable(2).default(null).since(2).tag(2, 2),
  },
});
export type PartitionRecord = Decoded<typeof PartitionRecord>;
