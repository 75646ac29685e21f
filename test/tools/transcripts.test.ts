/** The tools against our own cluster: what Apache Kafka's print for the same commands, ids and times masked. */
import { type Cluster, startCluster } from '@brokerlab/broker';
import { connectCluster } from '@brokerlab/broker/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  UpdateFeaturesRequest,
  UpdateFeaturesResponse,
} from '../../broker/src/messages/57-update-features.ts';
import type { Tool } from '../../broker/src/tools/framework/ports.ts';
import { run as configs } from '../../broker/src/tools/kafka-configs.ts';
import { run as consume } from '../../broker/src/tools/kafka-console-consumer.ts';
import { run as produce } from '../../broker/src/tools/kafka-console-producer.ts';
import { run as groups } from '../../broker/src/tools/kafka-consumer-groups.ts';
import { run as offsets } from '../../broker/src/tools/kafka-get-offsets.ts';
import { run as allGroups } from '../../broker/src/tools/kafka-groups.ts';
import { run as topics } from '../../broker/src/tools/kafka-topics.ts';
import { type RunOptions, runTool, type ToolRun } from './run-tool.ts';

let cluster: Cluster;

beforeAll(async () => {
  cluster = await startCluster({ brokers: 3, config: { 'group.initial.rebalance.delay.ms': '0' } });
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
});

async function setGroupVersion(level: number): Promise<void> {
  await using client = connectCluster({ bootstrap: cluster.bootstrap });
  const featureUpdates = [
    { feature: 'group.version', maxVersionLevel: level, upgradeType: level > 0 ? 1 : 2 },
  ];
  const body = { timeoutMs: 10_000, featureUpdates, validateOnly: false };
  const answer = await client.request('any', {
    request: UpdateFeaturesRequest,
    response: UpdateFeaturesResponse,
    body,
  });
  expect(answer.errorCode).toBe(0);
}

function mask(text: string): string {
  return text
    .replace(/^\[[^\]]*\] /gm, '[time] ')
    .replace(/TopicId: \S+/g, 'TopicId: <id>')
    .replace(/(Leader|Replicas|Isr): [\d,]+/g, '$1: <ids>')
    .replace(/localhost:\d+ {2}\(\d\)\s+/g, '<coordinator> ');
}

async function at(tool: Tool, line: string, options?: RunOptions): Promise<ToolRun> {
  const args = ['--bootstrap-server', cluster.bootstrap, ...line.split(' ')];
  const { out, err, code } = await runTool(tool, args, options);
  return { out: mask(out), err: mask(err), code };
}

const hint =
  'The consumer rebalance protocol (KIP-848) is production-ready! Set group.protocol=consumer to try it out. See https://kafka.apache.org/documentation/#consumer_rebalance_protocol\n';

/** An error as kafka-topics.sh tells it: on standard output, and logged with its exception. */
function topicError(exception: string, message: string): ToolRun {
  return {
    out: `Error while executing topic command : ${message}\n`,
    err: `[time] ERROR ${exception}: ${message}\n (org.apache.kafka.tools.TopicCommand)\n`,
    code: 1,
  };
}

describe('kafka-topics.sh', () => {
  it('creates, lists, describes, grows and deletes', async () => {
    expect(await at(topics, '--topic first --create --partitions 2 --config retention.ms=60000')).toEqual({
      out: 'Created topic first.\n',
      err: '',
      code: 0,
    });
    expect(await at(topics, '--topic first --create')).toEqual(
      topicError('org.apache.kafka.common.errors.TopicExistsException', "Topic 'first' already exists."),
    );
    expect(await at(topics, '--topic first --create --if-not-exists')).toEqual({ out: '', err: '', code: 0 });
    expect((await at(topics, '--list --topic first')).out).toBe('first\n');
    expect((await at(topics, '--topic first --describe')).out).toBe(
      'Topic: first\tTopicId: <id>\tPartitionCount: 2\tReplicationFactor: 1\tConfigs: min.insync.replicas=1,retention.ms=60000\n' +
        [0, 1]
          .map(
            (partition) =>
              `\tTopic: first\tPartition: ${partition}\tLeader: <ids>\tReplicas: <ids>\tIsr: <ids>\tElr: \tLastKnownElr: \n`,
          )
          .join(''),
    );
    expect(await at(topics, '--topic first --alter --partitions 3')).toEqual({ out: '', err: '', code: 0 });
    expect(await at(topics, '--topic first --alter --partitions 3')).toEqual(
      topicError(
        'org.apache.kafka.common.errors.InvalidPartitionsException',
        'Topic already has 3 partition(s).',
      ),
    );
    expect(await at(topics, '--topic first --delete')).toEqual({ out: '', err: '', code: 0 });
    expect(await at(topics, '--topic first --delete')).toEqual(
      topicError('java.lang.IllegalArgumentException', "Topic 'first' does not exist as expected"),
    );
  });

  it.each([
    [
      '--replication-factor 4 --topic rf4 --create',
      'org.apache.kafka.common.errors.InvalidReplicationFactorException',
      'Unable to replicate the partition 4 time(s): The target replication factor of 4 cannot be reached because only 3 broker(s) are registered or some brokers have all their log directories cordoned.',
    ],
    [
      '--config retention.mss=1 --topic bad --create',
      'org.apache.kafka.common.errors.InvalidConfigurationException',
      'Unknown topic config name: retention.mss',
    ],
    [
      '--topic bad --create --replica-assignment 1:9',
      'org.apache.kafka.common.errors.InvalidReplicaAssignmentException',
      'The manual partition assignment includes broker 9, but no such broker is registered.',
    ],
    [
      '--topic bad --create --replica-assignment 1:1',
      'org.apache.kafka.tools.AdminCommandFailedException',
      'Partition replica lists may not contain duplicate entries: 1',
    ],
    [
      '--topic no! --create',
      'org.apache.kafka.common.errors.InvalidTopicException',
      "Topic name is invalid: 'no!' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'",
    ],
  ])('refuses %s', async (line, exception, message) => {
    expect(await at(topics, line)).toEqual(topicError(exception, message));
  });

  it('refuses a slip of the option name as Kafka does', async () => {
    expect(await at(topics, '--partition 2 --topic slip --create')).toEqual({
      out: '',
      err: 'partition is not a recognized option\njoptsimple.UnrecognizedOptionException: partition is not a recognized option\n\n',
      code: 1,
    });
  });
});

