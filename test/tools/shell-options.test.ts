/** The shell's help with slips and completion knows every option that the tools have, and no other. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clusterParser } from '../../broker/src/tools/cluster/options.ts';
import { featuresParser } from '../../broker/src/tools/features/options.ts';
import type { Parser } from '../../broker/src/tools/framework/argparse/declaration.ts';
import type { Tool } from '../../broker/src/tools/framework/ports.ts';
import { run as acls } from '../../broker/src/tools/kafka-acls.ts';
import { run as apiVersions } from '../../broker/src/tools/kafka-broker-api-versions.ts';
import { run as configs } from '../../broker/src/tools/kafka-configs.ts';
import { run as consume } from '../../broker/src/tools/kafka-console-consumer.ts';
import { run as produce } from '../../broker/src/tools/kafka-console-producer.ts';
import { run as deleteRecords } from '../../broker/src/tools/kafka-delete-records.ts';
import { run as offsets } from '../../broker/src/tools/kafka-get-offsets.ts';
import { run as elect } from '../../broker/src/tools/kafka-leader-election.ts';
import { run as logDirs } from '../../broker/src/tools/kafka-log-dirs.ts';
import { run as reassign } from '../../broker/src/tools/kafka-reassign-partitions.ts';
import { run as topics } from '../../broker/src/tools/kafka-topics.ts';
import { quorumParser } from '../../broker/src/tools/metadata-quorum/options.ts';
import { transactionsParser } from '../../broker/src/tools/transactions/options.ts';
import { runTool } from './run-tool.ts';

const shell = readFileSync(join(import.meta.dirname, '../../server/src/shell/tools.bash'), 'utf8');

function wordsOf(array: string, tool: string): string[] {
  const body = shell.slice(shell.indexOf(`declare -gA ${array}=(`)).split('\n)')[0]!;
  const entry = body.split('\n').find((line) => line.trim().startsWith(`[${tool}.sh]=`));
  return (entry?.split("'")[1] ?? '').split(' ').sort();
}

const withTables: readonly [string, Tool][] = [
  ['kafka-acls', acls],
  ['kafka-broker-api-versions', apiVersions],
  ['kafka-configs', configs],
  ['kafka-console-consumer', consume],
  ['kafka-console-producer', produce],
  ['kafka-delete-records', deleteRecords],
  ['kafka-get-offsets', offsets],
  ['kafka-leader-election', elect],
  ['kafka-log-dirs', logDirs],
  ['kafka-reassign-partitions', reassign],
  ['kafka-topics', topics],
];
const withCommands: readonly [string, Parser][] = [
  ['kafka-cluster', clusterParser],
  ['kafka-features', featuresParser],
  ['kafka-metadata-quorum', quorumParser],
  ['kafka-transactions', transactionsParser],
];

function longFlags(parser: Parser): string[] {
  const own = parser.arguments.flatMap(({ flags }) => flags.filter((flag) => flag.startsWith('--')));
  return [...own, ...(parser.commands ?? []).flatMap(longFlags)];
}

describe('the shell knows the options of', () => {
  it.each(withTables)('%s', async (name, tool) => {
    const { err } = await runTool(tool, ['--help']);
    const listed = [...err.matchAll(/^(--[a-z][\w.-]*)/gm)].map(([, option]) => option!);
    expect(wordsOf('__brokerlab_options', name)).toEqual([...new Set(listed)].sort());
  });

  it.each(withCommands)('%s', (name, parser) => {
    expect(wordsOf('__brokerlab_options', name)).toEqual([...new Set(longFlags(parser))].sort());
    expect(wordsOf('__brokerlab_commands', name)).toEqual(parser.commands!.map((one) => one.name).sort());
  });
});
