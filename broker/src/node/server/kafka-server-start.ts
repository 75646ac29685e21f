/**
 * kafka-server-start.sh: runs one of our nodes from a properties file of Apache Kafka's. Follows kafka.Kafka and
 * KafkaRaftServer in checks, words and exit codes. What happens goes to standard output, what is wrong to standard error.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import { DiskError } from '../../storage/disk.ts';
import { FileDisk } from '../../storage/file-disk.ts';
import { loadProperties } from '../../tools/framework/admin.ts';
import { logWithTrace } from '../../tools/framework/log.ts';
import { OptionError, type OptionSet, parseOptions } from '../../tools/framework/options.ts';
import type { ToolPorts } from '../../tools/framework/ports.ts';
import { helpOptions, Usage } from '../../tools/framework/usage.ts';
import { JavaError } from '../../tools/java/java-error.ts';
import { logTime } from '../../tools/java/printf.ts';
import { parseKeyValues } from '../../tools/java/properties.ts';
import { claimDirectory } from '../identity.ts';
import { Node } from '../node.ts';
import type { Voters } from '../node-options.ts';
import { DirectoryLockedError } from '../storage/directory-lock.ts';
import { directoriesOf, readFormatted, verifyOwners } from './formatted-directories.ts';
import { askForVoters, votersOnDisk } from './quorum-voters.ts';
import { readServerProperties, type ServerProperties } from './server-properties.ts';

const options = {
  ...helpOptions,
  override: {
    argument: '',
    help: {
      en: 'A setting as key=value that goes before the file’s; may be given again.',
      ko: '파일보다 먼저 적용할 key=value 설정. 여러 번 쓸 수 있습니다.',
    },
  },
} as const;

const about = {
  en: 'Runs a Kafka server (broker, controller or both) as a properties file says.\nUSAGE: kafka-server-start.sh [-daemon] server.properties [--override property=value]*',
  ko: '속성 파일대로 Kafka 서버(브로커, 컨트롤러 또는 둘 다)를 실행합니다.\n사용법: kafka-server-start.sh [-daemon] server.properties [--override property=value]*',
};

const usageLine = 'USAGE: kafka-server-start.sh [-daemon] server.properties [--override property=value]*\n';
const mainLogger = 'kafka.Kafka$';
const serverLogger = 'kafka.server.KafkaRaftServer';

export async function run(ports: ToolPorts): Promise<number> {
  const [first, ...rest] = ports.args;
  if (first === undefined) {
    ports.out(usageLine);
    return 1;
  }
  if (first === '-daemon') return startDaemon(ports, rest);
  let server: ServerProperties;
  try {
    server = readServerProperties(readCommandLine(ports));
  } catch (error) {
    return refuse(ports, error);
  }
  return await serve(ports, server);
}

/** The file, then what overrides it. */
function readCommandLine(ports: ToolPorts): Map<string, string> {
  const [file = '', ...rest] = ports.args;
  const usage = new Usage(ports, options);
  if (['--help', '--version'].includes(file)) usage.helpOrVersion(parseOptions(options, ports.args), about);
  const set: OptionSet<typeof options> = parseOptions(options, rest);
  if (set.others.length > 0) usage.fail(`Found non argument parameters: ${set.others.join(',')}`);
  return new Map([...loadProperties(ports, file), ...parseKeyValues(set.values('override'))]);
}

async function serve(ports: ToolPorts, server: ServerProperties): Promise<number> {
  let node: Node;
  let interrupted = false;
  let end: (code: number) => void = () => undefined;
  const ended = new Promise<number>((settle) => {
    end = settle;
  });
  ports.onInterrupt((code) => {
    interrupted = true;
    end(code);
  });
  try {
    node = createNode(ports, server, () => end(1));
    await bind(node, server);
    const voters = await Promise.race([findVoters(ports, server, () => !interrupted), ended]);
    if (typeof voters !== 'number') node.start(voters);
  } catch (error) {
    return refuse(ports, error);
  }
  void node.running.then(
    () => say(ports, server, 'Kafka Server started'),
    () => undefined,
  );
  const code = await ended;
  if (code === 1) return code;
  say(ports, server, 'shutting down');
  await node.stop({ handOver: true });
  say(ports, server, 'shut down completed');
  return code;
}

