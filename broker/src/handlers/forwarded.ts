/** Requests that a broker does not answer itself but sends on to the active controller, in an Envelope (KIP-590). */
export const forwardedKeys: ReadonlySet<number> = new Set([
  19, // CreateTopics
  20, // DeleteTopics
  33, // AlterConfigs
  37, // CreatePartitions
  43, // ElectLeaders
  44, // IncrementalAlterConfigs
  45, // AlterPartitionReassignments
  46, // ListPartitionReassignments
  55, // DescribeQuorum
  57, // UpdateFeatures
  64, // UnregisterBroker
]);
