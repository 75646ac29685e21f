/** Reads the other programs of the home for the editor, so that `import … from './shop.ts'` is understood. */
import { call } from '../../api/rest.ts';
import { folderOf } from './file-rows.ts';
import type { Programs } from './monaco.ts';

const PROGRAM = /\.(?:[cm]?ts|[cm]?js)$/;
const PROGRAMS_MAX = 40;
const BYTES_MAX = 100_000;

export function isProgram(path: string): boolean {
  return PROGRAM.test(path);
}

/** All of them, or those in the folders that changed. What cannot be read is left out: completion is a help, no duty. */
export async function readPrograms(
  labId: string,
  { programs, folders }: { readonly programs: Programs; readonly folders: readonly string[] | null },
): Promise<void> {
  try {
    const { entries } = await call('listFiles', { path: { labId } });
    const wanted = entries.filter(
      ({ path, kind, bytes }) =>
        kind === 'file' &&
        isProgram(path) &&
        bytes <= BYTES_MAX &&
        !path.includes('node_modules/') &&
        (folders === null || folders.includes(folderOf(path))),
    );
    await Promise.all(
      wanted.slice(0, PROGRAMS_MAX).map(async ({ path }) => {
        const { content } = await call('readFile', { path: { labId }, query: { path } });
        programs.knowProgram(path, content);
      }),
    );
  } catch {
    // Read again at the next change.
  }
}