function createNode(ports: ToolPorts, server: ServerProperties, onHalted: () => void): Node {
  const { nodeId, listeners, metadataDirectory, logDirectories, config } = server;
  const clusterId = claimDirectories(server);
  return new Node({
    id: nodeId,
    clusterId,
    listeners: listeners.all,
    interBrokerListener: listeners.interBroker,
    socketPath: null,
    directories: server.isBroker ? logDirectories.map((path) => resolve(path)) : [resolve(metadataDirectory)],
    metadataDirectory: resolve(metadataDirectory),
    config,
    flushes: true,
    clock: null,
    tap: { listener: null },
    onChange: () => undefined,
    log: (level, message) => {
      if (level === 'info') return;
      ports.err(`${logTime(new Date(ports.now()))} ${level.toUpperCase()} ${message} (${serverLogger})\n`);
    },
    onHalted,
  });
}

/** The cluster's id; a directory that is new beside formatted ones becomes this node's, as in Apache Kafka. */
function claimDirectories(server: ServerProperties): string {
  const directories = directoriesOf(server);
  const disk = new FileDisk();
  try {
    const formatted = readFormatted(disk, directories);
    const [identity] = formatted.values();
    if (identity === undefined) {
      throw new JavaError('java.lang.RuntimeException', 'No readable meta.properties files found.');
    }
    verifyOwners(formatted, { nodeId: server.nodeId, clusterId: null });
    const { clusterId } = identity;
    for (const directory of directories.all) {
      try {
        claimDirectory(disk, directory, { nodeId: server.nodeId, clusterId });
      } catch (error) {
        // The node begins without it, and says so.
        if (!(error instanceof DiskError) || directory === directories.metadata) throw error;
      }
    }
    return clusterId;
  } finally {
    disk.close();
  }
}

async function bind(node: Node, server: ServerProperties): Promise<void> {
  try {
    await node.bind();
  } catch (error) {
    const { code, address, port } = error as { code?: string; address?: string; port?: number };
    if (code !== 'EADDRINUSE' && code !== 'EADDRNOTAVAIL' && code !== 'ENOTFOUND' && code !== 'EACCES')
      throw error;
    const why = { EADDRINUSE: 'Address already in use', EACCES: 'Permission denied' }[code as string];
    const at = server.listeners.all.find((listener) => listener.port === port);
    const host = at?.host || (address === '::' || address === undefined ? '0.0.0.0' : address);
    throw new JavaError(
      'org.apache.kafka.common.KafkaException',
      `Socket server failed to bind to ${host}:${port ?? at?.port ?? 0}: ${why ?? 'Cannot assign requested address'}.`,
    );
  }
}

async function findVoters(
  ports: ToolPorts,
  server: ServerProperties,
  isWanted: () => boolean,
): Promise<Voters> {
  if (server.voters.length > 0) return server.voters;
  const disk = new FileDisk();
  const known = votersOnDisk(disk, server.metadataDirectory);
  disk.close();
  if (known !== null) return known;
  const warn = (message: string) => say(ports, server, message);
  return await askForVoters(server.bootstrapServers, { warn, isWanted });
}

function say(ports: ToolPorts, server: ServerProperties, message: string): void {
  const prefix = `[KafkaRaftServer nodeId=${server.nodeId}]`;
  ports.out(`${logTime(new Date(ports.now()))} INFO ${prefix} ${message} (${serverLogger})\n`);
  ports.flush();
}

function refuse(ports: ToolPorts, error: unknown): number {
  if (!(error instanceof Error)) throw error;
  if (error.message.startsWith('exit ')) throw error;
  const isLocked = error instanceof DirectoryLockedError;
  const className = isLocked ? 'org.apache.kafka.common.KafkaException' : 'java.lang.RuntimeException';
  const trace = error instanceof JavaError ? error.trace : `${className}: ${error.message}\n`;
  const message = `Exiting Kafka due to fatal exception${isLocked ? ' during startup.' : ''}`;
  logWithTrace(ports, 'ERROR', { message, logger: mainLogger, trace });
  if (error instanceof OptionError) ports.out(usageLine);
  return 1;
}

/** Goes on without the terminal; what it prints goes to logs/kafkaServer.out. */
function startDaemon(ports: ToolPorts, args: readonly string[]): number {
  if (args.length === 0) {
    ports.out(usageLine);
    return 1;
  }
  mkdirSync('logs', { recursive: true });
  const output = openSync('logs/kafkaServer.out', 'a');
  const [program = ''] = process.argv.slice(1);
  const child = spawn(process.execPath, [program, 'kafka-server-start', ...args], {
    detached: true,
    stdio: ['ignore', output, output],
  });
  child.unref();
  return 0;
}
