/** Files that a lab gives, from its folder `files/`. */
import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Lab } from '../lab/schema.ts';
import { fillText } from '../lab/template.ts';

/** With its templates filled in, unless it is `raw`. */
export function readGivenFile(
  lab: Pick<Lab, 'dir' | 'parameters'>,
  from: string,
  { raw }: { readonly raw: boolean } = { raw: false },
): string {
  const folder = join(lab.dir, 'files');
  const file = resolve(folder, from);
  if (relative(folder, file).startsWith('..')) throw new Error(`${from} lies outside files/`);
  const text = readFileSync(file, 'utf8');
  return raw ? text : fillText(text, lab.parameters);
}
