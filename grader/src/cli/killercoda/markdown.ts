/**
 * A page of a scenario → a step's text. `{{exec}}` becomes a block that runs at a click, `{{copy}}` plain code, what is
 * folded under a tip a hint, what is folded under a solution the solution. What a lab has no place for is told.
 */
import { escapeTemplates } from '../../lab/template.ts';
import type { Scenario, ScenarioFile } from './scenario.ts';
import { atHome, tellForeign } from './shell.ts';

export interface Converted {
  /** Markdown of a step, its headings below the step's own. */
  readonly body: string;
  /** What a click runs, folded solutions included, in its order. */
  readonly commands: readonly string[];
  readonly hints: readonly string[];
  readonly solution: string;
}

type Place = 'body' | 'hint' | 'solution';

const FENCE = /^\s*(```|~~~)\s*(\S*)\s*$/;
const FENCE_END = /^\s*(?:```|~~~)\s*(?:\{\{\s*([a-z ]*?)\s*\}\})?\s*$/;
const INLINE = /(`+)([^`]+)\1\{\{\s*([a-z ]*?)\s*\}\}/g;
const SUMMARY = /<summary[^>]*>(.*?)<\/summary>/i;
const SOLUTION = /solution|answer|정답|풀이|해답/i;

export function convertMarkdown(scenario: Scenario, file: ScenarioFile): Converted {
  const reader = new PageReader(scenario, file);
  return reader.read();
}

/** Line by line; a class for its position and what it has gathered. */
class PageReader {
  readonly #scenario: Scenario;
  readonly #file: string;
  readonly #lines: readonly string[];
  readonly #parts: Record<Place, string[]> = { body: [], hint: [], solution: [] };
  readonly #hints: string[] = [];
  readonly #commands: string[] = [];
  #place: Place = 'body';
  #next = 0;

  constructor(scenario: Scenario, { shown, content }: ScenarioFile) {
    this.#scenario = scenario;
    this.#file = shown;
    this.#lines = content.split('\n');
  }

  read(): Converted {
    while (this.#next < this.#lines.length) this.#readPart();
    if (this.#place !== 'body') {
      this.#tell('This <details> is never closed. Close it with </details>.');
      this.#unfold();
    }
    return {
      body: tidy(this.#parts.body),
      commands: this.#commands,
      hints: this.#hints,
      solution: tidy(this.#parts.solution),
    };
  }

  #readPart(): void {
    const line = this.#take();
    const fence = FENCE.exec(line);
    if (fence) this.#readFence(fence[2] ?? '');
    else if (/<details[^>]*>/i.test(line)) this.#fold(line);
    else if (/<\/details>/i.test(line)) this.#unfold();
    else this.#readLine(line);
  }

  #fold(line: string): void {
    let opening = line;
    // The summary may stand on a line of its own.
    while (!SUMMARY.test(opening) && this.#next < this.#lines.length && !/<\/summary>/i.test(opening)) {
      opening += this.#take();
    }
    const title = SUMMARY.exec(opening)?.[1] ?? '';
    this.#place = SOLUTION.test(title) ? 'solution' : 'hint';
  }

  #unfold(): void {
    const hint = tidy(this.#parts.hint.splice(0));
    if (hint !== '') this.#hints.push(hint);
    this.#place = 'body';
  }

  #readFence(language: string): void {
    const at = this.#next;
    const body: string[] = [];
    let end: RegExpExecArray | null = null;
    while (end === null && this.#next < this.#lines.length) {
      const line = this.#take();
      end = FENCE_END.exec(line);
      if (end === null) body.push(line);
    }
    if (end === null)
      this.#scenario.tellOf(this.#file, at, 'This code block is never closed. Close it with ```.');
    this.#addCode({ code: body.join('\n'), language, action: end?.[1], at });
  }

