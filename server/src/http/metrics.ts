/** What Prometheus reads at `/metrics`. No names of people or labs. */
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface MetricSources {
  readonly openEnvironments: () => number;
  readonly readyEnvironments: () => number;
  readonly sockets: () => number;
}

export interface Metrics {
  readonly registry: Registry;
  observeVerdictLatency(ms: number): void;
  observeRequest(request: { method: string; status: number; ms: number }): void;
}

const LOOP_LOOK_EVERY_MS = 500;

export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({
    register: registry,
    prefix: 'brokerlab_',
    // Its default looks at the loop a hundred times a second, which alone takes a hundredth of a core.
    eventLoopMonitoringPrecision: LOOP_LOOK_EVERY_MS,
  });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge('brokerlab_environments_open', 'Environments starting or ready.', sources.openEnvironments);
  gauge('brokerlab_environments_ready', 'Environments ready.', sources.readyEnvironments);
  gauge('brokerlab_sockets', 'Connected windows.', sources.sockets);
  const verdicts = new Histogram({
    name: 'brokerlab_verdict_seconds',
    help: 'From the change in a cluster to the verdict that says so.',
    buckets: [0.01, 0.02, 0.05, 0.1, 0.15, 0.3, 1, 3],
    registers: [registry],
  });
  const requests = new Histogram({
    name: 'brokerlab_http_request_seconds',
    help: 'HTTP requests of the API.',
    labelNames: ['method', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2],
    registers: [registry],
  });
  return {
    registry,
    observeVerdictLatency: (ms) => verdicts.observe(ms / 1000),
    observeRequest: ({ method, status, ms }) =>
      requests.observe({ method, status: String(status) }, ms / 1000),
  };
}
