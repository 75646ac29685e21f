/** Builds a client. Nothing is opened before the first call. */
import { describeAcls } from './acls.ts';
import * as cluster from './admin-cluster.ts';
import * as groups from './admin-groups.ts';
import * as moves from './admin-moves.ts';
import * as topics from './admin-topics.ts';
import type { Client } from './client.ts';
import { fetchRecords } from './fetch-records.ts';
import { readGroupGeneration } from './group-log.ts';
import { listOffsets } from './list-offsets.ts';
import { Network } from './network.ts';
import { withRetries } from './retry.ts';
import type { ClientOptions } from './types.ts';

export function connectCluster(options: ClientOptions): Client {
  return clientOver(new Network(options));
}

export function clientOver(network: Network): Client {
  const close = async () => network.close();
  return {
    network,
    metadata: (options) => cluster.metadata(network, options),
    describeCluster: (options) => cluster.describeCluster(network, options),
    describeTopicPartitions: (names, options) => cluster.describeTopicPartitions(network, names, options),
    describeQuorum: () => cluster.describeQuorum(network),
    listReassignments: (partitions) => cluster.listReassignments(network, partitions),
    createTopics: (list, options) => topics.createTopics(network, list, options),
    deleteTopics: (list) => topics.deleteTopics(network, list),
    createPartitions: (list, options) => topics.createPartitions(network, list, options),
    describeAcls: () => describeAcls(network),
    describeConfigs: (resources, options) => topics.describeConfigs(network, resources, options),
    incrementalAlterConfigs: (list, options) => topics.incrementalAlterConfigs(network, list, options),
    listOffsets: (queries, options) => listOffsets(network, queries, options),
    listGroups: (options) => groups.listGroups(network, options),
    describeGroups: (groupIds) => groups.describeGroups(network, groupIds),
    offsetFetch: (groupId, partitions) => groups.offsetFetch(network, groupId, partitions),
    offsetCommit: (groupId, offsets) => groups.offsetCommit(network, groupId, offsets),
    deleteGroups: (groupIds) => groups.deleteGroups(network, groupIds),
    removeMembers: (groupId, members) => groups.removeMembers(network, groupId, members),
    offsetDelete: (groupId, partitions) => groups.offsetDelete(network, groupId, partitions),
    fetchRecords: (query) => fetchRecords(network, query),
    alterReassignments: (list) => moves.alterReassignments(network, list),
    electPreferredLeaders: (partitions) => moves.electPreferredLeaders(network, partitions),
    deleteRecords: (limits) => moves.deleteRecords(network, limits),
    describeLogSizes: (names) => moves.describeLogSizes(network, names),
    readGroupGeneration: (groupId) => readGroupGeneration(network, groupId),
    request: (target, call) => withRetries(network.limits, () => network.send(target, call)),
    close,
    [Symbol.asyncDispose]: close,
  };
}
