/** Reading the files that tools take whole. */
import { JavaError } from '../java/java-error.ts';
import type { ToolPorts } from './ports.ts';

export function readWhole(ports: ToolPorts, path: string): string {
  try {
    return ports.readFile(path);
  } catch {
    const cause = new JavaError('java.nio.file.NoSuchFileException', path);
    throw new JavaError('java.io.IOException', `Unable to read file ${path}`, cause);
  }
}