describe('produce and consume', () => {
  it('writes what it reads, with keys and headers, and reads it back in a group', async () => {
    await at(topics, '--topic orders --create --partitions 3 --replication-factor 3');
    const keyed = '--topic orders --property parse.key=true --property key.separator=:';
    expect(await at(produce, keyed, { input: 'skcc:college\n1234:0987:567\n학생:값\n' })).toEqual({
      out: 'Warning: --property is deprecated and will be removed in a future version. Use --reader-property instead.\n',
      err: '',
      code: 0,
    });
    const show = '--formatter-property print.key=true --formatter-property key.separator=:';
    const read = await at(
      consume,
      `--topic orders --group readers --from-beginning --max-messages 3 ${show}`,
    );
    expect(read.out.split('\n').sort()).toEqual(['', '1234:0987:567', 'skcc:college', '학생:값']);
    expect(read.err).toBe(`${hint}Processed a total of 3 messages\n`);
    const sums = (await at(offsets, '--topic orders')).out.match(/\d+$/gm)!.map(Number);
    expect(sums.reduce((sum, count) => sum + count)).toBe(3);
  });

  it.each(['gzip', 'snappy', 'lz4', 'zstd'])('carries %s', async (codec) => {
    await at(topics, `--topic codec-${codec} --create`);
    await at(produce, `--topic codec-${codec} --compression-codec ${codec}`, { input: 'one\ntwo\n' });
    const read = await at(consume, `--topic codec-${codec} --partition 0 --offset earliest --max-messages 2`);
    expect(read).toEqual({ out: 'one\ntwo\n', err: 'Processed a total of 2 messages\n', code: 0 });
  });

  it('says that nothing more came', async () => {
    await at(topics, '--topic silent --create');
    expect(await at(consume, '--topic silent --partition 0 --timeout-ms 300')).toEqual({
      out: '',
      err: '[time] ERROR Error processing message, terminating consumer process:  (org.apache.kafka.tools.consumer.ConsoleConsumer)\norg.apache.kafka.common.errors.TimeoutException\nProcessed a total of 0 messages\n',
      code: 0,
    });
  });

  it('reads in a group of the consumer protocol', async () => {
    const group = '--topic orders --group modern --command-property group.protocol=consumer';
    const read = await at(consume, `${group} --from-beginning --max-messages 3 --timeout-ms 20000`);
    expect(read).toMatchObject({ err: 'Processed a total of 3 messages\n', code: 0 });
  });

  it('shows committed offsets from the internal topic', async () => {
    const formatter = '--formatter org.apache.kafka.tools.consumer.OffsetsMessageFormatter';
    const read = await at(
      consume,
      `--topic __consumer_offsets --from-beginning ${formatter} --timeout-ms 1500`,
    );
    expect(read.out).toMatch(
      /\{"key":\{"type":1,"data":\{"group":"modern","topic":"orders","partition":\d\}\},"value":\{"version":\d,"data":\{"offset":\d,"leaderEpoch":\d+,"metadata":"","commitTimestamp":\d+/,
    );
  });

  it('does not pretend to speak a group protocol that the cluster lacks', async () => {
    await setGroupVersion(0);
    const read = await at(
      consume,
      '--topic orders --command-property group.protocol=consumer --timeout-ms 20000',
    );
    await setGroupVersion(1);
    expect(read.err).toContain('org.apache.kafka.common.errors.UnsupportedVersionException: ');
    expect(read.err).toContain('Set group.protocol=classic');
  });

  it('refuses a setting that is none', async () => {
    expect(await at(produce, '--topic orders --command-property acks=7', { input: 'x\n' })).toEqual({
      out: '',
      err: 'org.apache.kafka.common.config.ConfigException: Invalid value 7 for configuration acks: String must be one of: all, -1, 0, 1\n',
      code: 1,
    });
  });
});

describe('kafka-groups.sh', () => {
  it('lists groups of every type, and those of one', async () => {
    await at(topics, '--topic listed --create');
    await at(produce, '--topic listed', { input: 'a\n' });
    await at(
      consume,
      '--topic listed --group new-style --consumer-property group.protocol=consumer --timeout-ms 1',
    );
    await at(consume, '--topic listed --group old-style --from-beginning --max-messages 1');
    const line = (...cells: string[]) => `${cells.map((cell) => `${cell.padEnd(20)} `).join('')}\n`;
    const header = `${line('GROUP', 'TYPE', 'PROTOCOL').slice(0, -2)}\n`;
    expect((await at(allGroups, '--list')).out).toContain(line('old-style', 'Classic', 'consumer'));
    expect((await at(allGroups, '--list --group-type Share')).out).toBe(header);
    expect((await at(allGroups, '--list --group-type classic')).out).not.toContain('Consumer');
    expect(await at(allGroups, '--list --group-type none')).toEqual({
      out: '',
      err: '--group-type must be a valid group type.\njava.lang.IllegalArgumentException: --group-type must be a valid group type.\n\n',
      code: 1,
    });
    const conflict = await at(allGroups, '--list --consumer --share');
    expect(conflict.err).toMatch(/^Option "\[consumer\]" can't be used with option "\[share\]"\nOption/);
  });
});

describe('kafka-consumer-groups.sh', () => {
  const header = 'GROUP           TOPIC           PARTITION  NEW-OFFSET';

  it('shows, resets and deletes a group', async () => {
    await at(topics, '--topic counted --create');
    await at(produce, '--topic counted', { input: 'a\nb\nc\n' });
    await at(consume, '--topic counted --group counters --from-beginning --max-messages 2');
    expect(await at(groups, '--group counters --describe')).toEqual({
      out: `
GROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID     HOST            CLIENT-ID
counters        counted         0          2               3               1               -               -               -
`,
      err: "\nConsumer group 'counters' has no active members.\n",
      code: 0,
    });
    expect((await at(groups, '--group counters --describe --state')).out).toBe(
      '\nGROUP           COORDINATOR (ID)          ASSIGNMENT-STRATEGY  STATE                #MEMBERS\ncounters        <coordinator> -                    Empty                0\n',
    );
    expect(
      (await at(groups, '--group counters --reset-offsets --to-earliest --topic counted --execute')).out,
    ).toBe(`\n${header}\ncounters        counted         0          0\n`);
    expect((await at(groups, '--group counters --delete')).out).toBe(
      "Deletion of requested consumer groups ('counters') was successful.\n",
    );
    expect((await at(groups, '--group counters --describe')).out).toBe(
      '\nError: Executing consumer group command failed due to org.apache.kafka.common.errors.GroupIdNotFoundException: Group counters not found.\n',
    );
  });

  it('resets to the lines of a file', async () => {
    await at(topics, '--topic filed --create');
    await at(produce, '--topic filed', { input: 'a\nb\nc\n' });
    const files = { 'plan.csv': 'filed,0,2\n' };
    const reset = await at(groups, '--group filers --reset-offsets --from-file plan.csv --execute', {
      files,
    });
    expect(reset).toEqual({
      out: `\n${header}\nfilers          filed           0          2\n`,
      err: '',
      code: 0,
    });
  });
});

describe('kafka-configs.sh', () => {
  it('changes and shows the settings of a topic', async () => {
    await at(topics, '--topic set --create');
    const set = '--entity-type topics --entity-name set';
    expect(await at(configs, `${set} --alter --add-config retention.ms=1000`)).toEqual({
      out: 'Completed updating config for topic set.\n',
      err: '',
      code: 0,
    });
    expect((await at(configs, `${set} --describe`)).out).toBe(
      'Dynamic configs for topic set are:\n  retention.ms=1000 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:retention.ms=1000}\n',
    );
    expect((await at(configs, '--topic none --describe')).out).toBe(
      "The topic 'none' doesn't exist and doesn't have dynamic config.\n",
    );
  });
});
