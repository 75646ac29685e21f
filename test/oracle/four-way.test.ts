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

async function pairing(tools: 'java' | 'ours', bootstrap: string, prefix: string): Promise<string[]> {
  const lines = commands(bootstrap, prefix);
  const said: string[] = [];
  if (tools === 'java') {
    for (const { stdout, stderr, exitCode } of await runTools(lines))
      said.push(`${mask(stdout, prefix)}! ${mask(stderr, prefix)}= ${exitCode}`);
    return said;
  }
  for (const [tool, ...args] of lines) {
    const { out, err, code } = await runTool(OURS[tool]!, args);
    said.push(`${mask(out, prefix)}! ${mask(err, prefix)}= ${code}`);
  }
  return said;
}

describe.skipIf(reason !== undefined)('tools and clusters, ours and Java', () => {
  it('say the same in all four pairings, but for the differences listed', async () => {
    const truth = await pairing('java', apache.bootstrap, 'jak-');
    expect(truth).toHaveLength(SEQUENCE.length);
    expect(truth.filter((said) => said.endsWith('= 0')).length).toBeGreaterThan(SEQUENCE.length / 3);
    const others = {
      'our tools on Apache Kafka': await pairing('ours', apache.bootstrap, 'oak-'),
      'Java tools on ours': await pairing('java', ours.bootstrap, 'jou-'),
      'our tools on ours': await pairing('ours', ours.bootstrap, 'oou-'),
    };
    const found: Record<string, unknown> = {};
    for (const [name, said] of Object.entries(others))
      SEQUENCE.forEach((line, at) => {
        if (said[at] !== truth[at]) found[`${name}: ${at} ${line}`] = { apache: truth[at], here: said[at] };
      });
    expect(Object.keys(found).sort(), JSON.stringify(found, null, 1)).toEqual(Object.keys(LISTED).sort());
  }, 240_000);
});
