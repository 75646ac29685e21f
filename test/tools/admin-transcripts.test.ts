/** The admin tools against our own cluster: what Apache Kafka's print for the same commands; ids and ports masked. */
import { type Cluster, startCluster } from '@brokerlab/broker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tool } from '../../broker/src/tools/framework/ports.ts';
import { run as acls } from '../../broker/src/tools/kafka-acls.ts';
import { run as apiVersions } from '../../broker/src/tools/kafka-broker-api-versions.ts';
import { run as clusterTool } from '../../broker/src/tools/kafka-cluster.ts';
import { run as produce } from '../../broker/src/tools/kafka-console-producer.ts';
import { run as deleteRecords } from '../../broker/src/tools/kafka-delete-records.ts';
import { run as features } from '../../broker/src/tools/kafka-features.ts';
import { run as elect } from '../../broker/src/tools/kafka-leader-election.ts';
import { run as logDirs } from '../../broker/src/tools/kafka-log-dirs.ts';
import { run as quorum } from '../../broker/src/tools/kafka-metadata-quorum.ts';
import { run as reassign } from '../../broker/src/tools/kafka-reassign-partitions.ts';
import { run as topics } from '../../broker/src/tools/kafka-topics.ts';
import { run as transactions } from '../../broker/src/tools/kafka-transactions.ts';
import { runTool, type ToolRun } from './run-tool.ts';

let cluster: Cluster;

beforeAll(async () => {
  cluster = await startCluster({ brokers: 3 });
  await at(topics, '--topic skew --create --replica-assignment 1:2:3,1:2:3,1:2:3');
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
});

const plan = (...replicas: number[][]) =>
  JSON.stringify({
    version: 1,
    partitions: replicas.map((list, partition) => ({ topic: 'skew', partition, replicas: list })),
  });
const files: Record<string, string> = {
  'plan.json': plan([1, 2, 3], [2, 3, 1], [3, 1, 2]),
  'unknown.json': plan([1, 9]),
  'twice.json': plan([1, 1]),
  'none.json': plan([]),
  'broken.json': '{"version":1,"partitions":[{"topic":"skew","partition":0,"replicas":[1,2',
  'nonsense.json': 'nonsense',
  'old.json': '{"version":3,"partitions":[]}',
  'absent.json': '{"version":1,"partitions":[{"topic":"nope","partition":0,"replicas":[1]}]}',
  'delete.json': '{"partitions":[{"topic":"del","partition":0,"offset":2}],"version":1}',
  'beyond.json': '{"partitions":[{"topic":"del","partition":0,"offset":99}],"version":1}',
  'fieldless.json': '{"partitions":[{"topic":"del","partition":0}],"version":1}',
  'elect.json': '{"partitions":[{"topic":"skew","partition":0},{"topic":"skew","partition":0}]}',
};

async function at(tool: Tool, line: string, input?: string): Promise<ToolRun> {
  const args = line.replace('$B', `--bootstrap-server ${cluster.bootstrap}`).split(' ');
  const all = line.includes('$B') ? args : ['--bootstrap-server', cluster.bootstrap, ...args];
  const { out, err, code } = await runTool(tool, all, { files, ...(input === undefined ? {} : { input }) });
  return { out: mask(out), err: mask(err), code };
}

