/**
 * The course's typeface inside the page: of its pieces (each holds some characters) those that the text needs, so that
 * Korean is there on a machine without a Korean font. Where the typeface is not installed, the machine's own is used.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'node_modules/pretendard/dist/web/variable';

export function embeddedFonts(root: string, text: string): string {
  const sheet = join(root, FOLDER, 'pretendardvariable-dynamic-subset.css');
  if (!existsSync(sheet)) return '';
  const characters = [...new Set(text)].map((character) => character.codePointAt(0) ?? 0);
  const faces = readFileSync(sheet, 'utf8').match(/@font-face\s*\{[^}]*\}/g) ?? [];
  return faces.flatMap((face) => embedded(join(root, FOLDER), face, characters)).join('\n');
}

function embedded(folder: string, face: string, characters: readonly number[]): string[] {
  const [, file] = /url\(\.\/([\w./-]+\.woff2)\)/.exec(face) ?? [];
  const ranges = rangesOf(/unicode-range:\s*([^;]+);/.exec(face)?.[1] ?? '');
  const needed = characters.some((code) => ranges.some(([from, to]) => code >= from && code <= to));
  if (file === undefined || !needed || !existsSync(join(folder, file))) return [];
  const data = readFileSync(join(folder, file)).toString('base64');
  return [face.replace(/url\([^)]*\)/, `url(data:font/woff2;base64,${data})`)];
}

function rangesOf(text: string): [number, number][] {
  return text.split(',').flatMap((part): [number, number][] => {
    const [, from, to] = /^\s*U\+([0-9a-fA-F]+)(?:-([0-9a-fA-F]+))?\s*$/.exec(part) ?? [];
    if (from === undefined) return [];
    return [[Number.parseInt(from, 16), Number.parseInt(to ?? from, 16)]];
  });
}
