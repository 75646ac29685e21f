/** Formats a server's directories: `meta.properties`, `bootstrap.checkpoint`, and the first voters where they are records. */
import { hostname } from 'node:os';
import { record } from '../../controller/records.ts';
import { encodeMetadataRecord, type MetadataRecord } from '../../messages/metadata/records.ts';
import { encodeSnapshot } from '../../raft/batches.ts';
import type { Voter } from '../../raft/types.ts';
import { FileDisk } from '../../storage/file-disk.ts';
import { Terse } from '../../tools/framework/finish.ts';
import { hashOfString, inHashOrder } from '../../tools/java/hash-order.ts';
import { illegalArgument, JavaError } from '../../tools/java/java-error.ts';
import { newUuid } from '../identity.ts';
import { type Directories, directoriesOf, readFormatted, verifyOwners } from './formatted-directories.ts';
import type { InitialController } from './initial-controllers.ts';
import { defaultLevels, featureNames, highestLevel, metadataVersionName } from './release-features.ts';
import type { ServerProperties } from './server-properties.ts';

export interface FormatOptions {
  readonly server: ServerProperties;
  readonly clusterId: string;
  readonly metadataVersion: number;
  /** By name, as given. */
  readonly features: ReadonlyMap<string, number>;
  readonly scram: () => readonly MetadataRecord[];
  readonly ignoreFormatted: boolean;
  readonly quorum: 'standalone' | 'none' | readonly InitialController[] | null;
  readonly out: (text: string) => void;
  readonly now: () => number;
}

export function format(options: FormatOptions): void {
  const { server, clusterId, out } = options;
  const levels = effectiveLevels(options);
  checkQuorumKind(options);
  const directories = directoriesOf(server);
  const disk = new FileDisk();
  try {
    const formatted = readFormatted(disk, directories);
    const already = directories.all.find((directory) => formatted.has(directory));
    if (already !== undefined && !options.ignoreFormatted) {
      verifyOwners(formatted, { nodeId: server.nodeId, clusterId });
      throw new Terse(
        `Log directory ${already} is already formatted. Use --ignore-formatted to ignore this directory and format the others.`,
      );
    }
    verifyOwners(formatted, { nodeId: server.nodeId, clusterId });
    const empty = directories.all.filter((directory) => !formatted.has(directory));
    if (empty.length === 0) {
      out('All of the log directories are already formatted.\n');
      return;
    }
    const bootstrap = [...levels, ...options.scram()];
    out(`Bootstrap metadata: ${describeBootstrap(bootstrap, options.metadataVersion)}\n`);
    for (const directory of inHashOrder(empty, hashOfString)) {
      formatOne(disk, { directory, directories, bootstrap, options });
    }
  } finally {
    disk.close();
  }
}

function effectiveLevels({ metadataVersion, features }: FormatOptions): MetadataRecord[] {
  for (const [name, level] of features) {
    if (name === 'metadata.version') continue;
    const most = highestLevel(name);
    if (most === null) {
      throw new Terse(
        `Unsupported feature: ${name}. Supported features are: ${[...featureNames].sort().join(', ')}`,
      );
    }
    if (level > most) throw illegalArgument(`No feature:${name} with feature level ${level}`);
  }
  const others = defaultLevels(metadataVersion)
    .map(({ name, level }) => ({ name, level: features.get(name) ?? level }))
    .filter(({ name, level }) => name !== 'kraft.version' && level > 0)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return [{ name: 'metadata.version', level: metadataVersion }, ...others].map(({ name, level }) =>
    record('FeatureLevelRecord', { name, featureLevel: level }),
  );
}

/** kraft.version 1 and voters in the log go together, and neither with voters in the properties. */
function checkQuorumKind({ server, quorum, features }: FormatOptions): void {
  const wanted = features.get('kraft.version');
  const flags = '--standalone, --initial-controllers, or --no-initial-controllers';
  const isStatic = server.voters.length > 0;
  if (isStatic && quorum !== null) {
    throw new Terse(
      quorum === 'none'
        ? 'You cannot specify controller.quorum.voters and format the node with --no-initial-controllers. If you want to use dynamic quorum, please remove controller.quorum.voters and specify controller.quorum.bootstrap.servers instead.'
        : 'You cannot specify controller.quorum.voters and format the node with --initial-controllers or --standalone. If you want to use dynamic quorum, please remove controller.quorum.voters and specify controller.quorum.bootstrap.servers instead.',
    );
  }
  if (server.isController && !isStatic && quorum === null) {
    throw new Terse(
      `Because controller.quorum.voters is not set on this controller, you must specify one of the following: --standalone, --initial-controllers, or --no-initial-controllers.`,
    );
  }
  if (wanted === 1 && quorum === null) {
    throw new Terse(
      `Cannot set kraft.version to 1 unless controller.quorum.voters is empty and one of the flags ${flags} is used. For dynamic controllers support, try using one of ${flags} and removing controller.quorum.voters.`,
    );
  }
  if (wanted === 0 && quorum !== null) {
    throw new Terse(
      `Cannot set kraft.version to 0 if controller.quorum.voters is empty and one of the flags ${flags} is used. For dynamic controllers support, try removing the --feature flag for kraft.version.`,
    );
  }
}

