/** A running cluster that a lab is proven on: its address, and what can be done to its brokers. */
import type { BrokerPort } from '../act/perform.ts';

export interface LabBrokers extends BrokerPort {
  /** Takes a broker that was added out for good. */
  remove(broker: number): Promise<void>;
}

export interface LabClusterHandle {
  readonly bootstrap: string;
  /** Refuses, by name, what this cluster's host cannot do. */
  readonly brokers: LabBrokers;
  close(): Promise<void>;
}

export interface ClusterWanted {
  readonly brokers: number;
  readonly configs: Readonly<Record<string, string | number>>;
}

/** Somebody else's cluster, given by its address: only the Kafka protocol reaches it. */
export const FOREIGN_BROKERS: LabBrokers = {
  status: () => Promise.resolve([]),
  fault: (fault) =>
    Promise.reject(new Error(`${fault}: a cluster given by --bootstrap cannot be told to. Use --driver.`)),
  heal: () => Promise.resolve(),
  add: () =>
    Promise.reject(new Error('add: a cluster given by --bootstrap cannot be told to. Use --driver.')),
  remove: () =>
    Promise.reject(new Error('remove: a cluster given by --bootstrap cannot be told to. Use --driver.')),
};
