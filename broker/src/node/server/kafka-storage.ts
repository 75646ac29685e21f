/** kafka-storage.sh: formats and describes a server's log directories. Follows kafka.tools.StorageTool. */
import { statSync } from 'node:fs';
import { FileDisk } from '../../storage/file-disk.ts';
import { readText } from '../../tools/framework/admin.ts';
import { readArguments } from '../../tools/framework/argparse/read.ts';
import { Terse } from '../../tools/framework/finish.ts';
import type { ToolPorts } from '../../tools/framework/ports.ts';
import { JavaError } from '../../tools/java/java-error.ts';
import { parseProperties } from '../../tools/java/properties.ts';
import { newUuid } from '../identity.ts';
import { format } from './format.ts';
import { directoriesOf, readFormatted } from './formatted-directories.ts';
import { parseInitialControllers } from './initial-controllers.ts';
import {
  defaultLevels,
  highestLevel,
  latestStable,
  metadataVersionLevel,
  metadataVersionName,
  supportedVersions,
} from './release-features.ts';
import { scramRecords } from './scram-records.ts';
import { readServerProperties, type ServerProperties } from './server-properties.ts';
import { storageParser } from './storage-options.ts';

type Values = ReturnType<typeof readArguments>['values'];

export async function run(ports: ToolPorts): Promise<number> {
  const { command, values } = readArguments(ports, storageParser);
  try {
    return carryOut(ports, command!, values);
  } catch (error) {
    if (error instanceof Terse) ports.err(`${error.message}\n`);
    else if (error instanceof JavaError) ports.err(`Exception in thread "main" ${error.trace}`);
    else throw error;
    return 1;
  }
}

function carryOut(ports: ToolPorts, command: string, values: Values): number {
  switch (command) {
    case 'random-uuid':
      ports.out(`${newUuid()}\n`);
      return 0;
    case 'version-mapping':
      return showVersionMapping(ports, text(values, 'release_version'));
    case 'feature-dependencies':
      return showDependencies(ports, list(values, 'feature'));
    case 'info':
      return showInfo(ports, readServer(ports, values));
    default:
      return runFormat(ports, values);
  }
}

function readServer(ports: ToolPorts, values: Values): ServerProperties {
  return readServerProperties(parseProperties(readText(ports, text(values, 'config')!)));
}

function runFormat(ports: ToolPorts, values: Values): number {
  const server = readServer(ports, values);
  const features = new Map(list(values, 'feature').map(readFeature));
  const metadataVersion = readRelease(text(values, 'release_version'), features);
  const standalone = values.get('standalone') === true;
  if (standalone && !server.isController) throw new Terse('You can only use --standalone on a controller.');
  const initial = text(values, 'initial_controllers');
  format({
    server,
    clusterId: text(values, 'cluster_id')!,
    metadataVersion,
    features,
    scram: () => scramRecords(list(values, 'add_scram')),
    ignoreFormatted: values.get('ignore_formatted') === true,
    quorum: standalone
      ? 'standalone'
      : values.get('no_initial_controllers') === true
        ? 'none'
        : initial === null
          ? null
          : parseInitialControllers(initial),
    out: ports.out,
    now: ports.now,
  });
  return 0;
}

function readRelease(given: string | null, features: ReadonlyMap<string, number>): number {
  if (given === null) return features.get('metadata.version') ?? latestStable;
  if (features.has('metadata.version')) {
    throw new Terse('Use --release-version instead of --feature metadata.version');
  }
  const level = metadataVersionLevel(given);
  if (level !== null && level <= latestStable) return level;
  throw new Terse(
    `Unknown metadata.version '${given}'. Supported metadata.version are: ${supportedVersions('stable')}`,
  );
}

function readFeature(given: string): [name: string, level: number] {
  const fail = (why: string) =>
    new JavaError('java.lang.RuntimeException', `Can't parse feature=level string ${given}: ${why}`);
  const equals = given.indexOf('=');
  if (equals < 0) throw fail('equals sign not found.');
  const level = given.slice(equals + 1).trim();
  if (!/^-?\d+$/.test(level)) throw fail(`unable to parse ${level} as a short.`);
  return [given.slice(0, equals).trim(), Number(level)];
}

function showInfo(ports: ToolPorts, server: ServerProperties): number {
  const directories = directoriesOf(server);
  const disk = new FileDisk();
  const formatted = readFormatted(disk, directories);
  disk.close();
  const sorted = [...directories.all].sort();
  const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const problems = sorted.flatMap((path) => {
    if (statSync(path, { throwIfNoEntry: false }) === undefined) return [`${path} does not exist`];
    if (!isFolder(path)) return [`${path} is not a directory`];
    return formatted.has(path) ? [] : [`${path} is not formatted.`];
  });
  const found = sorted.filter(isFolder);
  if (found.length > 0) {
    ports.out(found.length === 1 ? 'Found log directory:\n' : 'Found log directories:\n');
    ports.out(`${found.map((path) => `  ${path}\n`).join('')}\n`);
  }
  const [identity] = directories.all.flatMap((path) => formatted.get(path) ?? []);
  if (identity !== undefined) {
    const { clusterId, directoryId, nodeId } = identity;
    ports.out(
      `Found metadata: {cluster.id=${clusterId}, directory.id=${directoryId}, node.id=${nodeId}, version=1}\n\n`,
    );
  }
  if (problems.length === 0) return 0;
  ports.out(problems.length === 1 ? 'Found problem:\n' : 'Found problems:\n');
  ports.out(`${problems.map((problem) => `  ${problem}\n`).join('')}\n`);
  return 1;
}

function showVersionMapping(ports: ToolPorts, given: string | null): number {
  const level = given === null ? latestStable : metadataVersionLevel(given);
  if (level === null) {
    throw new Terse(
      `Unknown metadata.version '${given}'. Supported metadata.version are: ${supportedVersions('any')}`,
    );
  }
  ports.out(`metadata.version=${level} (${given ?? metadataVersionName(level)})\n`);
  for (const feature of defaultLevels(level)) ports.out(`${feature.name}=${feature.level}\n`);
  return 0;
}

function showDependencies(ports: ToolPorts, features: readonly string[]): number {
  for (const given of features) {
    const match = /^([^=]+)=(-?\d+)$/.exec(given);
    if (match === null) {
      throw new Terse(
        `Invalid feature format: ${given}. Expected format: 'feature=version' (e.g. 'group.version=1')`,
      );
    }
    const [name = '', level] = [match[1], Number(match[2])];
    const shown = name === 'metadata.version' ? metadataLevelShown(level) : featureLevelShown(name, level);
    ports.out(`${shown} has no dependencies.\n`);
  }
  return 0;
}

function metadataLevelShown(level: number): string {
  const name = metadataVersionName(level);
  if (name === null) throw new Terse(`Unknown metadata.version ${level}`);
  return `metadata.version=${level} (${name})`;
}

function featureLevelShown(name: string, level: number): string {
  const most = highestLevel(name);
  if (most === null) throw new Terse(`Unknown feature: ${name}`);
  if (level < 0 || level > most)
    throw new Terse(`Feature level ${level} is not supported for feature ${name}`);
  return `${name}=${level}`;
}

function text(values: Values, name: string): string | null {
  return (values.get(name) as string | undefined) ?? null;
}

function list(values: Values, name: string): readonly string[] {
  return (values.get(name) as readonly string[] | undefined) ?? [];
}
