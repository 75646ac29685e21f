/**
 * Regular expressions over topic names in RE2's syntax, as far as topic names need it. Matching is a walk over all
 * states at once, so its time grows with the name's length and never explodes, whatever a client sends.
 *
 * Left out: Unicode classes, flags other than `i` and `s`, captures (nobody asks for them).
 */

export interface TopicRegex {
  /** Whether the whole name matches. */
  matches(name: string): boolean;
}

export class RegexSyntaxError extends Error {
  override readonly name = 'RegexSyntaxError';
}

type Test = (code: number) => boolean;

type Node =
  | { readonly kind: 'empty' | 'start' | 'end' | 'word' | 'notWord' }
  | { readonly kind: 'char'; readonly test: Test }
  | { readonly kind: 'sequence' | 'either'; readonly parts: readonly Node[] }
  | { readonly kind: 'repeat'; readonly part: Node; readonly min: number; readonly max: number };

type State =
  | { readonly kind: 'char'; readonly test: Test; next: number }
  | { readonly kind: 'split'; next: number; other: number }
  | { readonly kind: 'start' | 'end' | 'word' | 'notWord'; next: number }
  | { readonly kind: 'match' };

const REPEAT_MAX = 1000;
const STATES_MAX = 20_000;
const DEPTH_MAX = 200;

export function compileTopicRegex(pattern: string): TopicRegex {
  const parser = new Parser(pattern);
  const states: State[] = [];
  const start = build(parser.parse(), add(states, { kind: 'match' }), states);
  return { matches: (name) => run(states, start, name) };
}

/** Says why not, or undefined when the expression is well formed. */
export function regexProblem(regex: string): string | undefined {
  try {
    compileTopicRegex(regex);
    return undefined;
  } catch (error) {
    if (error instanceof RegexSyntaxError) return error.message;
    throw error;
  }
}

class Parser {
  readonly #pattern: string;
  #at = 0;
  #ignoreCase = false;
  #depth = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  parse(): Node {
    const node = this.#either();
    if (this.#at < this.#pattern.length) throw new RegexSyntaxError('unexpected )');
    return node;
  }

