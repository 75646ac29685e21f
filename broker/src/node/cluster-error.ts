/** What can go wrong with a cluster as a whole, for the program that started it. */
import { DiskError } from '../storage/disk.ts';
import { LogError } from '../storage/log-contract.ts';
import { ConfigError } from './config/node-config.ts';
import { IdentityError } from './identity.ts';

export type ClusterErrorCode =
  /** An option of `startCluster` cannot be; the message names it and what it may be. */
  | 'invalid-option'
  /** A value in `config` cannot be, in Apache Kafka's words. */
  | 'invalid-config'
  /** No node of this id is in the cluster. */
  | 'unknown-node'
  /** The node votes in the quorum, and voters stay: only brokers that were added can be removed. */
  | 'voter'
  /** Partitions have replicas on the broker: move them first. */
  | 'replicas-left'
  /** Not what a virtual clock can be moved by. */
  | 'invalid-duration'
  /** A port is taken, or the host's address is not one of this machine's. */
  | 'address-unavailable'
  /** The data directory belongs to another node or cluster. */
  | 'foreign-directory'
  /** Stored records are damaged; the message names file and byte, and what to do. */
  | 'damaged-log'
  /** The disk is full or refuses access; the message names the path. */
  | 'disk-refused'
  /** Anything else that kept nodes from starting; `cause` tells. */
  | 'start-failed';

export class ClusterError extends Error {
  override readonly name = 'ClusterError';
  readonly code: ClusterErrorCode;

  constructor(code: ClusterErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The error behind a failed start, under its code; the message stays. */
export function startError(error: unknown): ClusterError {
  if (error instanceof ClusterError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ClusterError(codeOf(error), message, { cause: error });
}

function codeOf(error: unknown): ClusterErrorCode {
  if (error instanceof ConfigError) return 'invalid-config';
  if (error instanceof IdentityError) return 'foreign-directory';
  if (error instanceof LogError) return 'damaged-log';
  if (error instanceof DiskError) return 'disk-refused';
  const { code } = error as { code?: unknown };
  return code === 'EADDRINUSE' || code === 'EADDRNOTAVAIL' || code === 'EACCES'
    ? 'address-unavailable'
    : 'start-failed';
}
