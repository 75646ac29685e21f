/** `meta.properties` of a log directory: which node of which cluster it belongs to. Kafka's format, version 1. */
import { randomBytes } from 'node:crypto';
import type { Disk } from '../storage/disk.ts';

export interface Identity {
  readonly clusterId: string;
  readonly nodeId: number;
  /** Empty in a file of an older release, until a node claims the directory. */
  readonly directoryId: string;
}

export class IdentityError extends Error {
  override readonly name = 'IdentityError';
}

/** A random 22-character base64url uuid; never one that begins with a dash, which options would be taken for. */
export function newUuid(): string {
  for (;;) {
    const uuid = randomBytes(16).toString('base64url');
    if (!uuid.startsWith('-')) return uuid;
  }
}

/** Reads the directory's identity, or gives it one. Throws IdentityError when it is another node's or cluster's. */
export function claimDirectory(
  disk: Disk,
  directory: string,
  wanted: { readonly nodeId: number; readonly clusterId: string },
): Identity {
  disk.makeDirectory(directory);
  const found = readIdentity(disk, directory);
  if (found === null) {
    const identity = { ...wanted, directoryId: newUuid() };
    disk.replace(`${directory}/meta.properties`, Buffer.from(format(identity)));
    return identity;
  }
  if (found.nodeId !== wanted.nodeId) {
    throw new IdentityError(
      `${directory}/meta.properties belongs to node ${found.nodeId}, not to node ${wanted.nodeId}: give each node its own directory`,
    );
  }
  if (found.clusterId !== wanted.clusterId) {
    throw new IdentityError(
      `${directory}/meta.properties belongs to cluster ${found.clusterId}, not to ${wanted.clusterId}: use another directory, or empty this one`,
    );
  }
  if (found.directoryId !== '') return found;
  // The controller knows a directory by its id: it must be the same one after the next start.
  const identity = { ...found, directoryId: newUuid() };
  disk.replace(`${directory}/meta.properties`, Buffer.from(format(identity)));
  return identity;
}

export function readIdentity(disk: Disk, directory: string): Identity | null {
  const path = `${directory}/meta.properties`;
  const size = disk.size(path);
  if (size === undefined) return null;
  const text = disk.read(path, 0, size).toString('utf8');
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1]?.trim();
  const clusterId = value('cluster\\.id');
  const nodeId = value('node\\.id');
  if (clusterId === undefined || !/^\d+$/.test(nodeId ?? '')) {
    throw new IdentityError(`${path} has no cluster.id or no node.id: repair it, or empty the directory`);
  }
  return { clusterId, nodeId: Number(nodeId), directoryId: value('directory\\.id') ?? '' };
}

function format({ clusterId, nodeId, directoryId }: Identity): string {
  return `#\nversion=1\ncluster.id=${clusterId}\nnode.id=${nodeId}\ndirectory.id=${directoryId}\n`;
}
