/** The names under which Kafka Connect, and so Apache Kafka's MirrorMaker 2, keeps a flow's state on the target. */

export const SOURCE_CONNECTOR = 'MirrorSourceConnector';
export const CHECKPOINT_CONNECTOR = 'MirrorCheckpointConnector';
export const HEARTBEAT_CONNECTOR = 'MirrorHeartbeatConnector';

/** One transactional producer for each task (KIP-618), named so that any worker of the group fences its forerunner. */
export function transactionalId(groupId: string, taskIndex: number): string {
  return `${groupId}-${SOURCE_CONNECTOR}-${taskIndex}`;
}

/** What Kafka Connect and MirrorMaker call their own, seen from the cluster where it stands, unless a file says otherwise. */
export function internalNames(other: string) {
  return {
    /** On the target, of flows from `other`. */
    group: `${other}-mm2`,
    offsets: `mm2-offsets.${other}.internal`,
    checkpoints: `${other}.checkpoints.internal`,
    /** On the source, of flows to `other`. */
    offsetSyncs: `mm2-offset-syncs.${other}.internal`,
  };
}
