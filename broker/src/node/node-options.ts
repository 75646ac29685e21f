/** What a node is started with. */
import { clientListenerName, controllerListenerName } from '../handlers/brokers.ts';
import type { ChangeKind } from '../handlers/services.ts';
import type { PeerAddress } from './network/peers.ts';
import type { WireTap } from './network/tap.ts';
import type { VirtualClock } from './runtime/virtual-clock.ts';

export interface NodeOptions {
  readonly id: number;
  readonly clusterId: string;
  /** At least one. A node without one for brokers is a controller only, one without one for controllers a broker only. */
  readonly listeners: readonly ListenerOptions[];
  /** Name of the listener that brokers meet each other by. */
  readonly interBrokerListener: string;
  /** Also serves the first of the brokers' listeners here. */
  readonly socketPath: string | null;
  /** The log directories (`log.dirs`), at least one. */
  readonly directories: readonly string[];
  /** Where the metadata log lies; usually the first log directory. */
  readonly metadataDirectory: string;
  readonly config: Readonly<Record<string, string>>;
  /** Whether metadata is flushed to the medium before it counts. */
  readonly flushes: boolean;
  /** null: the real time. */
  readonly clock: VirtualClock | null;
  readonly onChange: (kind: ChangeKind) => void;
  readonly tap: WireTap;
  readonly log: Log;
  /** The node halted by itself, as Apache Kafka's process would. */
  readonly onHalted: () => void;
}

export interface ListenerOptions {
  readonly name: string;
  readonly kind: 'broker' | 'controller';
  /** Address to listen on; empty: all of this machine. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly advertisedHost: string;
  /** 0: as `port`. */
  readonly advertisedPort: number;
}

export type Log = (level: 'info' | 'warn' | 'error', message: string) => void;

/** Controllers that vote, with the addresses of their controller listeners. */
export type Voters = readonly VoterAddress[];

export interface VoterAddress extends PeerAddress {
  /** Name of the listener. */
  readonly listener: string;
  /** How others are told to call the host; left out: as it is dialled. */
  readonly advertisedHost?: string;
  /** Known where the voters are records of the log (kraft.version 1, KIP-853). */
  readonly directoryId?: string;
}

/** The two listeners of a node that is a broker and a controller. */
export function combinedListeners(options: {
  readonly host: string;
  readonly advertisedHost: string;
  readonly port: number;
  readonly controllerPort: number;
}): ListenerOptions[] {
  const { host, advertisedHost, port, controllerPort } = options;
  const both = { host, advertisedHost, advertisedPort: 0 };
  return [
    { ...both, name: clientListenerName, kind: 'broker', port },
    { ...both, name: controllerListenerName, kind: 'controller', port: controllerPort },
  ];
}
