/** ConsumerGroupDescribe: Kafka's API 69, versions 0 to 1. */
import { api } from '../wire/message.ts';
import { array, bool, type Decoded, int8, int16, int32, string, struct, uuid } from '../wire/schema.ts';

export const ConsumerGroupDescribeRequest = api(69, 'ConsumerGroupDescribeRequest', {
  versions: [0, 1],
  flexibleFrom: 0,
  fields: {
    groupIds: array(string),
    includeAuthorizedOperations: bool,
  },
});
export type ConsumerGroupDescribeRequest = Decoded<typeof ConsumerGroupDescribeRequest>;

const topicPartitions = struct({
  topicId: uuid,
  topicName: string,
  partitions: array(int32),
});

const assignment = struct({
  topicPartitions: array(topicPartitions),
});

export const ConsumerGroupDescribeResponse = api(69, 'ConsumerGroupDescribeResponse', {
  versions: [0, 1],
  flexibleFrom: 0,
  fields: {
    throttleTimeMs: int32,
    groups: array(
      struct({
        errorCode: int16,
        errorMessage: string.nullable().default(null),
        groupId: string,
        groupState: string,
        groupEpoch: int32,
        assignmentEpoch: int32,
        assignorName: string,
        members: array(
          struct({
            memberId: string,
            instanceId: string.nullable().default(null),
            rackId: string.nullable().default(null),
            memberEpoch: int32,
            clientId: string,
            clientHost: string,
            subscribedTopicNames: array(string),
            subscribedTopicRegex: string.nullable().default(null),
            assignment: assignment,
            targetAssignment: assignment,
            memberType: int8.default(-1).since(1),
          }),
        ),
        authorizedOperations: int32.default(-2147483648),
      }),
    ),
  },
});
export type ConsumerGroupDescribeResponse = Decoded<typeof ConsumerGroupDescribeResponse>;
