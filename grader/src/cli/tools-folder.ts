/** Where the kafka-*.sh are that proofs and programs call: ours, unless others are given. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from './usage.ts';

export function toolsFolder(given: string | undefined, root: string): string {
  const folders =
    given === undefined ? [join(root, 'dist/tools/bin'), join(root, 'broker/bin')] : [resolve(given)];
  const found = folders.find((folder) => existsSync(join(folder, 'kafka-topics.sh')));
  if (found === undefined) {
    throw new UsageError(
      `There is no kafka-topics.sh in ${folders[0]}. Run npm run build, or give --tools DIR.`,
    );
  }
  return found;
}
