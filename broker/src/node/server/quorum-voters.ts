/** Who votes where the voters are records of the metadata log (KIP-853): read from the node's disk, or asked for. */
import { connectCluster } from '../../client/main.ts';
import { readVoters } from '../../raft/batches.ts';
import type { Disk } from '../../storage/disk.ts';
import type { VoterAddress } from '../node-options.ts';

const askAgainMs = 500;

/** Null when nothing on this disk names them. */
export function votersOnDisk(disk: Disk, metadataDirectory: string): VoterAddress[] | null {
  const folder = `${metadataDirectory}/__cluster_metadata-0`;
  const files = disk.list(folder);
  const ordered = [
    ...files.filter((name) => name.endsWith('.checkpoint')),
    ...files.filter((name) => name.endsWith('.log')),
  ];
  let voters: VoterAddress[] | null = null;
  for (const name of ordered) {
    const path = `${folder}/${name}`;
    const found = readVoters(disk.read(path, 0, disk.size(path) ?? 0));
    if (found === null) continue;
    voters = found.flatMap(({ id, directoryId, endpoints }) => {
      const [endpoint] = endpoints;
      return endpoint === undefined ? [] : [{ id, directoryId, ...endpoint }];
    });
  }
  return voters;
}

/** Asks the bootstrap controllers until one answers. */
export async function askForVoters(
  servers: readonly string[],
  options: { readonly warn: (message: string) => void; readonly isWanted: () => boolean },
): Promise<VoterAddress[]> {
  let warned = false;
  while (options.isWanted()) {
    try {
      await using client = connectCluster({
        bootstrap: servers.join(','),
        controllers: true,
        apiTimeoutMs: 5000,
      });
      const { voters, endpoints } = await client.describeQuorum();
      const found = voters.flatMap(({ id, directoryId }) => {
        const [endpoint] = endpoints.get(id) ?? [];
        if (endpoint === undefined) return [];
        const { name: listener, host, port } = endpoint;
        return [{ id, directoryId, listener, host, port }];
      });
      if (found.length > 0) return found;
    } catch (error) {
      if (!warned) options.warn(`no controller of ${servers.join(', ')} answers yet: ${String(error)}`);
      warned = true;
    }
    await new Promise((resolve) => setTimeout(resolve, askAgainMs));
  }
  return [];
}
