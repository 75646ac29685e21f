/** The same commands in all four pairings of tools (Java, ours) and clusters (Apache Kafka, ours), outputs compared. */
import { type Cluster, startCluster } from '@brokerlab/broker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tool } from '../../broker/src/tools/framework/ports.ts';
import { run as configs } from '../../broker/src/tools/kafka-configs.ts';
import { run as groups } from '../../broker/src/tools/kafka-consumer-groups.ts';
import { run as features } from '../../broker/src/tools/kafka-features.ts';
import { run as offsets } from '../../broker/src/tools/kafka-get-offsets.ts';
import { run as election } from '../../broker/src/tools/kafka-leader-election.ts';
import { run as producerPerf } from '../../broker/src/tools/kafka-producer-perf-test.ts';
import { run as topics } from '../../broker/src/tools/kafka-topics.ts';
import { run as transactions } from '../../broker/src/tools/kafka-transactions.ts';
import { missing, resolveApacheKafka, runTools } from '../support/apache-kafka.ts';
import { startApacheCluster } from '../support/apache-kafka-cluster.ts';
import { eventually } from '../support/eventually.ts';
import { runTool } from '../tools/run-tool.ts';
import { SEQUENCE } from './four-way-sequence.ts';

const OURS: Readonly<Record<string, Tool>> = {
  'kafka-configs': configs,
  'kafka-consumer-groups': groups,
  'kafka-features': features,
  'kafka-get-offsets': offsets,
  'kafka-leader-election': election,
  'kafka-producer-perf-test': producerPerf,
  'kafka-topics': topics,
  'kafka-transactions': transactions,
};
/** Commands whose outputs differ, each with its reason. */
const LISTED: Readonly<Record<string, string>> = {};

const reason = missing();
if (reason !== undefined) console.log(`skipped: the four-way comparison, ${reason}`);
let apache: Awaited<ReturnType<typeof startApacheCluster>>;
let ours: Cluster;
beforeAll(async () => {
  if (reason !== undefined) return;
  resolveApacheKafka();
  apache = await startApacheCluster();
  ours = await startCluster({ brokers: 3 });
}, 300_000);
afterAll(async () => {
  await apache?.stop();
  await ours?.stop();
});

function commands(bootstrap: string, prefix: string): [string, ...string[]][] {
  return SEQUENCE.map((line) => {
    const [tool = '', ...args] = line.replaceAll('@', prefix).split(' ');
    return [tool, '--bootstrap-server', bootstrap, ...args];
  });
}

/** Ids, times, ports, placement and logged lines (with their stack frames) are not compared. */
function mask(text: string, prefix: string): string {
  return (
    text
      .replaceAll(prefix, '@')
      .replace(
        /^\[\d{4}-[^\n]*\n(?:(?!\[)[^\n]*(?:Exception|Error)[^\n]*\n|\s+at [^\n]*\n|Caused by[^\n]*\n)*/gm,
        '',
      )
      .replace(/^\s+(?:at |\.\.\. )[^\n]*\n/gm, '')
      .replace(/^ \(org\.apache\.kafka\.[\w.]+\)\n/gm, '')
      // Help is in our own words.
      .replace(/^Option +Description[\s\S]*$/m, '<help>')
      .replace(/localhost:\d+/g, 'localhost:<port>')
      .replace(/^(\d+ records sent), .*$/gm, '$1, <measured>')
      .replace(/TopicId: \S+/g, 'TopicId: <id>')
      .replace(/Epoch: \d+/g, 'Epoch: <number>')
      .replace(/(Leader|Replicas|Isr): [\d,]+/g, '$1: <ids>')
  );
}

async function onJava(bootstrap: string, prefix: string): Promise<string[]> {
  const runs = await runTools(commands(bootstrap, prefix));
  return runs.map(
    ({ stdout, stderr, exitCode }) => `${mask(stdout, prefix)}! ${mask(stderr, prefix)}= ${exitCode}`,
  );
}

const READS =
  /^(kafka-get-offsets|kafka-features describe|kafka-transactions (list|describe)|\S+ .*--(list|describe)\b)/;

/**
 * What a command changed reaches the brokers one after another, and our tools are on the next command before the last
 * one knows: a start of the JVM hides that, and Apache Kafka's own tools would see it too if they were as fast. So a
 * command that leaves no trace, because it only reads or failed, is asked again for some seconds before what it says
 * is taken for a difference. What changed something is never repeated.
 */
async function onOurs(bootstrap: string, prefix: string, truth: readonly string[]): Promise<string[]> {
  const said: string[] = [];
  for (const [at, [tool, ...args]] of commands(bootstrap, prefix).entries()) {
    const ask = async () => {
      const { out, err, code } = await runTool(OURS[tool]!, args);
      said[at] = `${mask(out, prefix)}! ${mask(err, prefix)}= ${code}`;
      const traceless = READS.test(SEQUENCE[at]!) || code !== 0;
      if (traceless && said[at] !== truth[at]) throw new Error(`${tool} says otherwise`);
    };
    await eventually(ask, { timeoutMs: 10_000, everyMs: 200 }).catch(() => undefined);
  }
  return said;
}

describe.skipIf(reason !== undefined)('tools and clusters, ours and Java', () => {
  it('say the same in all four pairings, but for the differences listed', async () => {
    const truth = await onJava(apache.bootstrap, 'jak-');
    expect(truth).toHaveLength(SEQUENCE.length);
    expect(truth.filter((said) => said.endsWith('= 0')).length).toBeGreaterThan(SEQUENCE.length / 3);
    const others = {
      'our tools on Apache Kafka': await onOurs(apache.bootstrap, 'oak-', truth),
      'Java tools on ours': await onJava(ours.bootstrap, 'jou-'),
      'our tools on ours': await onOurs(ours.bootstrap, 'oou-', truth),
    };
    const found: Record<string, unknown> = {};
    for (const [name, said] of Object.entries(others))
      SEQUENCE.forEach((line, at) => {
        if (said[at] !== truth[at]) found[`${name}: ${at} ${line}`] = { apache: truth[at], here: said[at] };
      });
    expect(Object.keys(found).sort(), JSON.stringify(found, null, 1)).toEqual(Object.keys(LISTED).sort());
  }, 240_000);
});
