/** Runs the flows of a properties file: a client for each cluster of each flow, a metrics page when asked for. */

import type { Client } from '../client/client.ts';
import { connectCluster } from '../client/connect.ts';
import type { Log, LogLevel } from './flow/context.ts';
import type { FlowStatus } from './flow/flow.ts';
import { SeatedFlow } from './flow/seated-flow.ts';
import type { FlowFigures } from './metrics/flow-metrics.ts';
import { type MetricsServer, serveMetrics } from './metrics/metrics-server.ts';
import { prometheusText } from './metrics/prometheus.ts';
import type { FlowSettings, MirrorSettings } from './settings/settings.ts';
import { type FlowProgress, flowProgress } from './status.ts';

export interface MirrorMakerOptions {
  readonly settings: MirrorSettings;
  /** Only flows to these clusters are driven; left out: all. */
  readonly targets?: readonly string[];
  /** `flow` is `source->target`; empty: MirrorMaker itself speaks. */
  readonly onLog: (entry: { readonly level: LogLevel; readonly flow: string; readonly text: string }) => void;
  readonly now: () => number;
  /** Somebody wants to know where the metrics are served: they are, on loopback, though the file does not ask for it. */
  readonly onServing?: (port: number) => void;
}

/** What a running MirrorMaker says of one of its flows. */
export interface FlowReport extends Omit<FlowStatus, 'partitions'> {
  readonly progress: readonly FlowProgress[];
  readonly figures: FlowFigures;
}

const warnEveryMs = 30_000;
const warnedMost = 1_000;

export class MirrorMaker {
  readonly #options: MirrorMakerOptions;
  readonly #flows: SeatedFlow[] = [];
  /** When each warning was told last. */
  readonly #warned = new Map<string, number>();
  #server: MetricsServer | null = null;
  #failed: (error: Error) => void = () => {};
  /** Rejects when the whole must end: another MirrorMaker took over one of the flows. */
  readonly failure: Promise<never>;

  constructor(options: MirrorMakerOptions) {
    this.#options = options;
    this.failure = new Promise((_resolve, reject) => {
      this.#failed = reject;
    });
    this.failure.catch(() => {}); // who does not wait for it is not to be ended by it
  }

  get status(): FlowStatus[] {
    return this.#flows.map((flow) => flow.status);
  }

  get metricsPort(): number | null {
    return this.#server?.port ?? null;
  }

  async start(): Promise<void> {
    const { settings, targets } = this.#options;
    const flows = settings.flows.filter((flow) => targets === undefined || targets.includes(flow.target));
    await this.#serve();
    this.#log('INFO', `Kafka MirrorMaker starting with ${flows.length} flows`);
    for (const flow of flows) this.#startFlow(flow);
  }

  async #serve(): Promise<void> {
    const { settings, onServing } = this.#options;
    const asked = settings.metricsPort >= 0;
    if (!asked && onServing === undefined) return;
    const address = asked
      ? { host: settings.metricsHost, port: settings.metricsPort }
      : { host: '127.0.0.1', port: 0 };
    const server = await serveMetrics(address, {
      metrics: () => this.metricsText(),
      flows: () => this.flowReports(),
    });
    this.#server = server;
    if (asked) this.#log('INFO', `metrics on http://${settings.metricsHost}:${server.port}/metrics`);
    onServing?.(server.port);
  }

  /** All that is known of the flows, for a page to show. */
  flowReports(): FlowReport[] {
    const now = this.#options.now();
    return this.#flows.map(({ status, metrics }) => {
      const { partitions: _, ...known } = status;
      return { ...known, progress: flowProgress([status]), figures: metrics.figures(now) };
    });
  }

  metricsText(): string {
    const now = this.#options.now();
    return prometheusText(this.#flows.flatMap((flow) => flow.metrics.points(now)));
  }

  /** Finishes what is under way and commits it, within some seconds. */
  async stop(): Promise<void> {
    this.#log('INFO', 'Kafka MirrorMaker stopping');
    await Promise.all(this.#flows.map((flow) => flow.close()));
    await this.#server?.close();
    this.#log('INFO', 'Kafka MirrorMaker stopped.');
  }

  #startFlow(settings: FlowSettings): void {
    const name = `${settings.source}->${settings.target}`;
    const log: Log = (level, text) => this.#options.onLog({ level, flow: name, text });
    const flow = new SeatedFlow({
      settings,
      connect: (alias, clientIdOf) => this.#connect(alias, name, clientIdOf),
      log,
      now: this.#options.now,
      onFenced: (error) => {
        log('ERROR', error.message);
        this.#failed(error);
      },
    });
    this.#flows.push(flow);
  }

  #connect(alias: string, flow: string, clientIdOf = (clientId: string) => clientId): Client {
    const cluster = this.#options.settings.clusters.find((candidate) => candidate.alias === alias)!;
    const { connection } = cluster;
    return connectCluster({
      bootstrap: connection.bootstrap,
      clientId: clientIdOf(connection.clientId ?? flow),
      requestTimeoutMs: connection.requestTimeoutMs,
      connectTimeoutMs: connection.connectTimeoutMs,
      retryBackoffMs: connection.retryBackoffMs,
      retryBackoffMaxMs: connection.retryBackoffMaxMs,
      onWarning: ({ message }) => this.#warn(flow, `${alias}: ${message}`),
    });
  }

  /** A cluster that is away is told of now and then, not at each attempt. */
  #warn(flow: string, text: string): void {
    const now = this.#options.now();
    if (now - (this.#warned.get(text) ?? Number.NEGATIVE_INFINITY) < warnEveryMs) return;
    if (this.#warned.size >= warnedMost) this.#warned.clear();
    this.#warned.set(text, now);
    this.#options.onLog({ level: 'WARN', flow, text });
  }

  #log(level: LogLevel, text: string): void {
    this.#options.onLog({ level, flow: '', text });
  }
}
