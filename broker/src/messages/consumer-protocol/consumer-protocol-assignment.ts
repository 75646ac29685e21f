/** ConsumerProtocolAssignment: the classic consumer protocol's embedded data. */
import { message, NEVER } from '../../wire/message.ts';
import { array, bytes, type Decoded, int32, string, struct } from '../../wire/schema.ts';

export const ConsumerProtocolAssignment = message('ConsumerProtocolAssignment', {
  versions: [0, 3],
  flexibleFrom: NEVER,
  fields: {
    assignedPartitions: array(
      struct({
        topic: string,
        partitions: array(int32),
      }),
    ),
    userData: bytes.nullable().default(null),
  },
});
export type ConsumerProtocolAssignment = Decoded<typeof ConsumerProtocolAssignment>;
