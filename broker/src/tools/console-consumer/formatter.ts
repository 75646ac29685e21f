/** How a record is written: Kafka's DefaultMessageFormatter, those of internal topics, and the one that writes nothing. */
import type { FetchedRecord } from '../../client/main.ts';
import { type Deserializer, deserializerNamed } from './deserializers.ts';
import { internalFormatter } from './internal-topics.ts';

export interface Formatter {
  format(record: FetchedRecord): Buffer;
}

const defaultClasses = new Set([
  'org.apache.kafka.tools.consumer.DefaultMessageFormatter',
  // Also logs at INFO, which the tools' own configuration hides.
  'org.apache.kafka.tools.consumer.LoggingMessageFormatter',
]);
const noOpClass = 'org.apache.kafka.tools.consumer.NoOpMessageFormatter';
const nothing = Buffer.alloc(0);

/** `null`: there is no such class. `onUnknown` hears of deserializers that there are not. */
export function createFormatter(
  className: string,
  properties: ReadonlyMap<string, string>,
  onUnknown: (deserializer: string) => void,
): Formatter | null {
  if (className === noOpClass) return { format: () => nothing };
  const internal = internalFormatter(className);
  if (internal !== null) return { format: internal };
  if (!defaultClasses.has(className)) return null;
  return new DefaultFormatter(properties, onUnknown);
}

class DefaultFormatter implements Formatter {
  readonly #show: Readonly<
    Record<'timestamp' | 'partition' | 'offset' | 'delivery' | 'epoch' | 'headers' | 'key' | 'value', boolean>
  >;
  readonly #keySeparator: Buffer;
  readonly #lineSeparator: Buffer;
  readonly #headersSeparator: Buffer;
  readonly #nullLiteral: Buffer;
  readonly #key: Deserializer;
  readonly #value: Deserializer;
  readonly #headers: Deserializer;

  constructor(properties: ReadonlyMap<string, string>, onUnknown: (deserializer: string) => void) {
    const flag = (name: string, byDefault = false) => {
      const value = properties.get(`print.${name}`);
      return value === undefined ? byDefault : value.trim().toLowerCase() === 'true';
    };
    const bytes = (name: string, byDefault: string) => Buffer.from(properties.get(name) ?? byDefault);
    const deserializer = (name: string) => deserializerNamed(properties.get(name) ?? null, onUnknown);
    this.#show = {
      timestamp: flag('timestamp'),
      partition: flag('partition'),
      offset: flag('offset'),
      delivery: flag('delivery'),
      epoch: flag('epoch'),
      headers: flag('headers'),
      key: flag('key'),
      value: flag('value', true),
    };
    this.#keySeparator = bytes('key.separator', '\t');
    this.#lineSeparator = bytes('line.separator', '\n');
    this.#headersSeparator = bytes('headers.separator', ',');
    this.#nullLiteral = bytes('null.literal', 'null');
    this.#key = deserializer('key.deserializer');
    this.#value = deserializer('value.deserializer');
    this.#headers = deserializer('headers.deserializer');
  }

  format(record: FetchedRecord): Buffer {
    const show = this.#show;
    const columns: Buffer[] = [];
    if (show.timestamp) columns.push(Buffer.from(timestampOf(record)));
    if (show.partition) columns.push(Buffer.from(`Partition:${record.partition}`));
    if (show.offset) columns.push(Buffer.from(`Offset:${record.offset}`));
    // The console consumer's copy of the record drops both, so that Kafka always writes this.
    if (show.delivery) columns.push(Buffer.from('Delivery:NOT_PRESENT'));
    if (show.epoch) columns.push(Buffer.from('Epoch:NOT_PRESENT'));
    if (show.headers) columns.push(this.#headersOf(record));
    if (show.key) columns.push(this.#key(record.key ?? this.#nullLiteral));
    if (show.value) columns.push(this.#value(record.value ?? this.#nullLiteral));
    const parts: Buffer[] = [];
    for (const [index, column] of columns.entries()) {
      parts.push(column, index === columns.length - 1 ? this.#lineSeparator : this.#keySeparator);
    }
    return Buffer.concat(parts);
  }

  #headersOf({ headers }: FetchedRecord): Buffer {
    if (headers.length === 0) return Buffer.from('NO_HEADERS');
    const parts: Buffer[] = [];
    for (const [index, { key, value }] of headers.entries()) {
      if (index > 0) parts.push(this.#headersSeparator);
      parts.push(Buffer.from(`${key}:`), this.#headers(value ?? this.#nullLiteral));
    }
    return Buffer.concat(parts);
  }
}

function timestampOf({ timestampType, timestamp }: FetchedRecord): string {
  return timestampType === 'NoTimestampType' ? 'NO_TIMESTAMP' : `${timestampType}:${timestamp}`;
}
