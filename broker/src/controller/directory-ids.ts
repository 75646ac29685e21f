/** Ids of log directories that stand for none, and whether what a replica has lies in one that works (KIP-858). */
import type { MetadataImage, PartitionRegistration } from './image.ts';

/** Not known yet. */
export const UNASSIGNED_DIRECTORY = 'AAAAAAAAAAAAAAAAAAAAAA';
/** The broker cannot read what it has, wherever that lies. */
export const LOST_DIRECTORY = 'AAAAAAAAAAAAAAAAAAAAAQ';
/** Not known since before directories had ids. */
export const MIGRATING_DIRECTORY = 'AAAAAAAAAAAAAAAAAAAAAg';

/** As far as is known. */
export function isInOnlineDirectory(
  image: MetadataImage,
  partition: PartitionRegistration,
  brokerId: number,
): boolean {
  const directory = partition.directories[partition.replicas.indexOf(brokerId)];
  const known = image.brokers.get(brokerId)?.logDirs ?? [];
  if (directory === undefined) return true;
  if (directory === UNASSIGNED_DIRECTORY || directory === MIGRATING_DIRECTORY) return true;
  return directory !== LOST_DIRECTORY && (known.length === 0 || known.includes(directory));
}
