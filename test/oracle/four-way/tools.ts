/** Our tools by the names of Apache Kafka's scripts, and both kinds as one function that runs a command. */
import { readFileSync } from 'node:fs';
import { run as storage } from '../../../broker/src/node/server/kafka-storage.ts';
import type { Tool } from '../../../broker/src/tools/framework/ports.ts';
import { run as acls } from '../../../broker/src/tools/kafka-acls.ts';
import { run as brokerApiVersions } from '../../../broker/src/tools/kafka-broker-api-versions.ts';
import { run as cluster } from '../../../broker/src/tools/kafka-cluster.ts';
import { run as configs } from '../../../broker/src/tools/kafka-configs.ts';
import { run as consoleConsumer } from '../../../broker/src/tools/kafka-console-consumer.ts';
import { run as consoleProducer } from '../../../broker/src/tools/kafka-console-producer.ts';
import { run as consumerGroups } from '../../../broker/src/tools/kafka-consumer-groups.ts';
import { run as consumerPerf } from '../../../broker/src/tools/kafka-consumer-perf-test.ts';
import { run as deleteRecords } from '../../../broker/src/tools/kafka-delete-records.ts';
import { run as dumpLog } from '../../../broker/src/tools/kafka-dump-log.ts';
import { run as e2eLatency } from '../../../broker/src/tools/kafka-e2e-latency.ts';
import { run as features } from '../../../broker/src/tools/kafka-features.ts';
import { run as getOffsets } from '../../../broker/src/tools/kafka-get-offsets.ts';
import { run as groups } from '../../../broker/src/tools/kafka-groups.ts';
import { run as leaderElection } from '../../../broker/src/tools/kafka-leader-election.ts';
import { run as logDirs } from '../../../broker/src/tools/kafka-log-dirs.ts';
import { run as metadataQuorum } from '../../../broker/src/tools/kafka-metadata-quorum.ts';
import { run as producerPerf } from '../../../broker/src/tools/kafka-producer-perf-test.ts';
import { run as reassignPartitions } from '../../../broker/src/tools/kafka-reassign-partitions.ts';
import { run as topics } from '../../../broker/src/tools/kafka-topics.ts';
import { run as transactions } from '../../../broker/src/tools/kafka-transactions.ts';
import { run as verifiableConsumer } from '../../../broker/src/tools/kafka-verifiable-consumer.ts';
import { run as verifiableProducer } from '../../../broker/src/tools/kafka-verifiable-producer.ts';
import { runTool as runAlone, type ToolRun } from '../../support/apache-kafka.ts';
import type { JavaTools } from '../../support/java-tools.ts';
import { runTool } from '../../tools/run-tool.ts';

const OURS: Readonly<Record<string, Tool>> = {
  'kafka-acls': acls,
  'kafka-broker-api-versions': brokerApiVersions,
  'kafka-cluster': cluster,
  'kafka-configs': configs,
  'kafka-console-consumer': consoleConsumer,
  'kafka-console-producer': consoleProducer,
  'kafka-consumer-groups': consumerGroups,
  'kafka-consumer-perf-test': consumerPerf,
  'kafka-delete-records': deleteRecords,
  'kafka-dump-log': dumpLog,
  'kafka-e2e-latency': e2eLatency,
  'kafka-features': features,
  'kafka-get-offsets': getOffsets,
  'kafka-groups': groups,
  'kafka-leader-election': leaderElection,
  'kafka-log-dirs': logDirs,
  'kafka-metadata-quorum': metadataQuorum,
  'kafka-producer-perf-test': producerPerf,
  'kafka-reassign-partitions': reassignPartitions,
  'kafka-storage': storage,
  'kafka-topics': topics,
  'kafka-transactions': transactions,
  'kafka-verifiable-consumer': verifiableConsumer,
  'kafka-verifiable-producer': verifiableProducer,
};

interface Running {
  readonly input?: string;
  /** Aborted: the tool gets SIGTERM. Ours only. */
  readonly interrupt?: AbortSignal;
}

export type Runner = (words: readonly string[], running?: Running) => Promise<ToolRun>;

/** They say their last while the JVM ends, so each run of theirs needs one of its own. */
const ENDING_WITH_JVM = ['kafka-verifiable-consumer', 'kafka-verifiable-producer'];

export function javaRunner(tools: JavaTools): Runner {
  return ([tool = '', ...args], running) =>
    ENDING_WITH_JVM.includes(tool) ? runAlone(tool, args) : tools.run(tool, args, running);
}

export const ourRunner: Runner = async ([tool = '', ...args], running = {}) => {
  const run = OURS[tool];
  if (run === undefined) throw new Error(`${tool} is not among our tools`);
  const random = (bound: number) => Math.floor(Math.random() * bound);
  const readFile = (path: string) => readFileSync(path, 'utf8');
  try {
    const { out, err, code } = await runTool(run, args, { ...running, random, readFile });
    return { stdout: out, stderr: err, exitCode: code };
  } catch (error) {
    return { stdout: '', stderr: `not caught: ${error}`, exitCode: null };
  }
};
