/** The tools' admin client: built from a properties file and options, failing as Java's does. */
import { type Client, ClientError } from '../../client/main.ts';
import { execution, fromApiError, JavaError, kafkaError } from '../java/java-error.ts';
import { parseProperties } from '../java/properties.ts';
import { type ConfigRule, Configs } from './client-configs.ts';
import { log } from './log.ts';
import type { ToolPorts } from './ports.ts';

const rules: Readonly<Record<string, ConfigRule>> = {
  'client.id': { kind: 'STRING' },
  'metadata.max.age.ms': { kind: 'LONG', least: 0 },
  'send.buffer.bytes': { kind: 'INT', least: -1 },
  'receive.buffer.bytes': { kind: 'INT', least: -1 },
  'reconnect.backoff.ms': { kind: 'LONG', least: 0 },
  'reconnect.backoff.max.ms': { kind: 'LONG', least: 0 },
  'retry.backoff.ms': { kind: 'LONG', least: 0 },
  'retry.backoff.max.ms': { kind: 'LONG', least: 0 },
  'request.timeout.ms': { kind: 'INT', least: 0 },
  'connections.max.idle.ms': { kind: 'LONG' },
  retries: { kind: 'INT', least: 0, most: 2147483647 },
  'default.api.timeout.ms': { kind: 'INT', least: 0 },
};

export interface AdminOptions {
  readonly bootstrap: string;
  readonly properties?: ReadonlyMap<string, string>;
  readonly apiTimeoutMs?: number;
  readonly controllers?: boolean;
}

export function loadProperties(ports: ToolPorts, path: string | null): Map<string, string> {
  if (path === null) return new Map();
  return parseProperties(readText(ports, path));
}

/** A file that cannot be read is Java's NoSuchFileException, whose message is the path alone. */
export function readText(ports: ToolPorts, path: string): string {
  try {
    return ports.readFile(path);
  } catch {
    throw new JavaError('java.nio.file.NoSuchFileException', path);
  }
}

export async function createAdmin(ports: ToolPorts, options: AdminOptions): Promise<Client> {
  const configs = new Configs(options.properties ?? new Map<string, string>(), rules);
  const clientId = configs.text('client.id', 'adminclient-1');
  try {
    return await ports.connect({
      bootstrap: options.bootstrap,
      controllers: options.controllers === true,
      clientId,
      requestTimeoutMs: configs.number('request.timeout.ms', 30_000),
      apiTimeoutMs: options.apiTimeoutMs ?? configs.number('default.api.timeout.ms', 60_000),
      onWarning: ({ level, message, logger }) => {
        const prefix = logger.endsWith('NetworkClient') ? `[AdminClient clientId=${clientId}] ` : '';
        if (level !== 'INFO') log(ports, level, prefix + message, logger);
      },
    });
  } catch (error) {
    throw new JavaError(
      'org.apache.kafka.common.KafkaException',
      'Failed to create new KafkaAdminClient',
      configException(error),
    );
  }
}

export function configException(error: unknown): JavaError {
  const text = error instanceof Error ? error.message : String(error);
  return new JavaError('org.apache.kafka.common.config.ConfigException', text);
}

/** The exception behind a failed call, as Java's admin client would name it. */
export function failureOf(error: unknown, call: string): JavaError {
  if (error instanceof JavaError) return error;
  if (!(error instanceof ClientError)) throw error;
  if (error.api !== null) return fromApiError(error.api);
  switch (error.code) {
    case 'unsupported-version':
      return kafkaError(
        'UnsupportedVersionException',
        error.message.replace(/^(?:.*?\(id: -?\d+\)|[^:]*): /, ''),
      );
    case 'transaction': {
      const { cause } = error;
      const inner = cause instanceof ClientError ? failureOf(cause, call) : null;
      return new JavaError('org.apache.kafka.common.KafkaException', error.message, inner);
    }
    case 'no-offset':
      return new JavaError('org.apache.kafka.clients.consumer.NoOffsetForPartitionException', error.message);
    case 'corrupt':
      return new JavaError('org.apache.kafka.common.KafkaException', error.message);
    default:
      return kafkaError('TimeoutException', `Timed out waiting for a node assignment. Call: ${call}`);
  }
}

/** Awaits a call; its failure becomes the exception Java's future would hold. */
export async function calling<T>(call: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw failureOf(error, call);
  }
}

/** As `calling`, but wrapped as `Future.get()` throws it. */
export async function getting<T>(call: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw execution(failureOf(error, call));
  }
}

/** A call that was tried until its time was over, as Java's admin client tells it. */
export function exhausted(ports: ToolPorts, call: string, tries = 600): JavaError {
  const now = ports.now();
  const state = `callName=${call}(api=METADATA), deadlineMs=${now}, tries=${tries}, nextAllowedTryMs=${now + 1_000}`;
  return kafkaError('TimeoutException', `Call(${state}) timed out at ${now} after ${tries} attempt(s)`);
}
