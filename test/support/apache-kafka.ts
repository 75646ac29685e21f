/**
 * Apache Kafka itself, where a JDK and Maven are found: resolved once into a git-ignored folder, then run as
 * a user would run it. Tests that need it skip by name elsewhere, printing `missing()`.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { artifacts } from './maven.ts';

const ARTIFACTS = artifacts('apache-kafka', join(import.meta.dirname, 'apache-kafka', 'pom.xml'));
export const LIBS = ARTIFACTS.libs;

const CLASSES: Readonly<Record<string, string>> = {
  'connect-mirror-maker': 'org.apache.kafka.connect.mirror.MirrorMaker',
  'kafka-acls': 'org.apache.kafka.tools.AclCommand',
  'kafka-broker-api-versions': 'org.apache.kafka.tools.BrokerApiVersionsCommand',
  'kafka-client-compatibility': 'org.apache.kafka.tools.ClientCompatibilityTest',
  'kafka-cluster': 'org.apache.kafka.tools.ClusterTool',
  'kafka-configs': 'kafka.admin.ConfigCommand',
  'kafka-console-consumer': 'org.apache.kafka.tools.consumer.ConsoleConsumer',
  'kafka-console-producer': 'org.apache.kafka.tools.ConsoleProducer',
  'kafka-consumer-groups': 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  'kafka-consumer-perf-test': 'org.apache.kafka.tools.ConsumerPerformance',
  'kafka-delete-records': 'org.apache.kafka.tools.DeleteRecordsCommand',
  'kafka-dump-log': 'org.apache.kafka.tools.DumpLogSegments',
  'kafka-e2e-latency': 'org.apache.kafka.tools.EndToEndLatency',
  'kafka-features': 'org.apache.kafka.tools.FeatureCommand',
  'kafka-get-offsets': 'org.apache.kafka.tools.GetOffsetShell',
  'kafka-groups': 'org.apache.kafka.tools.GroupsCommand',
  'kafka-leader-election': 'org.apache.kafka.tools.LeaderElectionCommand',
  'kafka-log-dirs': 'org.apache.kafka.tools.LogDirsCommand',
  'kafka-metadata-quorum': 'org.apache.kafka.tools.MetadataQuorumCommand',
  'kafka-producer-perf-test': 'org.apache.kafka.tools.ProducerPerformance',
  'kafka-reassign-partitions': 'org.apache.kafka.tools.reassign.ReassignPartitionsCommand',
  'kafka-server-start': 'kafka.Kafka',
  'kafka-storage': 'kafka.tools.StorageTool',
  'kafka-topics': 'org.apache.kafka.tools.TopicCommand',
  'kafka-transactions': 'org.apache.kafka.tools.TransactionsCommand',
  'kafka-verifiable-consumer': 'org.apache.kafka.tools.VerifiableConsumer',
  'kafka-verifiable-producer': 'org.apache.kafka.tools.VerifiableProducer',
};

export interface ToolRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

/** Why Apache Kafka cannot be had here, or undefined when it can. Quick: looks only for the programs. */
export function missing(): string | undefined {
  if (ARTIFACTS.isComplete()) return undefined;
  for (const [command, name] of [
    ['java', 'a JDK'],
    ['mvn', 'Maven'],
  ] as const) {
    if (spawnSync('sh', ['-c', `command -v ${command}`]).status !== 0) {
      return `${name} (${command}) is not installed`;
    }
  }
  return undefined;
}

/** Resolves the artifacts once; parallel test files wait for the first. Throws with Maven's last lines. */
export function resolveApacheKafka(): void {
  ARTIFACTS.resolve();
}

/** Path of the jar whose name starts with `prefix` (`kafka-clients-4`). */
export function jar(prefix: string): string {
  const found = readdirSync(LIBS).find((name) => name.startsWith(prefix) && name.endsWith('.jar'));
  if (found === undefined) throw new Error(`no ${prefix}*.jar in ${LIBS}`);
  return join(LIBS, found);
}

/** Command and arguments that run a tool, for tests that talk to it while it runs. Tuned for a short life. */
export function toolCommand(tool: string, args: readonly string[]): [command: string, args: string[]] {
  return java(tool, args, ['-Xmx256M', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']);
}

/** The same as Apache Kafka's own scripts run it (kafka-run-class.sh), which is what a benchmark compares with. */
export function javaCommand(
  program: string,
  args: readonly string[],
  heap: readonly string[],
): [command: string, args: string[]] {
  return java(program, args, [
    ...heap,
    '-server',
    '-XX:+UseG1GC',
    '-XX:MaxGCPauseMillis=20',
    '-XX:InitiatingHeapOccupancyPercent=35',
    '-XX:+ExplicitGCInvokesConcurrent',
    '-XX:MaxInlineLevel=15',
    '-Djava.awt.headless=true',
  ]);
}

function java(
  program: string,
  args: readonly string[],
  flags: readonly string[],
): [command: string, args: string[]] {
  const log4j = join(import.meta.dirname, 'apache-kafka', 'log4j2.yaml');
  const classPath = ['-cp', `${LIBS}/*`];
  return ['java', [...flags, `-Dlog4j2.configurationFile=${log4j}`, ...classPath, classOf(program), ...args]];
}

export function classOf(program: string): string {
  const mainClass = CLASSES[program];
  if (mainClass === undefined) throw new Error(`${program} is not among the programs known here`);
  return mainClass;
}

/** Runs a tool to its end. */
export function runTool(
  tool: string,
  args: readonly string[],
  options: { input?: string; timeoutMs?: number } = {},
): Promise<ToolRun> {
  const child = startTool(tool, args);
  return new Promise((resolveRun, reject) => {
    let stdout = '';
    let stderr = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? 60_000);
    child.stdout!.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr!.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (exitCode) => {
      clearTimeout(timer);
      resolveRun({ stdout, stderr, exitCode });
    });
    child.stdin!.on('error', () => undefined); // the tool may end before it has read everything
    child.stdin!.end(options.input ?? '');
  });
}

export function startTool(tool: string, args: readonly string[]): ChildProcess {
  const [command, all] = toolCommand(tool, args);
  return spawn(command, all, { stdio: ['pipe', 'pipe', 'pipe'] });
}

/** A file inside a jar, as text. */
export function readFromJar(jarFile: string, entry: string): string {
  return execFileSync('unzip', ['-p', jarFile, entry], { encoding: 'utf8', maxBuffer: 16 << 20 });
}

/** Names of the files inside a jar. */
export function listJar(jarFile: string): string[] {
  return execFileSync('unzip', ['-Z1', jarFile], { encoding: 'utf8', maxBuffer: 16 << 20 }).split('\n');
}
