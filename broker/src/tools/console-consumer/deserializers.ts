/** Kafka's deserializers, as far as what they read is written the same way by Java's `toString`. */
import { JavaError } from '../java/java-error.ts';
import { javaDouble } from '../java/printf.ts';

/** Bytes as stored → bytes as written. */
export type Deserializer = (bytes: Buffer) => Buffer;

const packageName = 'org.apache.kafka.common.serialization.';

const asIs: Deserializer = (bytes) => bytes;

/** Java writes an array as what it is and where it lies, not as what it holds. */
const asArray: Deserializer = () => {
  const where = 0x1000000 + Math.floor(Math.random() * 0x7000_0000);
  return Buffer.from(`[B@${where.toString(16)}`);
};

const byName: Readonly<Record<string, Deserializer>> = {
  StringDeserializer: (bytes) => Buffer.from(bytes.toString('utf8')),
  ShortDeserializer: sized('ShortDeserializer', 2, (bytes) => String(bytes.readInt16BE(0))),
  IntegerDeserializer: sized('IntegerDeserializer', 4, (bytes) => String(bytes.readInt32BE(0))),
  LongDeserializer: sized('LongDeserializer', 8, (bytes) => String(bytes.readBigInt64BE(0))),
  FloatDeserializer: sized('Deserializer', 4, (bytes) => javaDouble(shortestFloat(bytes.readFloatBE(0)))),
  DoubleDeserializer: sized('Deserializer', 8, (bytes) => javaDouble(bytes.readDoubleBE(0))),
  BooleanDeserializer: sized('BooleanDeserializer', 1, (bytes) => String(bytes[0] === 1)),
  UUIDDeserializer: (bytes) => Buffer.from(bytes.toString('utf8').toLowerCase()),
  ByteArrayDeserializer: asArray,
  BytesDeserializer: (bytes) => Buffer.from(escaped(bytes)),
};

export function deserializerNamed(name: string | null, onUnknown: (name: string) => void): Deserializer {
  if (name === null || name === '') return asIs;
  const found = name.startsWith(packageName) ? byName[name.slice(packageName.length)] : undefined;
  if (found === undefined) onUnknown(name);
  return found ?? asIs;
}

function sized(name: string, length: number, read: (bytes: Buffer) => string): Deserializer {
  return (bytes) => {
    if (bytes.length !== length) {
      throw new JavaError(
        'org.apache.kafka.common.errors.SerializationException',
        `Size of data received by ${name} is not ${length}`,
      );
    }
    return Buffer.from(read(bytes));
  };
}

/** The shortest decimal that is this float again. */
function shortestFloat(value: number): number {
  for (let precision = 1; precision < 10; precision++) {
    const candidate = Number(value.toPrecision(precision));
    if (Math.fround(candidate) === value) return candidate;
  }
  return value;
}

/** `Bytes.toString`: printable ASCII, all else as `\xNN`. */
function escaped(bytes: Buffer): string {
  let text = '';
  for (const byte of bytes) {
    const printable = byte >= 0x20 && byte <= 0x7e && byte !== 0x5c;
    text += printable ? String.fromCharCode(byte) : `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}