  #addCode(part: { code: string; language: string; action: string | undefined; at: number }): void {
    const { code, language, action = '', at } = part;
    const text = atHome(code);
    if (!action.startsWith('exec')) {
      const plain = language === 'run' || language === 'type' || language === 'output' ? '' : language;
      this.#add(`\`\`\`${plain}\n${escapeTemplates(text)}\n\`\`\``);
      return;
    }
    tellForeign(this.#scenario, { file: this.#file, line: at + 1, script: code });
    this.#addRun(text, action.includes('interrupt'));
  }

  #addRun(command: string, interrupts: boolean): void {
    if (interrupts) this.#add('`Ctrl`+`C`');
    this.#commands.push(command);
    // Hints and solutions are only read: the solution's commands are shown beside it.
    const kind = this.#place === 'body' ? 'run' : 'bash';
    this.#add(`\n\`\`\`${kind}\n${escapeTemplates(command)}\n\`\`\`\n`);
  }

  #readLine(line: string): void {
    const runs: { command: string; interrupts: boolean }[] = [];
    const text = line.replace(INLINE, (_, __, code: string, action: string) => {
      if (!action.startsWith('exec')) return `\`${code}\``;
      tellForeign(this.#scenario, { file: this.#file, line: this.#next, script: code });
      runs.push({ command: atHome(code), interrupts: action.includes('interrupt') });
      return `\`${code}\``;
    });
    const alone = runs.length === 1 && text.trim().replace(/^[-*]\s+/, '') === `\`${runs[0]?.command}\``;
    if (!alone) this.#add(this.#prose(text));
    for (const { command, interrupts } of runs) this.#addRun(command, interrupts);
  }

  /** Prose without pictures, ports and HTML, and with headings that are no steps. */
  #prose(line: string): string {
    let text = line.replace(/\[([^\]]*)\]\(\s*\{\{TRAFFIC[^}]*\}\}[^)]*\)/g, '$1');
    const ports = /\{\{\s*TRAFFIC_(?:HOST\d+_(\d+)|SELECTOR)\s*\}\}/.exec(line);
    if (ports) {
      const where = ports[1] === undefined ? 'a port' : `port ${ports[1]}`;
      this.#tell(
        `${ports[0]} links to ${where} of the machine, which the browser cannot reach here. Say in the text to look at it with curl localhost${ports[1] ? `:${ports[1]}` : ''} in a terminal.`,
      );
      text = text.replace(/\{\{\s*TRAFFIC[^}]*\}\}/g, `localhost${ports[1] ? `:${ports[1]}` : ''}`);
    }
    if (/!\[[^\]]*\]\([^)]*\)|<img\b/i.test(text)) {
      this.#tell(
        'Labs have no pictures from files. Say what it shows, or draw it from the cluster with :::figure.',
      );
      text = text.replace(/!\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/<img\b[^>]*>/gi, '');
    }
    text = text
      .replace(/<br\s*\/?>/gi, '')
      .replace(/<\/?(?:strong|b)>/gi, '**')
      .replace(/<\/?(?:em|i)>/gi, '*')
      .replace(/<\/?code>/gi, '`');
    const tag = /<\/?[a-z][a-z0-9]*(?:\s[^>]*)?>/i.exec(text.replace(/`[^`]*`/g, ''))?.[0];
    if (tag !== undefined) {
      this.#tell(`The HTML ${tag} is not shown in labs. Write it as Markdown.`);
      text = text.replaceAll(tag, '');
    }
    return escapeTemplates(
      homeInProse(text)
        .replace(/^#{1,2}\s/, '### ')
        .replace(/^:::/, '\\:::'),
    );
  }

  #add(text: string): void {
    this.#parts[this.#place].push(text);
  }

  #take(): string {
    const line = this.#lines[this.#next] ?? '';
    this.#next += 1;
    return line;
  }

  #tell(message: string): void {
    this.#scenario.tellOf(this.#file, this.#next, message);
  }
}

function homeInProse(text: string): string {
  return text.replace(/(?<![\w/])\/root(?=\/|`|\b)/g, '~');
}

function tidy(lines: readonly string[]): string {
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
