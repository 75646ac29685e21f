/** ConsumerGroupMemberMetadataValue: a record of __consumer_offsets, type 5. */
import { message } from '../../wire/message.ts';
import { array, bytes, type Decoded, int32, string, struct } from '../../wire/schema.ts';

export const ConsumerGroupMemberMetadataValue = message('ConsumerGroupMemberMetadataValue', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    instanceId: string.nullable(),
    rackId: string.nullable(),
    clientId: string,
    clientHost: string,
    subscribedTopicNames: array(string),
    subscribedTopicRegex: string.nullable(),
    rebalanceTimeoutMs: int32.default(-1),
    serverAssignor: string.nullable(),
    classicMemberMetadata: struct({
      sessionTimeoutMs: int32,
      supportedProtocols: array(
        struct({
          name: string,
          metadata: bytes,
        }),
      ),
    })
      .nullable()
      .tag(0, 0),
  },
});
export type ConsumerGroupMemberMetadataValue = Decoded<typeof ConsumerGroupMemberMetadataValue>;
