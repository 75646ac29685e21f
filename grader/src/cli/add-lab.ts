/** Puts a new lab's files into the course's folder and lists it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseDocument } from 'yaml';
import { UsageError } from './usage.ts';

/** Where a lab of this id will be; refuses ids that are none, or taken. */
export function folderOfNew(labs: string, id: string): string {
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(id)) {
    throw new UsageError(`${id} is no lab id. Use lower-case letters, digits and hyphens.`);
  }
  const folder = join(labs, id);
  if (existsSync(folder)) throw new UsageError(`${folder} is there already. Choose another id.`);
  return folder;
}

export function addLab(labs: string, id: string, files: Readonly<Record<string, string>>): void {
  const folder = folderOfNew(labs, id);
  const listing = join(labs, 'course.yaml');
  const course = parseDocument(readFileSync(listing, 'utf8'));
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  course.addIn(['labs'], id);
  writeFileSync(listing, course.toString());
}
