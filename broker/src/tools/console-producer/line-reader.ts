/** Turns a line into headers, key and value, as Kafka's LineMessageReader does. */
import type { ProducerRecord } from '../../client/main.ts';
import { JavaError } from '../java/java-error.ts';

interface Header {
  readonly key: string;
  readonly value: Buffer | null;
}

export class LineReader {
  readonly #topic: string;
  readonly #parseKey: boolean;
  readonly #parseHeaders: boolean;
  readonly #ignoreError: boolean;
  readonly #keySeparator: string;
  readonly #headersDelimiter: string;
  readonly #headersSeparator: string;
  readonly #headersKeySeparator: string;
  readonly #nullMarker: string | null;
  #lineNumber = 0;

  constructor(topic: string, properties: ReadonlyMap<string, string>) {
    const flag = (name: string) => properties.get(name)?.trim().toLowerCase() === 'true';
    this.#topic = topic;
    this.#parseKey = flag('parse.key');
    this.#parseHeaders = flag('parse.headers');
    this.#ignoreError = flag('ignore.error');
    this.#keySeparator = properties.get('key.separator') ?? '\t';
    this.#headersDelimiter = properties.get('headers.delimiter') ?? '\t';
    this.#headersSeparator = properties.get('headers.separator') ?? ',';
    this.#headersKeySeparator = properties.get('headers.key.separator') ?? ':';
    this.#nullMarker = properties.get('null.marker') ?? null;
    this.#checkDifferent();
  }

  #checkDifferent(): void {
    const named: readonly (readonly [string, string | null])[] = [
      ['headers.delimiter', this.#headersDelimiter],
      ['headers.separator', this.#headersSeparator],
      ['headers.key.separator', this.#headersKeySeparator],
    ];
    for (const [index, [name, value]] of named.entries()) {
      for (const [other, otherValue] of named.slice(index + 1)) {
        if (value === otherValue) throw kafkaException(`${name} and ${other} may not be equal`);
      }
    }
    const marked: readonly (readonly [string, string])[] = [
      ['key.separator', this.#keySeparator],
      ['headers.separator', this.#headersSeparator],
      ['headers.delimiter', this.#headersDelimiter],
      ['headers.key.separator', this.#headersKeySeparator],
    ];
    for (const [name, value] of marked) {
      if (value === this.#nullMarker) throw kafkaException(`null.marker and ${name} may not be equal`);
    }
  }

  read(line: string): ProducerRecord {
    this.#lineNumber++;
    const headers = this.#parseHeaders
      ? this.#upTo(line, 0, this.#headersDelimiter, 'headers delimiter')
      : null;
    const afterHeaders = headers === null ? 0 : headers.length + this.#headersDelimiter.length;
    const key = this.#parseKey ? this.#upTo(line, afterHeaders, this.#keySeparator, 'key separator') : null;
    const afterKey = afterHeaders + (key === null ? 0 : key.length + this.#keySeparator.length);
    return {
      topic: this.#topic,
      key: this.#bytes(key),
      value: this.#bytes(line.slice(afterKey)),
      headers: headers === null || headers === this.#nullMarker ? [] : this.#splitHeaders(headers),
    };
  }

  #bytes(text: string | null): Buffer | null {
    return text === null || text === this.#nullMarker ? null : Buffer.from(text);
  }

  #upTo(line: string, start: number, ...[mark, name]: [mark: string, name: string]): string | null {
    const at = line.indexOf(mark, start);
    if (at !== -1) return line.slice(start, at);
    if (this.#ignoreError) return null;
    throw kafkaException(`No ${name} found on line number ${this.#lineNumber}: '${line}'`);
  }

  #splitHeaders(text: string): Header[] {
    const pairs = text.split(this.#headersSeparator);
    while (pairs.length > 1 && pairs.at(-1) === '') pairs.pop();
    return pairs.map((pair) => this.#splitHeader(pair));
  }

  #splitHeader(pair: string): Header {
    const at = pair.indexOf(this.#headersKeySeparator);
    if (at === -1) {
      if (this.#ignoreError) return { key: pair, value: null };
      throw kafkaException(
        `No header key separator found in pair '${pair}' on line number ${this.#lineNumber}`,
      );
    }
    const key = pair.slice(0, at);
    if (key === this.#nullMarker) {
      throw kafkaException(
        `Header keys should not be equal to the null marker '${this.#nullMarker}' as they can't be null`,
      );
    }
    return { key, value: this.#bytes(pair.slice(at + this.#headersKeySeparator.length)) };
  }
}

/** Lines of UTF-8 text ended by `\n`, `\r` or both, as Java's BufferedReader cuts them. */
export async function* readLines(input: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let rest = '';
  let skipNewline = false;
  for await (const piece of input) {
    let text = decoder.decode(piece, { stream: true });
    if (skipNewline && text.startsWith('\n')) text = text.slice(1);
    if (text !== '') skipNewline = text.endsWith('\r');
    const lines = (rest + text).split(/\r\n|\n|\r/);
    rest = lines.pop()!;
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

function kafkaException(text: string): JavaError {
  return new JavaError('org.apache.kafka.common.KafkaException', text);
}
