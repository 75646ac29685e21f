/** Where a text stops being JSON, in Jackson's words. */

/** `kind`: Jackson's class for it. */
export interface SyntaxFault {
  readonly kind: 'JsonParseException' | 'JsonEOFException';
  readonly text: string;
}

const redacted = '[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: ';
const literals = ['null', 'true', 'false'];
const opened = { '{': 'Object', '[': 'Array' } as const;

export function syntaxFault(text: string): SyntaxFault | null {
  const scanner = new Scanner(text);
  try {
    scanner.value();
    return null;
  } catch (error) {
    if (error instanceof Fault) return error.fault;
    throw error;
  }
}

class Fault extends Error {
  readonly fault: SyntaxFault;

  constructor(fault: SyntaxFault) {
    super(fault.text);
    this.fault = fault;
  }
}

class Scanner {
  readonly #text: string;
  readonly #open: { readonly bracket: '{' | '['; readonly at: number }[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): void {
    this.#blanks();
    const character = this.#text[this.#at];
    if (character === undefined) throw this.#end();
    if (character === '{') this.#object();
    else if (character === '[') this.#array();
    else if (character === '"') this.#string();
    else if (/[-0-9]/.test(character)) this.#at += /^[-+0-9.eE]+/.exec(this.#text.slice(this.#at))![0].length;
    else if (/[A-Za-z_$]/.test(character)) this.#word();
    else
      throw this.#unexpected(
        "expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
      );
  }

  #array(): void {
    this.#enter('[');
    this.#blanks();
    if (this.#text[this.#at] === ']') {
      this.#leave();
      return;
    }
    for (;;) {
      this.value();
      if (this.#next(']', 'comma to separate Array entries')) return;
    }
  }

  #object(): void {
    this.#enter('{');
    this.#blanks();
    if (this.#text[this.#at] === '}') {
      this.#leave();
      return;
    }
    for (;;) {
      this.#blanks();
      const character = this.#text[this.#at];
      if (character === undefined) throw this.#end();
      if (character !== '"') throw this.#unexpected('was expecting double-quote to start field name');
      this.#string();
      this.#blanks();
      if (this.#text[this.#at] === undefined) throw this.#end();
      if (this.#text[this.#at] !== ':')
        throw this.#unexpected('was expecting a colon to separate field name and value');
      this.#at++;
      this.value();
      if (this.#next('}', 'comma to separate Object entries')) return;
    }
  }

  /** True: the bracket closed. */
  #next(closing: '}' | ']', wanted: string): boolean {
    this.#blanks();
    const character = this.#text[this.#at];
    if (character === undefined) throw this.#end();
    if (character === closing) {
      this.#leave();
      return true;
    }
    if (character !== ',') throw this.#unexpected(`was expecting ${wanted}`);
    this.#at++;
    return false;
  }

  #string(): void {
    const match = /^"(?:[^"\\]|\\.)*"/s.exec(this.#text.slice(this.#at));
    if (match === null) {
      this.#at = this.#text.length;
      throw this.#fault('JsonEOFException', 'Unexpected end-of-input in VALUE_STRING', this.#at);
    }
    this.#at += match[0].length;
  }

  #word(): void {
    const word = /^[A-Za-z0-9_$]+/.exec(this.#text.slice(this.#at))![0];
    if (literals.includes(word)) {
      this.#at += word.length;
      return;
    }
    const wanted = "was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
    throw this.#fault('JsonParseException', `Unrecognized token '${word}': ${wanted}`, this.#at);
  }

  #enter(bracket: '{' | '['): void {
    this.#open.push({ bracket, at: this.#at });
    this.#at++;
  }

  #leave(): void {
    this.#open.pop();
    this.#at++;
  }

  #blanks(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #end(): Fault {
    const inside = this.#open.at(-1);
    if (inside === undefined) {
      const text = "The input string shouldn't be empty\n at [Source: UNKNOWN; byte offset: #UNKNOWN]";
      return new Fault({ kind: 'JsonParseException', text });
    }
    const start = `(start marker at ${this.#place(inside.at)})`;
    const what = `Unexpected end-of-input: expected close marker for ${opened[inside.bracket]} ${start}`;
    return this.#fault('JsonEOFException', what, this.#text.length);
  }

  #unexpected(wanted: string): Fault {
    const character = this.#text[this.#at]!;
    const named = `Unexpected character ('${character}' (code ${character.charCodeAt(0)})): ${wanted}`;
    return this.#fault('JsonParseException', named, this.#at);
  }

  #fault(kind: SyntaxFault['kind'], what: string, at: number): Fault {
    return new Fault({ kind, text: `${what}\n at ${this.#place(at)}` });
  }

  #place(at: number): string {
    const before = this.#text.slice(0, at).split('\n');
    return `${redacted}${before.length}, column: ${before.at(-1)!.length + 1}]`;
  }
}
