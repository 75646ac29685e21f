/** What a cluster asks of a node, be it an object in this process (`Node`) or a process of its own (`NodeProcess`). */
import type { Voters } from './node-options.ts';

export interface StopOptions {
  /** Have leaderships moved away first; pointless when the whole cluster stops. */
  readonly handOver: boolean;
}

export interface NodeLinks {
  isolate(): void;
  heal(): void;
  cut(nodeId: number): void;
  mend(nodeId: number): void;
}

export interface HostedNode {
  readonly id: number;
  /** As bound, in the order of the node's listeners. */
  readonly ports: readonly number[];
  /** Of a process of its own; null in this one, and when it has ended. */
  readonly pid: number | null;
  readonly links: NodeLinks;
  /** Resolves when the broker was unfenced for the first time; rejects when the node ended before that. */
  readonly running: Promise<void>;
  bind(): Promise<void>;
  start(voters: Voters): void;
  /** Resolves when this broker knows all of `brokerIds` to be alive, or after `limitMs`. */
  knows(brokerIds: readonly number[], limitMs: number): Promise<void>;
  stop(options: StopOptions): Promise<void>;
  kill(): Promise<void>;
  pause(): void;
  resume(): void;
}
