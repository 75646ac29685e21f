/** GroupMetadataValue: a record of __consumer_offsets, type 2. */
import { message } from '../../wire/message.ts';
import { array, bytes, type Decoded, int32, int64, string, struct } from '../../wire/schema.ts';

const memberMetadata = struct({
  memberId: string,
  groupInstanceId: string.nullable(3).default(null).since(3),
  clientId: string,
  clientHost: string,
  rebalanceTimeout: int32.default(-1).since(1),
  sessionTimeout: int32,
  subscription: bytes,
  assignment: bytes,
});

export const GroupMetadataValue = message('GroupMetadataValue', {
  versions: [0, 4],
  flexibleFrom: 4,
  fields: {
    protocolType: string,
    generation: int32,
    protocol: string.nullable(),
    leader: string.nullable(),
    currentStateTimestamp: int64.default(-1n).since(2),
    members: array(memberMetadata),
  },
});
export type GroupMetadataValue = Decoded<typeof GroupMetadataValue>;
