/**
 * What a step's solution makes of the lab's files, found by reading its commands: here documents, `echo` and `printf` into a file,
 * and `sed -i` with substitutions and deletions. Pure. A file changed in another way is left out: its commands still stand there.
 */
import { type Act, type Lab, readGivenFile } from '@brokerlab/grader';

export interface SolutionFile {
  readonly path: string;
  readonly content: string;
}

/** Those the step's solution changes, as they are after it; earlier steps' solutions went before. */
export function solutionFiles(lab: Lab, stepId: string): SolutionFile[] {
  const files = new Map<string, string | null>();
  give(lab, lab.setup, files);
  for (const step of lab.steps) {
    give(lab, step.setup, files);
    const changed = new Set<string>();
    for (const { run } of step.solution.commands)
      for (const { path, content } of changesIn(run, (name) => files.get(name) ?? null)) {
        files.set(path, content);
        changed.add(path);
      }
    if (step.id !== stepId) continue;
    return [...changed].flatMap((path) => {
      const content = files.get(path) ?? null;
      return content === null ? [] : [{ path, content }];
    });
  }
  return [];
}

function give(lab: Lab, acts: readonly Act[], files: Map<string, string | null>): void {
  for (const act of acts) {
    if (!('file' in act)) continue;
    const { path, content, from, raw, keep } = act.file;
    if (keep && files.has(path)) continue;
    const given = from === undefined ? content : readGivenFile(lab, from, { raw: raw === true });
    files.set(path, given ?? null);
  }
}

/** `content` null: changed, but not to be told how. */
interface Change {
  readonly path: string;
  readonly content: string | null;
}
type Read = (path: string) => string | null;

const PATH = String.raw`([\w./-]+)`;
const HERE_DOCUMENT = new RegExp(String.raw`^cat >\s*${PATH} <<'?(\w+)'?\n([\s\S]*?\n)?\2$`);
const INTO = new RegExp(String.raw`^(echo|printf) (.*?)\s(>>?)\s*${PATH}$`, 's');
const SED = new RegExp(String.raw`^sed -i (.*)\s${PATH}$`, 's');
const QUOTED = /'([^']*)'|"([^"$\x60\\]*)"/g;

export function changesIn(command: string, read: Read): Change[] {
  const here = HERE_DOCUMENT.exec(command);
  if (here) return [{ path: here[1]!, content: here[3] ?? '' }];
  const into = INTO.exec(command);
  if (into) {
    const [, tool, words, arrow, path] = into;
    const printed = tool === 'echo' ? echoed(words!) : formatted(words!);
    const before = arrow === '>>' ? read(path!) : '';
    return [{ path: path!, content: printed === null || before === null ? null : before + printed }];
  }
  const sed = SED.exec(command);
  if (!sed) return [];
  const before = read(sed[2]!);
  return [{ path: sed[2]!, content: before === null ? null : edited(before, sed[1]!) }];
}

function echoed(words: string): string | null {
  const quoted = /^'([^']*)'$|^"([^"$`\\]*)"$|^([\w .=-]+)$/.exec(words);
  return quoted ? `${quoted[1] ?? quoted[2] ?? quoted[3]}\n` : null;
}

/** `'%s\n' a b c`, or one text without anything to be filled in. */
function formatted(words: string): string | null {
  const [, format, rest] = /^'([^']*)'(?:\s+([\w .=,-]+))?$/.exec(words) ?? [];
  if (format === undefined) return null;
  if (format === '%s\\n' && rest !== undefined) return `${rest.trim().split(/\s+/).join('\n')}\n`;
  return format.includes('%') || rest !== undefined ? null : format.replaceAll('\\n', '\n');
}

function edited(text: string, words: string): string | null {
  const expressions = [...words.matchAll(QUOTED)].map(([, single, double]) => single ?? double ?? '');
  if (words.replace(QUOTED, '').replace(/-e\b/g, '').trim() !== '') return null;
  let lines: string[] | null = text.split('\n');
  for (const expression of expressions) lines = lines && editedLines(lines, expression);
  return lines?.join('\n') ?? null;
}

function editedLines(lines: readonly string[], expression: string): string[] | null {
  const deletion = /^\/(.+)\/d$/.exec(expression);
  if (deletion) {
    const pattern = patternOf(deletion[1]!, '');
    return pattern && lines.filter((line) => !pattern.test(line));
  }
  const [, from, to, flags] = /^s\/((?:[^/\\]|\\.)+)\/((?:[^/\\]|\\.)*)\/(g?)$/.exec(expression) ?? [];
  const pattern = from === undefined ? null : patternOf(from, flags ?? '');
  return pattern && lines.map((line) => line.replace(pattern, (match) => replacement(to ?? '', match)));
}

/** `&` stands for what was found, `\n` for a new line. */
function replacement(to: string, match: string): string {
  return to.replace(/\\(.)|&/g, (all, escaped?: string) => {
    if (all === '&') return match;
    return escaped === 'n' ? '\n' : (escaped ?? '');
  });
}

/** A basic regular expression: parentheses, braces, `+`, `?` and `|` stand for themselves. */
function patternOf(basic: string, flags: string): RegExp | null {
  if (basic.includes('\\')) return null;
  try {
    return new RegExp(basic.replace(/[(){}+?|]/g, '\\$&'), flags);
  } catch {
    return null;
  }
}