  #either(): Node {
    if (++this.#depth > DEPTH_MAX) throw new RegexSyntaxError('expression nests too deeply');
    const ignoreCase = this.#ignoreCase;
    const parts = [this.#sequence()];
    while (this.#take('|')) parts.push(this.#sequence());
    this.#ignoreCase = ignoreCase;
    this.#depth--;
    return parts.length === 1 ? parts[0]! : { kind: 'either', parts };
  }

  #sequence(): Node {
    const parts: Node[] = [];
    while (this.#at < this.#pattern.length && !'|)'.includes(this.#pattern[this.#at]!))
      parts.push(this.#repeated());
    return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
  }

  #repeated(): Node {
    let part = this.#atom();
    for (let repeats = 0; ; repeats++) {
      const bounds = this.#bounds();
      if (bounds === undefined) return part;
      if (repeats > 0) throw new RegexSyntaxError('invalid nested repetition operator');
      this.#take('?');
      part = { kind: 'repeat', part, ...bounds };
    }
  }

  #bounds(): { min: number; max: number } | undefined {
    if (this.#take('*')) return { min: 0, max: Number.POSITIVE_INFINITY };
    if (this.#take('+')) return { min: 1, max: Number.POSITIVE_INFINITY };
    if (this.#take('?')) return { min: 0, max: 1 };
    const found = /^\{(\d+)(,(\d*))?\}/.exec(this.#pattern.slice(this.#at, this.#at + 20));
    if (found === null) return undefined;
    this.#at += found[0].length;
    const min = Number(found[1]);
    const max = found[2] === undefined ? min : found[3] === '' ? Number.POSITIVE_INFINITY : Number(found[3]);
    const isTooMany = min > REPEAT_MAX || (max !== Number.POSITIVE_INFINITY && max > REPEAT_MAX);
    if (max < min || isTooMany) throw new RegexSyntaxError('invalid repeat count');
    return { min, max };
  }

  #atom(): Node {
    const char = this.#pattern[this.#at++]!;
    switch (char) {
      case '.':
        return { kind: 'char', test: (code) => code !== 10 };
      case '^':
        return { kind: 'start' };
      case '$':
        return { kind: 'end' };
      case '[':
        return { kind: 'char', test: this.#class() };
      case '(':
        return this.#group();
      case '\\':
        return this.#escaped();
      case '*':
      case '+':
      case '?':
        throw new RegexSyntaxError('missing argument to repetition operator');
      default:
        return { kind: 'char', test: this.#literal(char) };
    }
  }

  #group(): Node {
    const ignoreCase = this.#ignoreCase;
    if (this.#take('?')) {
      const found = /^(?:P?<\w+>|([is]*)(?:-([is]+))?([:)]))/.exec(this.#pattern.slice(this.#at));
      if (found === null) throw new RegexSyntaxError('invalid or unsupported Perl syntax');
      this.#at += found[0].length;
      if (found[1]?.includes('i')) this.#ignoreCase = true;
      if (found[2]?.includes('i')) this.#ignoreCase = false;
      if (found[3] === ')') return { kind: 'empty' };
    }
    const node = this.#either();
    if (!this.#take(')')) throw new RegexSyntaxError('missing closing )');
    this.#ignoreCase = ignoreCase;
    return node;
  }

  #escaped(): Node {
    const char = this.#pattern[this.#at++];
    if (char === undefined) throw new RegexSyntaxError('trailing backslash at end of expression');
    if (char === 'A') return { kind: 'start' };
    if (char === 'z') return { kind: 'end' };
    if (char === 'b') return { kind: 'word' };
    if (char === 'B') return { kind: 'notWord' };
    if (char === 'Q') return this.#quoted();
    return { kind: 'char', test: shorthand(char) ?? this.#escapedLiteral(char) };
  }

  #quoted(): Node {
    const end = this.#pattern.indexOf('\\E', this.#at);
    const text = this.#pattern.slice(this.#at, end < 0 ? undefined : end);
    this.#at = end < 0 ? this.#pattern.length : end + 2;
    return {
      kind: 'sequence',
      parts: [...text].map((char) => ({ kind: 'char', test: this.#literal(char) })),
    };
  }

  #escapedLiteral(char: string): Test {
    const control = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\u0007' }[char];
    if (control !== undefined) return this.#literal(control);
    if (/[A-Za-z0-9]/.test(char)) throw new RegexSyntaxError('invalid escape sequence');
    return this.#literal(char);
  }

  #literal(char: string): Test {
    return rangeTest(char, char, this.#ignoreCase);
  }

  #class(): Test {
    const isNegated = this.#take('^');
    const tests: Test[] = [];
    for (let isFirst = true; ; isFirst = false) {
      const char = this.#pattern[this.#at];
      if (char === undefined) throw new RegexSyntaxError('missing closing ]');
      if (char === ']' && !isFirst) break;
      tests.push(this.#classItem());
    }
    this.#at++;
    return (code) => tests.some((test) => test(code)) !== isNegated;
  }

  #classItem(): Test {
    const named = /^\[:(\^?)(\w+):\]/.exec(this.#pattern.slice(this.#at, this.#at + 14));
    if (named !== null) {
      const posix = POSIX[named[2]!];
      if (posix === undefined) throw new RegexSyntaxError('invalid character class range');
      this.#at += named[0].length;
      return (code) => posix.test(String.fromCharCode(code)) !== (named[1] === '^');
    }
    const low = this.#classChar();
    if (typeof low !== 'string') return low;
    const isRange = this.#pattern[this.#at] === '-' && (this.#pattern[this.#at + 1] ?? ']') !== ']';
    if (!isRange) return this.#literal(low);
    this.#at++;
    const high = this.#classChar();
    if (typeof high !== 'string' || high < low) throw new RegexSyntaxError('invalid character class range');
    return rangeTest(low, high, this.#ignoreCase);
  }

  #classChar(): string | Test {
    const char = this.#pattern[this.#at++]!;
    if (char !== '\\') return char;
    const escaped = this.#pattern[this.#at++];
    if (escaped === undefined) throw new RegexSyntaxError('trailing backslash at end of expression');
    return shorthand(escaped) ?? escaped;
  }

  #take(char: string): boolean {
    if (this.#pattern[this.#at] !== char) return false;
    this.#at++;
    return true;
  }
}

const POSIX: Readonly<Record<string, RegExp>> = {
  alnum: /[A-Za-z0-9]/,
  alpha: /[A-Za-z]/,
  digit: /[0-9]/,
  lower: /[a-z]/,
  upper: /[A-Z]/,
  word: /\w/,
  punct: /[!-/:-@[-`{-~]/,
  space: /\s/,
  xdigit: /[0-9A-Fa-f]/,
};

function shorthand(char: string): Test | undefined {
  const set = { d: /[0-9]/, w: /\w/, s: /[\t\n\f\r ]/ }[char.toLowerCase()];
  if (set === undefined) return undefined;
  const isNegated = char !== char.toLowerCase();
  return (code) => set.test(String.fromCharCode(code)) !== isNegated;
}

function rangeTest(low: string, high: string, ignoreCase: boolean): Test {
  const [from, to] = [low.charCodeAt(0), high.charCodeAt(0)];
  const isIn: Test = (code) => code >= from && code <= to;
  if (!ignoreCase) return isIn;
  return (code) => {
    const char = String.fromCharCode(code);
    return isIn(char.toLowerCase().charCodeAt(0)) || isIn(char.toUpperCase().charCodeAt(0));
  };
}

function add(states: State[], state: State): number {
  if (states.length >= STATES_MAX) throw new RegexSyntaxError('expression is too large');
  return states.push(state) - 1;
}

/** Adds the states of `node`, which go on at `next`; the index of the first. */
function build(node: Node, next: number, states: State[]): number {
  switch (node.kind) {
    case 'empty':
      return next;
    case 'char':
      return add(states, { kind: 'char', test: node.test, next });
    case 'sequence':
      return node.parts.reduceRight((after, part) => build(part, after, states), next);
    case 'either':
      return node.parts
        .map((part) => build(part, next, states))
        .reduceRight((other, first) => add(states, { kind: 'split', next: first, other }));
    case 'repeat':
      return buildRepeat(node, next, states);
    default:
      return add(states, { kind: node.kind, next });
  }
}

function buildRepeat(
  { part, min, max }: Extract<Node, { kind: 'repeat' }>,
  next: number,
  states: State[],
): number {
  let at = next;
  if (max === Number.POSITIVE_INFINITY) {
    const loop: Extract<State, { kind: 'split' }> = { kind: 'split', next, other: next };
    at = add(states, loop);
    loop.next = build(part, at, states);
  } else {
    for (let count = min; count < max; count++) {
      at = add(states, { kind: 'split', next: build(part, at, states), other: next });
    }
  }
  for (let count = 0; count < min; count++) at = build(part, at, states);
  return at;
}

function run(states: readonly State[], start: number, name: string): boolean {
  let current = closure(states, [start], name, 0);
  for (let index = 0; index < name.length; index++) {
    const code = name.charCodeAt(index);
    const after: number[] = [];
    for (const at of current) {
      const state = states[at]!;
      if (state.kind === 'char' && state.test(code)) after.push(state.next);
    }
    if (after.length === 0) return false;
    current = closure(states, after, name, index + 1);
  }
  return [...current].some((at) => states[at]!.kind === 'match');
}

/** Every state reached from these without taking a character. */
function closure(
  states: readonly State[],
  from: readonly number[],
  name: string,
  index: number,
): Set<number> {
  const reached = new Set<number>();
  const open = [...from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (reached.has(at)) continue;
    reached.add(at);
    const state = states[at]!;
    if (state.kind === 'split') open.push(state.other, state.next);
    else if (state.kind !== 'char' && state.kind !== 'match' && holds(state.kind, name, index))
      open.push(state.next);
  }
  return reached;
}

function holds(kind: 'start' | 'end' | 'word' | 'notWord', name: string, index: number): boolean {
  if (kind === 'start') return index === 0;
  if (kind === 'end') return index === name.length;
  const isBoundary = /\w/.test(name[index - 1] ?? '') !== /\w/.test(name[index] ?? '');
  return isBoundary === (kind === 'word');
}
