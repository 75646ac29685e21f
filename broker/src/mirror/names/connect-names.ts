/** The names under which Kafka Connect, and so Apache Kafka's MirrorMaker 2, keeps a flow's state on the target. */

export const SOURCE_CONNECTOR = 'MirrorSourceConnector';
export const CHECKPOINT_CONNECTOR = 'MirrorCheckpointConnector';
export const HEARTBEAT_CONNECTOR = 'MirrorHeartbeatConnector';

/** One transactional producer for each task (KIP-618), named so that any worker of the group fences its forerunner. */
export function transactionalId(groupId: string, taskIndex: number): string {
  return `${groupId}-${SOURCE_CONNECTOR}-${taskIndex}`;
}
