/** What a node is started with. */
import type { ChangeKind } from '../handlers/services.ts';
import type { PeerAddress } from './network/peers.ts';
import type { VirtualClock } from './runtime/virtual-clock.ts';

export interface NodeOptions {
  readonly id: number;
  readonly clusterId: string;
  /** Address to listen on. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly controllerPort: number;
  readonly advertisedHost: string;
  /** 0: as `port`. */
  readonly advertisedPort: number;
  readonly socketPath: string | null;
  /** The log directory. */
  readonly directory: string;
  readonly config: Readonly<Record<string, string>>;
  /** Whether metadata is flushed to the medium before it counts. */
  readonly flushes: boolean;
  /** null: the real time. */
  readonly clock: VirtualClock | null;
  readonly onChange: (kind: ChangeKind) => void;
  readonly log: Log;
  /** The node halted by itself, as Apache Kafka's process would. */
  readonly onHalted: () => void;
}

export type Log = (level: 'info' | 'warn' | 'error', message: string) => void;

/** Controllers that vote, with the addresses of their controller listeners. */
export type Voters = readonly PeerAddress[];
