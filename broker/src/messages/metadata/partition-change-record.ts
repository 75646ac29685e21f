/** PartitionChangeRecord: a record of the metadata log, type 5. */
import { message } from '../../wire/message.ts';
import { array, type Decoded, int8, int32, uuid } from '../../wire/schema.ts';

export const PartitionChangeRecord = message('PartitionChangeRecord', {
  versions: [0, 2],
  flexibleFrom: 0,
  fields: {
    partitionId: int32.default(-1),
    topicId: uuid,
    isr: array(int32).nullable().default(null).tag(0, 0),
    leader: int32.default(-2).tag(1, 0),
    replicas: array(int32).nullable().default(null).tag(2, 0),
    removingReplicas: array(int32).nullable().default(null).tag(3, 0),
    addingReplicas: array(int32).nullable().default(null).tag(4, 0),
    leaderRecoveryState: int8.default(-1).tag(5, 0),
    directories: array(uuid).nullable(1).default(null).since(1).tag(8, 1),
    eligibleLeaderReplicas: array(int32).nullable(2).default(null).since(2).tag(6, 2),
    lastKnownElr: array(int32).nullable(2).default(null).since(2).tag(7, 2),
  },
});
export type PartitionChangeRecord = Decoded<typeof PartitionChangeRecord>;
