/** A Java producer's properties → our producer's options, with the checks Java makes between them. */
import type { ClientWarning, ProducerOptions } from '../../client/main.ts';
import type { CodecName } from '../../messages/compression.ts';
import { JavaError } from '../java/java-error.ts';
import { type ConfigRule, Configs, configError } from './client-configs.ts';
import { log } from './log.ts';
import type { ToolPorts } from './ports.ts';

const rules: Readonly<Record<string, ConfigRule>> = {
  acks: { kind: 'STRING', choices: ['all', '-1', '0', '1'] },
  'batch.size': { kind: 'INT', least: 0 },
  'buffer.memory': { kind: 'LONG', least: 0 },
  'client.id': { kind: 'STRING' },
  'compression.type': { kind: 'STRING', choices: ['none', 'gzip', 'snappy', 'lz4', 'zstd'] },
  'delivery.timeout.ms': { kind: 'INT', least: 0 },
  'enable.idempotence': { kind: 'BOOLEAN' },
  'linger.ms': { kind: 'LONG', least: 0 },
  'max.block.ms': { kind: 'LONG', least: 0 },
  'max.in.flight.requests.per.connection': { kind: 'INT', least: 1 },
  'max.request.size': { kind: 'INT', least: 0 },
  'metadata.max.age.ms': { kind: 'LONG', least: 0 },
  'receive.buffer.bytes': { kind: 'INT', least: -1 },
  'request.timeout.ms': { kind: 'INT', least: 0 },
  retries: { kind: 'INT', least: 0, most: 2147483647 },
  'retry.backoff.max.ms': { kind: 'LONG', least: 0 },
  'retry.backoff.ms': { kind: 'LONG', least: 0 },
  'send.buffer.bytes': { kind: 'INT', least: -1 },
  'transaction.timeout.ms': { kind: 'INT' },
  'transactional.id': { kind: 'STRING', nonEmpty: true },
};

const acksOf: Readonly<Record<string, -1 | 0 | 1>> = { all: -1, '-1': -1, '0': 0, '1': 1 };

export function producerOptions(
  ports: ToolPorts,
  properties: ReadonlyMap<string, string>,
  bootstrap: string,
): ProducerOptions {
  const configs = new Configs(properties, rules);
  const transactionalId = configs.has('transactional.id') ? configs.text('transactional.id', '') : null;
  const clientId = configs.text(
    'client.id',
    transactionalId === null ? 'producer-1' : `producer-${transactionalId}`,
  );
  const transaction = transactionalId === null ? '' : `, transactionalId=${transactionalId}`;
  checkTimeouts(configs);
  return {
    bootstrap,
    clientId,
    acks: acksOf[configs.text('acks', 'all')]!,
    idempotence: idempotence(configs),
    ...(transactionalId === null ? {} : { transactionalId }),
    transactionTimeoutMs: configs.number('transaction.timeout.ms', 60_000),
    compression: configs.text('compression.type', 'none') as CodecName,
    batchBytes: configs.number('batch.size', 16_384),
    lingerMs: configs.number('linger.ms', 5),
    retries: configs.number('retries', 2_147_483_647),
    deliveryTimeoutMs: deliveryTimeoutMs(configs),
    requestTimeoutMs: configs.number('request.timeout.ms', 30_000),
    retryBackoffMs: configs.number('retry.backoff.ms', 100),
    retryBackoffMaxMs: configs.number('retry.backoff.max.ms', 1_000),
    inFlightMax: configs.number('max.in.flight.requests.per.connection', 5),
    bufferBytesMax: configs.number('buffer.memory', 33_554_432),
    blockMsMax: configs.number('max.block.ms', 60_000),
    requestBytesMax: configs.number('max.request.size', 1_048_576),
    random: (bound) => ports.random(bound),
    onWarning: (warning) => warn(ports, `[Producer clientId=${clientId}${transaction}] `, warning),
  };
}

/** Producers and consumers, unlike admin clients, also tell of a bootstrap broker that went away. */
export function warn(ports: ToolPorts, prefix: string, { level, message, logger }: ClientWarning): void {
  // Java's ClientUtils has no client to name yet.
  const named = logger.endsWith('.ClientUtils') ? message : prefix + message;
  if (level !== 'INFO') log(ports, level, named, logger);
  const lost = /^Connection to node (-\d+) \((.*?)\/.*:(\d+)\)/.exec(message);
  if (lost !== null) {
    const [, id, host, port] = lost;
    const text = `Bootstrap broker ${host}:${port} (id: ${id} rack: null isFenced: false) disconnected`;
    log(ports, 'WARN', prefix + text, logger);
  }
}

const deliveryTimeoutDefaultMs = 120_000;

function leastDeliveryMs(configs: Configs): number {
  return configs.number('linger.ms', 5) + configs.number('request.timeout.ms', 30_000);
}

function checkTimeouts(configs: Configs): void {
  if (!configs.has('delivery.timeout.ms')) return;
  if (configs.number('delivery.timeout.ms', 0) < leastDeliveryMs(configs)) {
    const text = 'delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms';
    throw new JavaError(
      'org.apache.kafka.common.KafkaException',
      'Failed to construct kafka producer',
      configError(text),
    );
  }
}

function deliveryTimeoutMs(configs: Configs): number {
  const given = configs.number('delivery.timeout.ms', deliveryTimeoutDefaultMs);
  return Math.max(given, leastDeliveryMs(configs));
}

/** Asked for, it must be possible; only by default it gives way (KIP-679). */
function idempotence(configs: Configs): boolean {
  const asked = configs.has('enable.idempotence') && configs.flag('enable.idempotence', true);
  if (asked) {
    if (acksOf[configs.text('acks', 'all')] !== -1) {
      throw configError(
        'Must set acks to all in order to use the idempotent producer. Otherwise we cannot guarantee idempotence.',
      );
    }
    if (configs.number('retries', 1) === 0) {
      throw configError('Must set retries to non-zero when using the idempotent producer.');
    }
    if (configs.number('max.in.flight.requests.per.connection', 5) > 5) {
      throw configError(
        'Must set max.in.flight.requests.per.connection to at most 5 to use the idempotent producer.',
      );
    }
  }
  const enabled = configs.flag('enable.idempotence', true);
  if (configs.has('transactional.id') && !(enabled && mayBeIdempotent(configs))) {
    throw configError('Cannot set a transactional.id without also enabling idempotence.');
  }
  return enabled;
}

function mayBeIdempotent(configs: Configs): boolean {
  return (
    acksOf[configs.text('acks', 'all')] === -1 &&
    configs.number('retries', 1) > 0 &&
    configs.number('max.in.flight.requests.per.connection', 5) <= 5
  );
}
