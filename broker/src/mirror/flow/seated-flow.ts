/** A flow and its seat: it runs while this MirrorMaker is the one that drives it, each time from what is stored. */
import type { Client } from '../../client/client.ts';
import { ownClientId } from '../formats/connect-protocol.ts';
import { FlowMetrics } from '../metrics/flow-metrics.ts';
import type { FlowSettings } from '../settings/settings.ts';
import type { FencedError } from '../target/identity.ts';
import type { Log } from './context.ts';
import { Flow, type FlowStatus } from './flow.ts';
import { Seat } from './seat.ts';

export interface SeatedFlowOptions {
  readonly settings: FlowSettings;
  /** A new client of the cluster with this alias; who gets it closes it. */
  readonly connect: (alias: string, clientIdOf?: (clientId: string) => string) => Client;
  readonly log: Log;
  readonly now: () => number;
  /** Another MirrorMaker writes under this one's names. */
  readonly onFenced: (error: Error) => void;
}

export class SeatedFlow {
  readonly #options: SeatedFlowOptions;
  readonly #seat: Seat;
  #flow: Flow | null = null;
  /** The last one that had to begin anew. */
  #restarting: Flow | null = null;
  /** Of the last time it drove: what was counted is not forgotten when it waits. */
  #metrics: FlowMetrics;
  /** Beginnings and ends, one after the other. */
  #changing: Promise<void> = Promise.resolve();

  constructor(options: SeatedFlowOptions) {
    const { settings, connect, log } = options;
    this.#options = options;
    this.#metrics = new FlowMetrics({ source: settings.source, target: settings.target });
    this.#seat = new Seat({
      client: connect(settings.target, ownClientId),
      groupId: settings.storage.groupId,
      log,
      onGained: () => this.#then(async () => this.#begin()),
      onLost: () => this.#then(() => this.#end()),
    });
  }

  get metrics(): FlowMetrics {
    return this.#metrics;
  }

  get status(): FlowStatus {
    if (this.#flow !== null) return this.#flow.status;
    const { source, target, enabled } = this.#options.settings;
    const counts = { groupCount: 0, recordCount: 0, recordRate: 0, partitions: [] };
    return { source, target, enabled, started: false, waiting: this.#seat.waits, ...counts };
  }

  /** The flow first, so that who drives it next finds all it stored. */
  async close(): Promise<void> {
    this.#then(() => this.#end());
    await this.#changing;
    await this.#seat.close();
  }

  #then(change: () => Promise<void>): void {
    this.#changing = this.#changing.then(change);
  }

  #begin(): void {
    const { settings, connect, log, now } = this.#options;
    if (!this.#seat.drives || this.#flow !== null) return;
    const clients = { source: connect(settings.source), target: connect(settings.target) };
    const flow = new Flow({ settings, ...clients, log, now, onFenced: (error) => this.#fenced(flow, error) });
    this.#flow = flow;
    this.#metrics = flow.metrics;
    flow.start();
  }

  /** What a transaction that took too long held is mirrored again, from what was committed. */
  #fenced(flow: Flow, error: FencedError): void {
    if (!error.expired) {
      this.#options.onFenced(error);
      return;
    }
    if (this.#restarting === flow) return;
    this.#restarting = flow;
    this.#options.log('WARN', `${error.message}; going on from what was committed`);
    this.#then(async () => {
      await this.#end();
      this.#begin();
    });
  }

  async #end(): Promise<void> {
    const flow = this.#flow;
    if (flow === null) return;
    await flow.close();
    this.#flow = null;
  }
}
