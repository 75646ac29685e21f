/** What a step points at on the map, and whether a part of the map is it. */
import type { Look } from '@brokerlab/server/contract';

export function pointsAtPartition(
  look: Look | null,
  at: { cluster: string; first: boolean; topic: string; partition: number },
): boolean {
  if (!look || !isCluster(look, at) || look.topic !== at.topic) return false;
  return look.partition === undefined || look.partition === at.partition;
}

export function pointsAtBroker(
  look: Look | null,
  at: { cluster: string; first: boolean; broker: number },
): boolean {
  return look !== null && isCluster(look, at) && look.broker === at.broker;
}

export function pointsAtGroup(
  look: Look | null,
  at: { cluster: string; first: boolean; group: string },
): boolean {
  return look !== null && isCluster(look, at) && look.group === at.group;
}

function isCluster(look: Look, at: { cluster: string; first: boolean }): boolean {
  return look.cluster === undefined ? at.first : look.cluster === at.cluster;
}
