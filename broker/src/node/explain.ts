/** Why a node or a cluster did not start, for the person who started it. */
import { DiskError } from '../storage/disk.ts';
import { LogError } from '../storage/log-contract.ts';
import { ClusterError } from './cluster-error.ts';
import { UsageError } from './cluster-options.ts';
import { ConfigError } from './config/node-config.ts';
import { IdentityError } from './identity.ts';
import { NodeProcessError } from './packing/messages.ts';

const ownErrors = [
  ClusterError,
  UsageError,
  ConfigError,
  IdentityError,
  DiskError,
  LogError,
  NodeProcessError,
];

/** One clear sentence for what a person can put right; the whole story for what only a programmer can. */
export function explain(failure: unknown): string {
  const error = failure instanceof ClusterError ? (failure.cause ?? failure) : failure;
  const { code, port, address } = error as { code?: string; port?: number; address?: string };
  if (code === 'EADDRINUSE') {
    return `port ${port} on ${address} is in use: stop what listens there, or choose another with --port`;
  }
  if (code === 'EADDRNOTAVAIL') return `${address} is not an address of this machine`;
  const known = ownErrors.some((type) => error instanceof type);
  if (known) return (error as Error).message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
