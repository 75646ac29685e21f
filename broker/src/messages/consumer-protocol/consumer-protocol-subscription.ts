/** ConsumerProtocolSubscription: the classic consumer protocol's embedded data. */
import { message, NEVER } from '../../wire/message.ts';
import { array, bytes, type Decoded, int32, string, struct } from '../../wire/schema.ts';

export const ConsumerProtocolSubscription = message('ConsumerProtocolSubscription', {
  versions: [0, 3],
  flexibleFrom: NEVER,
  fields: {
    topics: array(string),
    userData: bytes.nullable().default(null),
    ownedPartitions: array(
      struct({
        topic: string.since(1),
        partitions: array(int32).since(1),
      }),
    ).since(1),
    generationId: int32.default(-1).since(2),
    rackId: string.nullable(3).default(null).since(3),
  },
});
export type ConsumerProtocolSubscription = Decoded<typeof ConsumerProtocolSubscription>;
