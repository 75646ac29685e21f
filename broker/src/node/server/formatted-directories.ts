/** Which of a server's directories are formatted, for whom, and what is wrong with them; with Apache Kafka's words. */
import { type Disk, DiskError } from '../../storage/disk.ts';
import { JavaError } from '../../tools/java/java-error.ts';
import { type Identity, readIdentity } from '../identity.ts';

export interface Directories {
  /** In the order of the properties; the metadata directory is among them. */
  readonly all: readonly string[];
  readonly metadata: string;
}

export function directoriesOf(properties: {
  readonly logDirectories: readonly string[];
  readonly metadataDirectory: string;
  readonly isBroker: boolean;
}): Directories {
  const { logDirectories, metadataDirectory: metadata } = properties;
  return { all: [...new Set([...logDirectories, metadata])], metadata };
}

export type Formatted = ReadonlyMap<string, Identity>;

export function readFormatted(disk: Disk, directories: Directories): Formatted {
  const found = new Map<string, Identity>();
  for (const directory of directories.all) {
    try {
      const identity = readIdentity(disk, directory);
      if (identity !== null) found.set(directory, identity);
    } catch (error) {
      // One that cannot be read is a matter of the start; what the others say is known without it.
      if (!(error instanceof DiskError) || directory === directories.metadata) throw error;
    }
  }
  return found;
}

/** Throws what Apache Kafka throws when a directory belongs to another node or cluster. */
export function verifyOwners(
  formatted: Formatted,
  expected: { readonly nodeId: number; readonly clusterId: string | null },
): void {
  let { clusterId } = expected;
  for (const [directory, identity] of formatted) {
    const wrong = (key: string, wanted: string | number, read: string | number) =>
      new JavaError(
        'java.lang.RuntimeException',
        `Invalid ${key} in: ${directory}/meta.properties. Expected ${wanted}, but read ${read}`,
      );
    clusterId ??= identity.clusterId;
    if (identity.clusterId !== clusterId) throw wrong('cluster.id', clusterId, identity.clusterId);
    if (identity.nodeId !== expected.nodeId) throw wrong('node.id', expected.nodeId, identity.nodeId);
  }
}
