/**
 * Every API of the followed release that is declared here, by key. What is left out on purpose: share and
 * streams groups (76 to 79, 83 to 93) and client telemetry (71, 72); a node answers those as one that lacks them.
 */
import type { ApiMessage, VersionRange } from '../wire/message.ts';
import { ProduceRequest, ProduceResponse } from './00-produce.ts';
import { FetchRequest, FetchResponse } from './01-fetch.ts';
import { ListOffsetsRequest, ListOffsetsResponse } from './02-list-offsets.ts';
import { MetadataRequest, MetadataResponse } from './03-metadata.ts';
import { OffsetCommitRequest, OffsetCommitResponse } from './08-offset-commit.ts';
import { OffsetFetchRequest, OffsetFetchResponse } from './09-offset-fetch.ts';
import { FindCoordinatorRequest, FindCoordinatorResponse } from './10-find-coordinator.ts';
import { JoinGroupRequest, JoinGroupResponse } from './11-join-group.ts';
import { HeartbeatRequest, HeartbeatResponse } from './12-heartbeat.ts';
import { LeaveGroupRequest, LeaveGroupResponse } from './13-leave-group.ts';
import { SyncGroupRequest, SyncGroupResponse } from './14-sync-group.ts';
import { DescribeGroupsRequest, DescribeGroupsResponse } from './15-describe-groups.ts';
import { ListGroupsRequest, ListGroupsResponse } from './16-list-groups.ts';
import { SaslHandshakeRequest, SaslHandshakeResponse } from './17-sasl-handshake.ts';
import { ApiVersionsRequest, ApiVersionsResponse } from './18-api-versions.ts';
import { CreateTopicsRequest, CreateTopicsResponse } from './19-create-topics.ts';
import { DeleteTopicsRequest, DeleteTopicsResponse } from './20-delete-topics.ts';
import { DeleteRecordsRequest, DeleteRecordsResponse } from './21-delete-records.ts';
import { InitProducerIdRequest, InitProducerIdResponse } from './22-init-producer-id.ts';
import { OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse } from './23-offset-for-leader-epoch.ts';
import { AddPartitionsToTxnRequest, AddPartitionsToTxnResponse } from './24-add-partitions-to-txn.ts';
import { AddOffsetsToTxnRequest, AddOffsetsToTxnResponse } from './25-add-offsets-to-txn.ts';
import { EndTxnRequest, EndTxnResponse } from './26-end-txn.ts';
import { WriteTxnMarkersRequest, WriteTxnMarkersResponse } from './27-write-txn-markers.ts';
import { TxnOffsetCommitRequest, TxnOffsetCommitResponse } from './28-txn-offset-commit.ts';
import { DescribeAclsRequest, DescribeAclsResponse } from './29-describe-acls.ts';
import { CreateAclsRequest, CreateAclsResponse } from './30-create-acls.ts';
import { DeleteAclsRequest, DeleteAclsResponse } from './31-delete-acls.ts';
import { DescribeConfigsRequest, DescribeConfigsResponse } from './32-describe-configs.ts';
import { AlterConfigsRequest, AlterConfigsResponse } from './33-alter-configs.ts';
import { AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse } from './34-alter-replica-log-dirs.ts';
import { DescribeLogDirsRequest, DescribeLogDirsResponse } from './35-describe-log-dirs.ts';
import { SaslAuthenticateRequest, SaslAuthenticateResponse } from './36-sasl-authenticate.ts';
import { CreatePartitionsRequest, CreatePartitionsResponse } from './37-create-partitions.ts';
import { CreateDelegationTokenRequest, CreateDelegationTokenResponse } from './38-create-delegation-token.ts';
import { RenewDelegationTokenRequest, RenewDelegationTokenResponse } from './39-renew-delegation-token.ts';
import { ExpireDelegationTokenRequest, ExpireDelegationTokenResponse } from './40-expire-delegation-token.ts';
import {
  DescribeDelegationTokenRequest,
  DescribeDelegationTokenResponse,
} from './41-describe-delegation-token.ts';
import { DeleteGroupsRequest, DeleteGroupsResponse } from './42-delete-groups.ts';
import { ElectLeadersRequest, ElectLeadersResponse } from './43-elect-leaders.ts';
import {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from './44-incremental-alter-configs.ts';
import {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from './45-alter-partition-reassignments.ts';
import {
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse,
} from './46-list-partition-reassignments.ts';
import { OffsetDeleteRequest, OffsetDeleteResponse } from './47-offset-delete.ts';
import { DescribeClientQuotasRequest, DescribeClientQuotasResponse } from './48-describe-client-quotas.ts';
import { AlterClientQuotasRequest, AlterClientQuotasResponse } from './49-alter-client-quotas.ts';
import {
  DescribeUserScramCredentialsRequest,
  DescribeUserScramCredentialsResponse,
} from './50-describe-user-scram-credentials.ts';
import {
  AlterUserScramCredentialsRequest,
  AlterUserScramCredentialsResponse,
} from './51-alter-user-scram-credentials.ts';
import { VoteRequest, VoteResponse } from './52-vote.ts';
import { BeginQuorumEpochRequest, BeginQuorumEpochResponse } from './53-begin-quorum-epoch.ts';
import { EndQuorumEpochRequest, EndQuorumEpochResponse } from './54-end-quorum-epoch.ts';
import { DescribeQuorumRequest, DescribeQuorumResponse } from './55-describe-quorum.ts';
import { AlterPartitionRequest, AlterPartitionResponse } from './56-alter-partition.ts';
import { UpdateFeaturesRequest, UpdateFeaturesResponse } from './57-update-features.ts';
import { EnvelopeRequest, EnvelopeResponse } from './58-envelope.ts';
import { FetchSnapshotRequest, FetchSnapshotResponse } from './59-fetch-snapshot.ts';
import { DescribeClusterRequest, DescribeClusterResponse } from './60-describe-cluster.ts';
import { DescribeProducersRequest, DescribeProducersResponse } from './61-describe-producers.ts';
import { BrokerRegistrationRequest, BrokerRegistrationResponse } from './62-broker-registration.ts';
import { BrokerHeartbeatRequest, BrokerHeartbeatResponse } from './63-broker-heartbeat.ts';
import { UnregisterBrokerRequest, UnregisterBrokerResponse } from './64-unregister-broker.ts';
import { DescribeTransactionsRequest, DescribeTransactionsResponse } from './65-describe-transactions.ts';
import { ListTransactionsRequest, ListTransactionsResponse } from './66-list-transactions.ts';
import { AllocateProducerIdsRequest, AllocateProducerIdsResponse } from './67-allocate-producer-ids.ts';
import {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from './68-consumer-group-heartbeat.ts';
import { ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse } from './69-consumer-group-describe.ts';
import {
  ControllerRegistrationRequest,
  ControllerRegistrationResponse,
} from './70-controller-registration.ts';
import { AssignReplicasToDirsRequest, AssignReplicasToDirsResponse } from './73-assign-replicas-to-dirs.ts';
import { ListConfigResourcesRequest, ListConfigResourcesResponse } from './74-list-config-resources.ts';
import {
  DescribeTopicPartitionsRequest,
  DescribeTopicPartitionsResponse,
} from './75-describe-topic-partitions.ts';
import { AddRaftVoterRequest, AddRaftVoterResponse } from './80-add-raft-voter.ts';
import { RemoveRaftVoterRequest, RemoveRaftVoterResponse } from './81-remove-raft-voter.ts';
import { UpdateRaftVoterRequest, UpdateRaftVoterResponse } from './82-update-raft-voter.ts';

export type Listener = 'broker' | 'controller';

export interface Api {
  readonly key: number;
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: any message; callers go on with the typed declaration
  readonly request: ApiMessage<any, any>;
  // biome-ignore lint/suspicious/noExplicitAny: any message; callers go on with the typed declaration
  readonly response: ApiMessage<any, any>;
  /** Stable versions of the release; what a node advertises. */
  readonly versions: VersionRange;
  readonly flexibleFrom: number;
  readonly listeners: readonly Listener[];
}

const BOTH: readonly Listener[] = ['broker', 'controller'];
const BROKER: readonly Listener[] = ['broker'];
const CONTROLLER: readonly Listener[] = ['controller'];

const ALL: readonly (readonly [
  name: string,
  request: Api['request'],
  response: Api['response'],
  listeners: readonly Listener[],
  latestStable?: number,
])[] = [
  ['Produce', ProduceRequest, ProduceResponse, BROKER],
  ['Fetch', FetchRequest, FetchResponse, BOTH],
  ['ListOffsets', ListOffsetsRequest, ListOffsetsResponse, BROKER],
  ['Metadata', MetadataRequest, MetadataResponse, BROKER],
  ['OffsetCommit', OffsetCommitRequest, OffsetCommitResponse, BROKER],
  ['OffsetFetch', OffsetFetchRequest, OffsetFetchResponse, BROKER],
  ['FindCoordinator', FindCoordinatorRequest, FindCoordinatorResponse, BROKER],
  ['JoinGroup', JoinGroupRequest, JoinGroupResponse, BROKER],
  ['Heartbeat', HeartbeatRequest, HeartbeatResponse, BROKER],
  ['LeaveGroup', LeaveGroupRequest, LeaveGroupResponse, BROKER],
  ['SyncGroup', SyncGroupRequest, SyncGroupResponse, BROKER],
  ['DescribeGroups', DescribeGroupsRequest, DescribeGroupsResponse, BROKER],
  ['ListGroups', ListGroupsRequest, ListGroupsResponse, BROKER],
  ['SaslHandshake', SaslHandshakeRequest, SaslHandshakeResponse, BOTH],
  ['ApiVersions', ApiVersionsRequest, ApiVersionsResponse, BOTH],
  ['CreateTopics', CreateTopicsRequest, CreateTopicsResponse, BOTH],
  ['DeleteTopics', DeleteTopicsRequest, DeleteTopicsResponse, BOTH],
  ['DeleteRecords', DeleteRecordsRequest, DeleteRecordsResponse, BROKER],
  ['InitProducerId', InitProducerIdRequest, InitProducerIdResponse, BROKER, 5],
  ['OffsetForLeaderEpoch', OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse, BROKER],
  ['AddPartitionsToTxn', AddPartitionsToTxnRequest, AddPartitionsToTxnResponse, BROKER],
  ['AddOffsetsToTxn', AddOffsetsToTxnRequest, AddOffsetsToTxnResponse, BROKER],
  ['EndTxn', EndTxnRequest, EndTxnResponse, BROKER],
  ['WriteTxnMarkers', WriteTxnMarkersRequest, WriteTxnMarkersResponse, BROKER],
  ['TxnOffsetCommit', TxnOffsetCommitRequest, TxnOffsetCommitResponse, BROKER],
  ['DescribeAcls', DescribeAclsRequest, DescribeAclsResponse, BOTH],
  ['CreateAcls', CreateAclsRequest, CreateAclsResponse, BOTH],
  ['DeleteAcls', DeleteAclsRequest, DeleteAclsResponse, BOTH],
  ['DescribeConfigs', DescribeConfigsRequest, DescribeConfigsResponse, BOTH],
  ['AlterConfigs', AlterConfigsRequest, AlterConfigsResponse, BOTH],
  ['AlterReplicaLogDirs', AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse, BROKER],
  ['DescribeLogDirs', DescribeLogDirsRequest, DescribeLogDirsResponse, BROKER],
  ['SaslAuthenticate', SaslAuthenticateRequest, SaslAuthenticateResponse, BOTH],
  ['CreatePartitions', CreatePartitionsRequest, CreatePartitionsResponse, BOTH],
  ['CreateDelegationToken', CreateDelegationTokenRequest, CreateDelegationTokenResponse, BOTH],
  ['RenewDelegationToken', RenewDelegationTokenRequest, RenewDelegationTokenResponse, BOTH],
  ['ExpireDelegationToken', ExpireDelegationTokenRequest, ExpireDelegationTokenResponse, BOTH],
  ['DescribeDelegationToken', DescribeDelegationTokenRequest, DescribeDelegationTokenResponse, BOTH],
  ['DeleteGroups', DeleteGroupsRequest, DeleteGroupsResponse, BROKER],
  ['ElectLeaders', ElectLeadersRequest, ElectLeadersResponse, BOTH],
  ['IncrementalAlterConfigs', IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse, BOTH],
  [
    'AlterPartitionReassignments',
    AlterPartitionReassignmentsRequest,
    AlterPartitionReassignmentsResponse,
    BOTH,
  ],
  ['ListPartitionReassignments', ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse, BOTH],
  ['OffsetDelete', OffsetDeleteRequest, OffsetDeleteResponse, BROKER],
  ['DescribeClientQuotas', DescribeClientQuotasRequest, DescribeClientQuotasResponse, BROKER],
  ['AlterClientQuotas', AlterClientQuotasRequest, AlterClientQuotasResponse, BOTH],
  [
    'DescribeUserScramCredentials',
    DescribeUserScramCredentialsRequest,
    DescribeUserScramCredentialsResponse,
    BOTH,
  ],
  ['AlterUserScramCredentials', AlterUserScramCredentialsRequest, AlterUserScramCredentialsResponse, BOTH],
  ['Vote', VoteRequest, VoteResponse, CONTROLLER],
  ['BeginQuorumEpoch', BeginQuorumEpochRequest, BeginQuorumEpochResponse, CONTROLLER],
  ['EndQuorumEpoch', EndQuorumEpochRequest, EndQuorumEpochResponse, CONTROLLER],
  ['DescribeQuorum', DescribeQuorumRequest, DescribeQuorumResponse, BOTH],
  ['AlterPartition', AlterPartitionRequest, AlterPartitionResponse, CONTROLLER],
  ['UpdateFeatures', UpdateFeaturesRequest, UpdateFeaturesResponse, BOTH],
  ['Envelope', EnvelopeRequest, EnvelopeResponse, CONTROLLER],
  ['FetchSnapshot', FetchSnapshotRequest, FetchSnapshotResponse, CONTROLLER],
  ['DescribeCluster', DescribeClusterRequest, DescribeClusterResponse, BOTH],
  ['DescribeProducers', DescribeProducersRequest, DescribeProducersResponse, BROKER],
  ['BrokerRegistration', BrokerRegistrationRequest, BrokerRegistrationResponse, CONTROLLER],
  ['BrokerHeartbeat', BrokerHeartbeatRequest, BrokerHeartbeatResponse, CONTROLLER],
  ['UnregisterBroker', UnregisterBrokerRequest, UnregisterBrokerResponse, BOTH],
  ['DescribeTransactions', DescribeTransactionsRequest, DescribeTransactionsResponse, BROKER],
  ['ListTransactions', ListTransactionsRequest, ListTransactionsResponse, BROKER],
  ['AllocateProducerIds', AllocateProducerIdsRequest, AllocateProducerIdsResponse, CONTROLLER],
  ['ConsumerGroupHeartbeat', ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse, BROKER],
  ['ConsumerGroupDescribe', ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse, BROKER],
  ['ControllerRegistration', ControllerRegistrationRequest, ControllerRegistrationResponse, CONTROLLER],
  ['AssignReplicasToDirs', AssignReplicasToDirsRequest, AssignReplicasToDirsResponse, CONTROLLER],
  ['ListConfigResources', ListConfigResourcesRequest, ListConfigResourcesResponse, BROKER],
  ['DescribeTopicPartitions', DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse, BROKER],
  ['AddRaftVoter', AddRaftVoterRequest, AddRaftVoterResponse, BOTH],
  ['RemoveRaftVoter', RemoveRaftVoterRequest, RemoveRaftVoterResponse, BOTH],
  ['UpdateRaftVoter', UpdateRaftVoterRequest, UpdateRaftVoterResponse, CONTROLLER],
];

export const apis: ReadonlyMap<number, Api> = new Map(
  ALL.map(([name, request, response, listeners, latestStable]) => [
    request.key,
    {
      key: request.key,
      name,
      request,
      response,
      versions: [request.versions[0], latestStable ?? request.versions[1]],
      flexibleFrom: request.flexibleFrom,
      listeners,
    },
  ]),
);

/** Names of all APIs of the release by key, those not declared here included (for tools that list them). */
export const API_NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'Produce'],
  [1, 'Fetch'],
  [2, 'ListOffsets'],
  [3, 'Metadata'],
  [8, 'OffsetCommit'],
  [9, 'OffsetFetch'],
  [10, 'FindCoordinator'],
  [11, 'JoinGroup'],
  [12, 'Heartbeat'],
  [13, 'LeaveGroup'],
  [14, 'SyncGroup'],
  [15, 'DescribeGroups'],
  [16, 'ListGroups'],
  [17, 'SaslHandshake'],
  [18, 'ApiVersions'],
  [19, 'CreateTopics'],
  [20, 'DeleteTopics'],
  [21, 'DeleteRecords'],
  [22, 'InitProducerId'],
  [23, 'OffsetForLeaderEpoch'],
  [24, 'AddPartitionsToTxn'],
  [25, 'AddOffsetsToTxn'],
  [26, 'EndTxn'],
  [27, 'WriteTxnMarkers'],
  [28, 'TxnOffsetCommit'],
  [29, 'DescribeAcls'],
  [30, 'CreateAcls'],
  [31, 'DeleteAcls'],
  [32, 'DescribeConfigs'],
  [33, 'AlterConfigs'],
  [34, 'AlterReplicaLogDirs'],
  [35, 'DescribeLogDirs'],
  [36, 'SaslAuthenticate'],
  [37, 'CreatePartitions'],
  [38, 'CreateDelegationToken'],
  [39, 'RenewDelegationToken'],
  [40, 'ExpireDelegationToken'],
  [41, 'DescribeDelegationToken'],
  [42, 'DeleteGroups'],
  [43, 'ElectLeaders'],
  [44, 'IncrementalAlterConfigs'],
  [45, 'AlterPartitionReassignments'],
  [46, 'ListPartitionReassignments'],
  [47, 'OffsetDelete'],
  [48, 'DescribeClientQuotas'],
  [49, 'AlterClientQuotas'],
  [50, 'DescribeUserScramCredentials'],
  [51, 'AlterUserScramCredentials'],
  [52, 'Vote'],
  [53, 'BeginQuorumEpoch'],
  [54, 'EndQuorumEpoch'],
  [55, 'DescribeQuorum'],
  [56, 'AlterPartition'],
  [57, 'UpdateFeatures'],
  [58, 'Envelope'],
  [59, 'FetchSnapshot'],
  [60, 'DescribeCluster'],
  [61, 'DescribeProducers'],
  [62, 'BrokerRegistration'],
  [63, 'BrokerHeartbeat'],
  [64, 'UnregisterBroker'],
  [65, 'DescribeTransactions'],
  [66, 'ListTransactions'],
  [67, 'AllocateProducerIds'],
  [68, 'ConsumerGroupHeartbeat'],
  [69, 'ConsumerGroupDescribe'],
  [70, 'ControllerRegistration'],
  [71, 'GetTelemetrySubscriptions'],
  [72, 'PushTelemetry'],
  [73, 'AssignReplicasToDirs'],
  [74, 'ListConfigResources'],
  [75, 'DescribeTopicPartitions'],
  [76, 'ShareGroupHeartbeat'],
  [77, 'ShareGroupDescribe'],
  [78, 'ShareFetch'],
  [79, 'ShareAcknowledge'],
  [80, 'AddRaftVoter'],
  [81, 'RemoveRaftVoter'],
  [82, 'UpdateRaftVoter'],
  [83, 'InitializeShareGroupState'],
  [84, 'ReadShareGroupState'],
  [85, 'WriteShareGroupState'],
  [86, 'DeleteShareGroupState'],
  [87, 'ReadShareGroupStateSummary'],
  [88, 'StreamsGroupHeartbeat'],
  [89, 'StreamsGroupDescribe'],
  [90, 'DescribeShareGroupOffsets'],
  [91, 'AlterShareGroupOffsets'],
  [92, 'DeleteShareGroupOffsets'],
]);
