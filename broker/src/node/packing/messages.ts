/**
 * What a cluster and a node's process tell each other over the process's channel. Every call is answered once, by its
 * number; events come unasked.
 */
import type { ChangeKind } from '../../handlers/services.ts';
import type { StopOptions } from '../hosted-node.ts';
import type { NodeOptions, Voters } from '../node-options.ts';

/** A node's options as they travel: without the functions, which become events. */
export type NodeSettings = Omit<NodeOptions, 'clock' | 'onChange' | 'tap' | 'log' | 'onHalted'>;

export type NodeCall =
  | { readonly kind: 'bind'; readonly settings: NodeSettings }
  | { readonly kind: 'start'; readonly voters: Voters }
  | { readonly kind: 'knows'; readonly brokerIds: readonly number[]; readonly limitMs: number }
  | { readonly kind: 'isolate' | 'heal' }
  | { readonly kind: 'cut' | 'mend'; readonly nodeId: number }
  | { readonly kind: 'stop'; readonly options: StopOptions };

export interface NodeRequest {
  readonly number: number;
  readonly call: NodeCall;
}

/** An error as it travels; `code`, `port` and `address` as Node.js's own network errors have them. */
export interface Failure {
  readonly message: string;
  readonly code?: string | undefined;
  readonly port?: number | undefined;
  readonly address?: string | undefined;
}

export type NodeMessage =
  | {
      readonly kind: 'answer';
      readonly number: number;
      readonly ports?: readonly number[];
      readonly failure?: Failure;
    }
  | { readonly kind: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly message: string }
  | { readonly kind: 'changed'; readonly change: ChangeKind };

/** A node's process could not do what it was asked, or ended. The message is for people. */
export class NodeProcessError extends Error {
  override readonly name = 'NodeProcessError';
}