function formatOne(
  disk: FileDisk,
  target: {
    readonly directory: string;
    readonly directories: Directories;
    readonly bootstrap: readonly MetadataRecord[];
    readonly options: FormatOptions;
  },
): void {
  const { directory, directories, bootstrap, options } = target;
  const { server, quorum, clusterId } = options;
  const isMetadata = directory === directories.metadata;
  const isDynamic = isMetadata && quorum !== null && quorum !== 'none';
  const own = Array.isArray(quorum) ? quorum.find(({ id }) => id === server.nodeId) : undefined;
  const isVoter = quorum === 'standalone' || own !== undefined;
  const kind = !isMetadata
    ? 'data'
    : !isDynamic
      ? 'metadata'
      : isVoter
        ? 'dynamic metadata voter'
        : 'dynamic metadata';
  const version = metadataVersionName(options.metadataVersion);
  options.out(`Formatting ${kind} directory ${directory} with metadata.version ${version}.\n`);
  const directoryId = (isMetadata ? own?.directoryId : undefined) ?? newUuid();
  try {
    disk.makeDirectory(directory);
    if (isDynamic) {
      const voters =
        quorum === 'standalone' ? [standaloneVoter(server, directoryId)] : toVoters(server, quorum);
      const folder = `${directory}/__cluster_metadata-0`;
      disk.makeDirectory(folder);
      const id = { offset: 0, epoch: 0 };
      const file = encodeSnapshot([], { lastContainedLogTimestampMs: options.now(), id, voters });
      disk.replace(`${folder}/00000000000000000000-0000000000.checkpoint`, file);
    }
    const id = { offset: 0, epoch: 0 };
    const checkpoint = encodeSnapshot(bootstrap.map(encodeMetadataRecord), {
      lastContainedLogTimestampMs: 0,
      id,
    });
    disk.replace(`${directory}/bootstrap.checkpoint`, checkpoint);
    const meta = `node.id=${server.nodeId}\ndirectory.id=${directoryId}\nversion=1\ncluster.id=${clusterId}\n`;
    disk.replace(
      `${directory}/meta.properties`,
      Buffer.from(`#\n#${new Date(options.now()).toUTCString()}\n${meta}`),
    );
  } catch (error) {
    throw new JavaError(
      'org.apache.kafka.metadata.storage.FormatterException',
      `Error while writing meta.properties file ${directory}: ${(error as Error).message}`,
    );
  }
}

function standaloneVoter(server: ServerProperties, directoryId: string): Voter {
  const endpoints = server.listeners.all
    .filter(({ kind }) => kind === 'controller')
    .slice(0, 1)
    .map(({ name, advertisedHost, advertisedPort }) => ({
      listener: name,
      host: advertisedHost || hostname(),
      port: advertisedPort,
    }));
  return { id: server.nodeId, directoryId, endpoints };
}

function toVoters(server: ServerProperties, controllers: readonly InitialController[]): Voter[] {
  return controllers.map(({ id, host, port, directoryId }) => ({
    id,
    directoryId,
    endpoints: [{ listener: server.listeners.controller, host, port }],
  }));
}

function describeBootstrap(records: readonly MetadataRecord[], metadataVersion: number): string {
  const list = records.map(
    (one) => `ApiMessageAndVersion(${one.name}(${describeFields(one.value)}) at version 0)`,
  );
  return `BootstrapMetadata(records=[${list.join(', ')}], metadataVersionLevel=${metadataVersion}, source=format command)`;
}

function describeFields(value: object): string {
  return Object.entries(value)
    .map(([name, field]) => {
      if (Buffer.isBuffer(field)) return `${name}=[${[...new Int8Array(field)].join(', ')}]`;
      return typeof field === 'string' ? `${name}='${field}'` : `${name}=${field}`;
    })
    .join(', ');
}
