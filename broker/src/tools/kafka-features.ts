/** kafka-features.sh: feature levels of a cluster. Follows org.apache.kafka.tools.FeatureCommand. */
import type { Client } from '../client/main.ts';
import { ApiVersionsRequest, ApiVersionsResponse } from '../messages/18-api-versions.ts';
import {
  defaultLevel,
  features,
  latestProduction,
  levelOf,
  metadataFeature,
  versionOf,
} from './features/metadata-versions.ts';
import { featuresParser } from './features/options.ts';
import { parseFeature, updateFeatures } from './features/update.ts';
import { createAdmin, getting, loadProperties } from './framework/admin.ts';
import { ArgumentError, type Arguments, HelpScreen, parseArguments } from './framework/argparse/parse.ts';
import { Terse } from './framework/finish.ts';
import type { ToolPorts } from './framework/ports.ts';
import { kafkaRelease } from './framework/version.ts';
import { execution, JavaError, kafkaError } from './java/java-error.ts';

export async function run(ports: ToolPorts): Promise<number> {
  try {
    const args = parseArguments(featuresParser, ports.args, ports.locale);
    await execute(ports, args);
    return 0;
  } catch (error) {
    if (error instanceof HelpScreen) {
      ports.out(error.screen);
      return 0;
    }
    if (error instanceof ArgumentError) {
      ports.err(`Command line error: ${error.message}. Type --help for help.`);
    } else if (error instanceof Terse || error instanceof JavaError) {
      ports.err(`${error instanceof JavaError ? error.text : error.message}\n`);
    } else throw error;
    return 1;
  }
}

async function execute(ports: ToolPorts, args: Arguments): Promise<void> {
  const text = (name: string) => (args.values.get(name) as string | undefined) ?? null;
  if (args.command === 'version-mapping')
    return showMapping(ports, text('release_version') ?? latestProduction);
  if (args.command === 'feature-dependencies') {
    return showDependencies(ports, args.values.get('feature') as readonly string[]);
  }
  const controllers = text('bootstrap_controller') !== null;
  const bootstrap = text('bootstrap_controller') ?? text('bootstrap_server');
  if (bootstrap === null) {
    const wrong = 'You must specify either --bootstrap-controller or --bootstrap-server.';
    throw new ArgumentError(wrong, [featuresParser]);
  }
  const properties = loadProperties(ports, text('command_config'));
  await using admin = await createAdmin(ports, { bootstrap, properties, controllers });
  if (args.command === 'describe')
    await describe(ports, admin, args.values.get('node_id') as number | undefined);
  else await updateFeatures({ ports, admin, controllers }, args);
}

function showMapping(ports: ToolPorts, release: string): void {
  const level = levelOf(release);
  ports.out(`${metadataFeature}=${level} (${release})\n`);
  for (const feature of features) ports.out(`${feature.name}=${defaultLevel(feature, level)}\n`);
}

const dependencies: Readonly<Record<string, string>> = { 'eligible.leader.replicas.version=1': '4.0-IV1' };

function showDependencies(ports: ToolPorts, given: readonly string[]): void {
  for (const { name, level } of given.map(parseFeature)) {
    if (name === metadataFeature) {
      const version = versionOf(level);
      if (version === null) throw new Terse(`Unknown metadata.version ${level}`);
      ports.out(`${name}=${level} (${version}) has no dependencies.\n`);
      continue;
    }
    const feature = features.find((known) => known.name === name);
    if (feature === undefined) throw new Terse(`Unknown feature: ${name}`);
    if (level < 0 || level > feature.levelMost)
      throw new Terse(`No feature:${name} with feature level ${level}`);
    const needed = dependencies[`${name}=${level}`];
    if (needed === undefined) ports.out(`${name}=${level} has no dependencies.\n`);
    else ports.out(`${name}=${level} requires:\n    ${metadataFeature}=${levelOf(needed)} (${needed})\n`);
  }
}

async function describe(ports: ToolPorts, admin: Client, node: number | undefined): Promise<void> {
  if (node !== undefined && node < 0) throw new Terse(`Invalid node id ${node}: must be non-negative.`);
  if (node !== undefined) await checkNode(admin, node);
  const answer = await getting(
    'describeFeatures',
    admin.request(node ?? 'any', {
      request: ApiVersionsRequest,
      response: ApiVersionsResponse,
      body: { clientSoftwareName: 'brokerlab', clientSoftwareVersion: kafkaRelease },
    }),
  );
  const epoch = answer.finalizedFeaturesEpoch < 0n ? '-' : String(answer.finalizedFeaturesEpoch);
  const finalized = new Map(
    answer.finalizedFeatures.map(({ name, maxVersionLevel }) => [name, maxVersionLevel]),
  );
  for (const { name, minVersion, maxVersion } of [...answer.supportedFeatures].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    const shown = (level: number) => levelText(name, level).padEnd(15);
    const supported = `SupportedMinVersion: ${shown(minVersion)}  SupportedMaxVersion: ${shown(maxVersion)}`;
    const level = `FinalizedVersionLevel: ${shown(finalized.get(name) ?? 0)}`;
    ports.out(`Feature: ${name.padEnd(40)}  ${supported}  ${level}  Epoch: ${epoch}\n`);
  }
}

async function checkNode(admin: Client, node: number): Promise<void> {
  await getting('describeFeatures', admin.metadata({ topics: [] }));
  if (admin.network.brokers.has(node)) return;
  const reason = 'Timed out waiting for a node assignment. Call: describeFeatures';
  throw execution(kafkaError('TimeoutException', reason));
}

function levelText(feature: string, level: number): string {
  return feature === metadataFeature ? (versionOf(level) ?? `UNKNOWN ${level}`) : String(level);
}
