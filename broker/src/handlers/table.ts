/** Which handler serves which API on which listener. A directory listing of this room is the list of what is served. */
import { produce } from './00-produce.ts';
import { fetch } from './01-fetch.ts';
import { listOffsets } from './02-list-offsets.ts';
import { metadata } from './03-metadata.ts';
import { offsetCommit } from './08-offset-commit.ts';
import { offsetFetch } from './09-offset-fetch.ts';
import { findCoordinator } from './10-find-coordinator.ts';
import { joinGroup } from './11-join-group.ts';
import { heartbeat } from './12-heartbeat.ts';
import { leaveGroup } from './13-leave-group.ts';
import { syncGroup } from './14-sync-group.ts';
import { describeGroups } from './15-describe-groups.ts';
import { listGroups } from './16-list-groups.ts';
import { saslHandshake } from './17-sasl-handshake.ts';
import { apiVersions } from './18-api-versions.ts';
import { deleteRecords } from './21-delete-records.ts';
import { initProducerId } from './22-init-producer-id.ts';
import { offsetForLeaderEpoch } from './23-offset-for-leader-epoch.ts';
import { addPartitionsToTxn } from './24-add-partitions-to-txn.ts';
import { addOffsetsToTxn } from './25-add-offsets-to-txn.ts';
import { endTxn } from './26-end-txn.ts';
import { writeTxnMarkers } from './27-write-txn-markers.ts';
import { txnOffsetCommit } from './28-txn-offset-commit.ts';
import { describeAcls } from './29-describe-acls.ts';
import { createAcls } from './30-create-acls.ts';
import { deleteAcls } from './31-delete-acls.ts';
import { describeConfigs } from './32-describe-configs.ts';
import { alterConfigs } from './33-alter-configs.ts';
import { alterReplicaLogDirs } from './34-alter-replica-log-dirs.ts';
import { describeLogDirs } from './35-describe-log-dirs.ts';
import { saslAuthenticate } from './36-sasl-authenticate.ts';
import { createDelegationToken } from './38-create-delegation-token.ts';
import { renewDelegationToken } from './39-renew-delegation-token.ts';
import { expireDelegationToken } from './40-expire-delegation-token.ts';
import { describeDelegationToken } from './41-describe-delegation-token.ts';
import { deleteGroups } from './42-delete-groups.ts';
import { incrementalAlterConfigs } from './44-incremental-alter-configs.ts';
import { offsetDelete } from './47-offset-delete.ts';
import { describeClientQuotas } from './48-describe-client-quotas.ts';
import { describeUserScramCredentials } from './50-describe-user-scram-credentials.ts';
import { envelope } from './58-envelope.ts';
import { describeCluster } from './60-describe-cluster.ts';
import { describeProducers } from './61-describe-producers.ts';
import { describeTransactions } from './65-describe-transactions.ts';
import { listTransactions } from './66-list-transactions.ts';
import { consumerGroupHeartbeat } from './68-consumer-group-heartbeat.ts';
import { consumerGroupDescribe } from './69-consumer-group-describe.ts';
import { listConfigResources } from './74-list-config-resources.ts';
import { describeTopicPartitions } from './75-describe-topic-partitions.ts';
import { controllerHandler, controllerKeys } from './controller-requests.ts';
import { raftHandlers } from './raft-requests.ts';
import type { AnyHandler } from './serve.ts';

function withApiVersions(handlers: Iterable<readonly [number, AnyHandler]>): ReadonlyMap<number, AnyHandler> {
  const table = new Map<number, AnyHandler>(handlers);
  table.set(
    18,
    apiVersions(() => table.keys()),
  );
  return table;
}

export const brokerHandlers = withApiVersions([
  [0, produce],
  [1, fetch],
  [2, listOffsets],
  [3, metadata],
  [8, offsetCommit],
  [9, offsetFetch],
  [10, findCoordinator],
  [11, joinGroup],
  [12, heartbeat],
  [13, leaveGroup],
  [14, syncGroup],
  [15, describeGroups],
  [16, listGroups],
  [17, saslHandshake],
  [21, deleteRecords],
  [22, initProducerId],
  [23, offsetForLeaderEpoch],
  [24, addPartitionsToTxn],
  [25, addOffsetsToTxn],
  [26, endTxn],
  [27, writeTxnMarkers],
  [28, txnOffsetCommit],
  [29, describeAcls],
  [30, createAcls],
  [31, deleteAcls],
  [32, describeConfigs],
  [33, alterConfigs],
  [34, alterReplicaLogDirs],
  [35, describeLogDirs],
  [36, saslAuthenticate],
  [38, createDelegationToken],
  [39, renewDelegationToken],
  [40, expireDelegationToken],
  [41, describeDelegationToken],
  [42, deleteGroups],
  [44, incrementalAlterConfigs],
  [47, offsetDelete],
  [48, describeClientQuotas],
  [50, describeUserScramCredentials],
  [60, describeCluster],
  [61, describeProducers],
  [65, describeTransactions],
  [66, listTransactions],
  [68, consumerGroupHeartbeat],
  [69, consumerGroupDescribe],
  [74, listConfigResources],
  [75, describeTopicPartitions],
]);

export const controllerHandlers = withApiVersions([
  ...raftHandlers,
  ...controllerKeys.map((key) => [key, controllerHandler] as const),
  [17, saslHandshake],
  [29, describeAcls],
  [30, createAcls],
  [31, deleteAcls],
  [32, describeConfigs],
  [36, saslAuthenticate],
  [38, createDelegationToken],
  [39, renewDelegationToken],
  [40, expireDelegationToken],
  [41, describeDelegationToken],
  [50, describeUserScramCredentials],
  [58, envelope],
  [60, describeCluster],
]);