function mask(text: string): string {
  return text
    .replace(/^\[[^\]]*\] /gm, '[time] ')
    .replace(/"log_dirs":\["(?!any)[^\]]*\]/g, '"log_dirs":[…]');
}

const assignments = (...replicas: number[][]) =>
  JSON.stringify({
    version: 1,
    partitions: replicas.map((list, partition) => ({
      topic: 'skew',
      partition,
      replicas: list,
      log_dirs: '…',
    })),
  }).replaceAll('"…"', '[…]');
const throwing = (className: string, message: string, cause = '') =>
  `Error: ${message}\n${className}: ${message}\n${cause}\n`;
const commandFailed = 'org.apache.kafka.tools.AdminCommandFailedException';
const redacted =
  '[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: ';

describe('kafka-reassign-partitions.sh', () => {
  it('moves, verifies, and has nothing left to cancel', async () => {
    expect(await at(reassign, '--reassignment-json-file plan.json --execute --throttle 1000000')).toEqual({
      out: `Current partition replica assignment\n\n${assignments([1, 2, 3], [1, 2, 3], [1, 2, 3])}\n\nSave this to use as the --reassignment-json-file option during rollback\nWarning: You must run --verify periodically, until the reassignment completes, to ensure the throttle is removed.\nThe inter-broker throttle limit was set to 1000000 B/s\nSuccessfully started partition reassignments for skew-0,skew-1,skew-2\n`,
      err: '',
      code: 0,
    });
    await expect
      .poll(async () => (await at(reassign, '--list')).out)
      .toBe('No partition reassignments found.\n');
    expect((await at(reassign, '--reassignment-json-file plan.json --verify')).out).toBe(
      'Status of partition reassignment:\nReassignment of partition skew-0 is completed.\nReassignment of partition skew-1 is completed.\nReassignment of partition skew-2 is completed.\n\nClearing broker-level throttles on brokers 1,2,3\nClearing topic-level throttles on topic skew\n',
    );
    expect((await at(reassign, '--reassignment-json-file plan.json --cancel')).out).toBe(
      'None of the specified partition reassignments are active.\nNone of the specified partition moves are active.Clearing broker-level throttles on brokers 1,2,3\nClearing topic-level throttles on topic skew\n',
    );
  });

  it.each([
    ['unknown.json', throwing(commandFailed, 'Unknown broker id 9')],
    [
      'twice.json',
      throwing(
        commandFailed,
        'Partition replica lists may not contain duplicate entries: skew-0 contains multiple entries for 1',
      ),
    ],
    ['none.json', throwing(commandFailed, 'Partition replica list cannot be empty')],
    [
      'old.json',
      throwing('org.apache.kafka.tools.AdminOperationException', 'Not supported version field value 3'),
    ],
    [
      'missing.json',
      throwing(
        'java.io.IOException',
        'Unable to read file missing.json',
        'Caused by: java.nio.file.NoSuchFileException: missing.json\n',
      ),
    ],
    [
      'absent.json',
      throwing(
        'java.util.concurrent.ExecutionException',
        'org.apache.kafka.common.errors.UnknownTopicOrPartitionException: Topic nope not found.',
        'Caused by: org.apache.kafka.common.errors.UnknownTopicOrPartitionException: Topic nope not found.\n',
      ),
    ],
    [
      'nonsense.json',
      throwing(
        'org.apache.kafka.tools.AdminOperationException',
        `Unrecognized token 'nonsense': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n at ${redacted}1]`,
        `Caused by: com.fasterxml.jackson.core.JsonParseException: Unrecognized token 'nonsense': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n at ${redacted}1]\n`,
      ),
    ],
    [
      'broken.json',
      throwing(
        'org.apache.kafka.tools.AdminOperationException',
        `Unexpected end-of-input: expected close marker for Array (start marker at ${redacted}69])\n at ${redacted}73]`,
        `Caused by: com.fasterxml.jackson.core.io.JsonEOFException: Unexpected end-of-input: expected close marker for Array (start marker at ${redacted}69])\n at ${redacted}73]\n`,
      ),
    ],
  ])('refuses %s', async (file, out) => {
    expect(await at(reassign, `--reassignment-json-file ${file} --execute`)).toEqual({
      out,
      err: '',
      code: 1,
    });
  });
});

describe('kafka-leader-election.sh', () => {
  it.each([
    [
      '--election-type preferred --topic skew --partition 0',
      'Valid replica already elected for partitions skew-0\n',
    ],
    [
      '--election-type preferred --all-topic-partitions',
      'Successfully completed leader election (PREFERRED) for partitions skew-2, skew-1\n',
    ],
  ])('elects: %s', async (line, out) => {
    expect((await at(elect, line)).out.split(/\W+/).sort()).toEqual(out.split(/\W+/).sort());
  });

  it.each([
    [
      '--election-type preferred',
      'One and only one of the following options is required: topic, all-topic-partitions, path-to-json-file',
      commandFailed,
    ],
    ['--all-topic-partitions', 'Missing required option(s): election-type', commandFailed],
    ['--election-type preferred --topic skew', 'Missing required option(s): partition', commandFailed],
    [
      '--election-type preferred --path-to-json-file elect.json',
      'Replica election data contains duplicate partitions: [skew-0]',
      'org.apache.kafka.tools.AdminOperationException',
    ],
  ])('refuses %s', async (line, message, className) => {
    expect(await at(elect, line)).toEqual({
      out: '',
      err: `${message}\n${className}: ${message}\n\n`,
      code: 1,
    });
  });

  it('tells what could not be elected', async () => {
    const cause =
      'org.apache.kafka.common.errors.UnknownTopicOrPartitionException: No such partition as skew-7';
    expect(await at(elect, '--election-type preferred --topic skew --partition 7')).toEqual({
      out: `Error completing leader election (PREFERRED) for partition: skew-7: ${cause}\n`,
      err: `1 replica(s) could not be elected\n${commandFailed}: 1 replica(s) could not be elected\n\tSuppressed: ${cause}\n\n`,
      code: 1,
    });
  });
});

describe('kafka-delete-records.sh', () => {
  it('moves the log start offset, and says what it cannot', async () => {
    await at(topics, '--topic del --create');
    await at(produce, '--topic del', 'a\nb\nc\n');
    const head = 'Executing records delete operation\nRecords delete operation completed:\n';
    expect(await at(deleteRecords, '--offset-json-file delete.json')).toEqual({
      out: `${head}partition: del-0\tlow_watermark: 2\n`,
      err: '',
      code: 0,
    });
    expect(await at(deleteRecords, '--offset-json-file beyond.json')).toEqual({
      out: `${head}partition: del-0\terror: org.apache.kafka.common.errors.OffsetOutOfRangeException: The requested offset is not within the range of offsets maintained by the server.\n`,
      err: '[time] ERROR [AdminClient clientId=adminclient-1] DeleteRecords request for topic partition del-0 failed due to an unexpected error OFFSET_OUT_OF_RANGE (org.apache.kafka.clients.admin.internals.DeleteRecordsHandler)\n',
      code: 0,
    });
    expect((await at(deleteRecords, '--offset-json-file fieldless.json')).err).toBe(
      'No such field exists: `offset`\ncom.fasterxml.jackson.databind.JsonMappingException: No such field exists: `offset`\n\n',
    );
  });
});

describe('looking at the cluster', () => {
  it('knows its endpoints, quorum and log directories', async () => {
    const listed = (await at(clusterTool, 'list-endpoints $B')).out.split('\n');
    expect(listed[0]).toMatch(/^ID {9}HOST {2,} PORT {7}RACK {7}STATE {6}ENDPOINT_TYPE {2}$/);
    expect(listed.slice(1, 4).map((line) => line.split(/ +/)[0])).toEqual(['1', '2', '3']);
    expect((await at(quorum, '$B describe --status')).out.replace(/: .*/g, ':')).toBe(
      'ClusterId:\nLeaderId:\nLeaderEpoch:\nHighWatermark:\nMaxFollowerLag:\nMaxFollowerLagTimeMs:\nCurrentVoters:\nCurrentObservers:\n',
    );
    // As clients are told to call the brokers, wherever these listen.
    expect((await at(quorum, '$B describe --status')).out).toMatch(
      /"endpoints": \["CONTROLLER:\/\/localhost:\d+"\]/,
    );
    const dirs = (await at(logDirs, '--describe --topic-list skew --broker-list 2')).out.split('\n');
    expect(dirs.slice(0, 2)).toEqual([
      'Querying brokers for log directories information',
      'Received log directory information from brokers 2',
    ]);
    expect(JSON.parse(dirs[2]!).brokers[0].logDirs[0].partitions).toHaveLength(3);
    expect(await at(logDirs, '--describe --broker-list 9')).toEqual({
      out: '',
      err: 'ERROR: The given brokers do not exist from --broker-list: 9. Current existent brokers: 1,2,3\n',
      code: 1,
    });
    expect((await at(apiVersions, '$B')).out).toContain('\tListPartitionReassignments(46): 0 [usable: 0],\n');
  });

  it('refuses rules where there is no authorizer', async () => {
    const error =
      'org.apache.kafka.common.errors.SecurityDisabledException: No Authorizer is configured on the broker';
    expect(await at(acls, '--list')).toEqual({
      out: `Error while executing ACL command: ${error}\njava.util.concurrent.ExecutionException: ${error}\nCaused by: ${error}\n\n`,
      err: '',
      code: 1,
    });
  });

  it.each([
    ['$B list', 'TransactionalId\tCoordinator\tProducerId\tTransactionState\t\n', '', 0],
    [
      '$B find-hanging',
      '',
      'The `find-hanging` command requires either --topic or --broker-id to limit the scope of the search\n',
      1,
    ],
    [
      '$B abort --topic skew --partition 0 --start-offset 0',
      '',
      'Could not find any open transactions starting at offset 0 on partition skew-0\n',
      1,
    ],
  ])('kafka-transactions.sh %s', async (line, out, err, code) => {
    expect(await at(transactions, line)).toEqual({ out, err, code });
  });

  it.each([
    [
      'version-mapping --release-version 4.1',
      'metadata.version=27 (4.1)\nkraft.version=1\ntransaction.version=2\ngroup.version=1\neligible.leader.replicas.version=1\nshare.version=0\nstreams.version=0\n',
      '',
      0,
    ],
    [
      'feature-dependencies --feature eligible.leader.replicas.version=1',
      'eligible.leader.replicas.version=1 requires:\n    metadata.version=23 (4.0-IV1)\n',
      '',
      0,
    ],
    [
      'feature-dependencies --feature group.version=9',
      '',
      'No feature:group.version with feature level 9\n',
      1,
    ],
    [
      'describe',
      '',
      'Command line error: You must specify either --bootstrap-controller or --bootstrap-server.. Type --help for help.',
      1,
    ],
  ])('kafka-features.sh %s', async (line, out, err, code) => {
    expect(await runTool(features, line.split(' '))).toEqual({ out, err, code });
  });
});
