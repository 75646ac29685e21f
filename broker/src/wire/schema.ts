/**
 * The schema combinators: a message is declared once as data, and its TypeScript types, both directions
 * and every version come from that declaration (KIP-482 flexible versions and tagged fields included).
 *
 *   struct({
 *     topics: array(struct({ name: string.until(12), topicId: uuid.since(13) })),
 *     clusterId: string.nullable(12).default(null).since(12).tag(0, 12),
 *   })
 *
 * A decoded value has every field of every version; one the version lacks holds its default.
 * On encoding any field may be left out. Codecs are built per version on first use and kept.
 */
import type { Reader } from './reader.ts';
import { WireError } from './wire-error.ts';
import { Writer } from './writer.ts';

export interface Codec<T> {
  read(reader: Reader): T;
  write(writer: Writer, value: T): void;
}

/** How a type is laid out on the wire at one version. */
export type Layout<T> = (version: number, flexible: boolean) => Codec<T>;

interface FieldOptions {
  readonly since: number;
  readonly until: number;
  readonly tag: number | undefined;
  readonly tagSince: number;
  readonly tagUntil: number;
  readonly inflexible: boolean;
}

const LAST = 0x7fff;
const PLAIN: FieldOptions = {
  since: 0,
  until: LAST,
  tag: undefined,
  tagSince: LAST + 1,
  tagUntil: LAST,
  inflexible: false,
};

/** A wire type, with where (`since`, `until`, `tag`) and how (`nullable`, `default`) it appears as a field. */
export class Type<T, I = T> {
  readonly layout: Layout<T>;
  readonly fallback: () => T;
  readonly isDefault: (value: T) => boolean;
  readonly nullLayout: Layout<T | null> | undefined;
  readonly options: FieldOptions;
  /** What the type is, for documentation and the wire inspector. */
  readonly shape: Shape;
  declare readonly decoded: T;
  declare readonly input: I;

  constructor(definition: {
    layout: Layout<T>;
    nullLayout?: Layout<T | null> | undefined;
    fallback: () => T;
    isDefault: (value: T) => boolean;
    options?: FieldOptions;
    shape: Shape;
  }) {
    this.layout = definition.layout;
    this.nullLayout = definition.nullLayout;
    this.fallback = definition.fallback;
    this.isDefault = definition.isDefault;
    this.options = definition.options ?? PLAIN;
    this.shape = definition.shape;
  }

  /** First version that has this field. */
  since(version: number): Type<T, I> {
    return this.#with({ since: version });
  }

  /** Last version that has this field. */
  until(version: number): Type<T, I> {
    return this.#with({ until: version });
  }

  /** From `since` to `until` the field travels in the tag section, under `tag`. */
  tag(tag: number, since: number, until = LAST): Type<T, I> {
    return this.#with({ tag, tagSince: since, tagUntil: until });
  }

  /** The field keeps its old encoding in flexible versions too. */
  inflexible(): Type<T, I> {
    return this.#with({ inflexible: true });
  }

  /** The value may be null from version `since` (to `until`) on. */
  nullable(since = 0, until = LAST): Type<T | null, I | null> {
    const { layout, nullLayout, isDefault } = this;
    if (nullLayout === undefined) throw new TypeError('this type has no null on the wire');
    return new Type<T | null, I | null>({
      layout: (version, flexible) =>
        version >= since && version <= until
          ? nullLayout(version, flexible)
          : notNull(layout(version, flexible) as Codec<T | null>),
      fallback: this.fallback,
      isDefault: (value) => value !== null && isDefault(value),
      options: this.options,
      shape: { ...this.shape, nullableSince: since, nullableUntil: until },
    });
  }

  /** The value taken where the version lacks the field or the sender leaves it out. */
  default(value: T): Type<T, I> {
    return new Type<T, I>({
      layout: this.layout,
      nullLayout: this.nullLayout,
      fallback: () => value,
      isDefault: (candidate) => candidate === value,
      options: this.options,
      shape: { ...this.shape, default: value },
    });
  }

  #with(change: Partial<FieldOptions>): Type<T, I> {
    return new Type<T, I>({
      layout: this.layout,
      nullLayout: this.nullLayout,
      fallback: this.fallback,
      isDefault: this.isDefault,
      options: { ...this.options, ...change },
      shape: this.shape,
    });
  }
}

/** A description of a type that a reader, a test or the wire inspector can walk. */
export type Shape = {
  readonly kind: string;
  readonly nullableSince?: number;
  readonly nullableUntil?: number;
  readonly default?: unknown;
  readonly element?: Shape;
  // biome-ignore lint/suspicious/noExplicitAny: a field of any type; the schema core is where types are erased
  readonly fields?: Readonly<Record<string, Type<any, any>>>;
};

export type Decoded<S> = S extends { readonly decoded: infer T } ? T : never;
export type Input<S> = S extends { readonly input: infer I } ? I : never;

function notNull<T>(codec: Codec<T>): Codec<T> {
  return {
    read: codec.read,
    write(writer, value) {
      if (value === null) throw new WireError('not-nullable', 'null where this version allows none');
      codec.write(writer, value);
    },
  };
}

function fixed<T>(kind: string, zero: T, codec: Codec<T>): Type<T> {
  return new Type<T>({
    layout: () => codec,
    fallback: () => zero,
    isDefault: (value) => value === zero,
    shape: { kind },
  });
}

export const bool = fixed('bool', false, {
  read: (r) => r.int8() !== 0,
  write: (w, value) => w.int8(value ? 1 : 0),
});
export const int8 = fixed('int8', 0, { read: (r) => r.int8(), write: (w, value) => w.int8(value) });
export const int16 = fixed('int16', 0, { read: (r) => r.int16(), write: (w, value) => w.int16(value) });
export const uint16 = fixed('uint16', 0, { read: (r) => r.uint16(), write: (w, value) => w.uint16(value) });
export const int32 = fixed('int32', 0, { read: (r) => r.int32(), write: (w, value) => w.int32(value) });
export const uint32 = fixed('uint32', 0, { read: (r) => r.uint32(), write: (w, value) => w.uint32(value) });
export const int64 = fixed('int64', 0n, { read: (r) => r.int64(), write: (w, value) => w.int64(value) });
export const float64 = fixed('float64', 0, {
  read: (r) => r.float64(),
  write: (w, value) => w.float64(value),
});

/** The UUID of sixteen zero bytes: "none". */
export const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA';
export const uuid = fixed('uuid', ZERO_UUID, {
  read: (r) => r.uuid(),
  write: (w, value) => w.uuid(value),
});

/** Reads a length; -1 stands for null. Compact lengths are stored plus one, zero being null. */
function readLength(reader: Reader, prefix: 'compact' | 'int16' | 'int32'): number {
  if (prefix === 'compact') return reader.unsignedVarint() - 1;
  return prefix === 'int16' ? reader.int16() : reader.int32();
}

function writeLength(writer: Writer, prefix: 'compact' | 'int16' | 'int32', length: number): void {
  if (prefix === 'compact') writer.unsignedVarint(length + 1);
  else if (prefix === 'int16') writer.int16(length);
  else writer.int32(length);
}

function refuseLength(reader: Reader, length: number): never {
  throw new WireError('bad-length', `a length of ${length} is not possible here`, reader.position);
}

function lengthPrefixed<T>(options: {
  kind: string;
  zero: T;
  prefix: 'int16' | 'int32';
  read: (reader: Reader, length: number) => T;
  write: (writer: Writer, prefix: 'compact' | 'int16' | 'int32', value: T) => void;
  isEmpty: (value: T) => boolean;
}): Type<T> {
  const layoutFor =
    (nullable: boolean) =>
    (_version: number, flexible: boolean): Codec<T | null> => {
      const prefix = flexible ? 'compact' : options.prefix;
      return {
        read(reader) {
          const length = readLength(reader, prefix);
          if (length >= 0) return options.read(reader, length);
          return nullable && length === -1 ? null : refuseLength(reader, length);
        },
        write(writer, value) {
          if (value !== null) options.write(writer, prefix, value);
          else if (nullable) writeLength(writer, prefix, -1);
          else throw new WireError('not-nullable', 'null where this version allows none');
        },
      };
    };
  return new Type<T>({
    layout: layoutFor(false) as Layout<T>,
    nullLayout: layoutFor(true),
    fallback: () => options.zero,
    isDefault: options.isEmpty,
    shape: { kind: options.kind },
  });
}

export const string = lengthPrefixed<string>({
  kind: 'string',
  zero: '',
  prefix: 'int16',
  read: (reader, length) => reader.utf8(length),
  write: (writer, prefix, value) => {
    const byteCount = Buffer.byteLength(value);
    if (byteCount > 0x7fff) throw new WireError('bad-length', `a string of ${byteCount} bytes is too long`);
    writeLength(writer, prefix, byteCount);
    writer.utf8(value, byteCount);
  },
  isEmpty: (value) => value === '',
});

const EMPTY = Buffer.alloc(0);

function bytesOf(kind: string): Type<Buffer, Uint8Array> {
  return lengthPrefixed<Buffer>({
    kind,
    zero: EMPTY,
    prefix: 'int32',
    read: (reader, length) => reader.bytes(length),
    write: (writer, prefix, value) => {
      writeLength(writer, prefix, value.length);
      writer.bytes(value);
    },
    isEmpty: (value) => value.length === 0,
  }) as unknown as Type<Buffer, Uint8Array>; // the writer takes any Uint8Array
}

export const bytes = bytesOf('bytes');
/** Record batches as they lie on disk; a list of buffers is written one after the other without copying. */
export const records = bytesOf('records');

export function array<T, I>(element: Type<T, I>): Type<T[], readonly I[]> {
  const layoutFor =
    (nullable: boolean) =>
    (version: number, flexible: boolean): Codec<T[] | null> => {
      const codec = element.layout(version, flexible);
      const prefix = flexible ? 'compact' : 'int32';
      return {
        read(reader) {
          const length = readLength(reader, prefix);
          if (length < 0) return nullable && length === -1 ? null : refuseLength(reader, length);
          return readElements(reader, codec, length);
        },
        write(writer, value) {
          if (value === null) {
            if (!nullable) throw new WireError('not-nullable', 'null where this version allows none');
            writeLength(writer, prefix, -1);
            return;
          }
          writeLength(writer, prefix, value.length);
          for (const item of value) codec.write(writer, item);
        },
      };
    };
  return new Type<T[], readonly I[]>({
    layout: layoutFor(false) as Layout<T[]>,
    nullLayout: layoutFor(true),
    fallback: () => [],
    isDefault: (value) => value.length === 0,
    shape: { kind: 'array', element: element.shape },
  });
}

function readElements<T>(reader: Reader, codec: Codec<T>, length: number): T[] {
  // Every element takes at least one byte, so a larger count is a lie and must not be allocated for.
  if (length > reader.remaining) refuseLength(reader, length);
  const items: T[] = [];
  for (let index = 0; index < length; index++) {
    try {
      items.push(codec.read(reader));
    } catch (error) {
      throw error instanceof WireError ? error.within(`[${index}]`) : error;
    }
  }
  return items;
}

// biome-ignore lint/suspicious/noExplicitAny: fields of any type; the schema core is where types are erased
type Fields = Record<string, Type<any, any>>;
type DecodedFields<F extends Fields> = { [K in keyof F]: F[K]['decoded'] };
type InputFields<F extends Fields> = { [K in keyof F]?: F[K]['input'] };

interface PlannedField {
  readonly name: string;
  readonly tag: number;
  readonly codec: Codec<unknown>;
  readonly type: Type<unknown>;
}

export function struct<F extends Fields>(fields: F): Type<DecodedFields<F>, InputFields<F>> {
  type Value = DecodedFields<F>;
  const cache = new Map<number, Codec<Value>>();
  const layout: Layout<Value> = (version, flexible) => {
    const key = version * 2 + (flexible ? 1 : 0);
    let codec = cache.get(key);
    if (codec === undefined) {
      codec = structCodec(fields, version, flexible) as Codec<Value>;
      cache.set(key, codec);
    }
    return codec;
  };
  const names = Object.keys(fields);
  return new Type<Value, InputFields<F>>({
    layout,
    nullLayout: (version, flexible) => nullableStruct(layout(version, flexible)),
    fallback: () => {
      const value: Record<string, unknown> = {};
      for (const name of names) value[name] = fields[name]!.fallback();
      return value as Value;
    },
    isDefault: (value) => {
      const record = value as Record<string, unknown>;
      return names.every((name) => record[name] === undefined || fields[name]!.isDefault(record[name]));
    },
    shape: { kind: 'struct', fields },
  });
}

function nullableStruct<T>(codec: Codec<T>): Codec<T | null> {
  return {
    // Java writes -1 for null, but 0 where the struct is a tagged field.
    read: (reader) => (reader.int8() <= 0 ? null : codec.read(reader)),
    write(writer, value) {
      writer.int8(value === null ? -1 : 1);
      if (value !== null) codec.write(writer, value);
    },
  };
}

function structCodec(fields: Fields, version: number, flexible: boolean): Codec<Record<string, unknown>> {
  const plain: PlannedField[] = [];
  const tagged: PlannedField[] = [];
  const absent: [string, () => unknown][] = [];
  for (const [name, type] of Object.entries(fields)) {
    const { since, until, tag, tagSince, tagUntil, inflexible } = type.options;
    if (version < since || version > until) {
      absent.push([name, type.fallback]);
      continue;
    }
    const isTagged = tag !== undefined && flexible && version >= tagSince && version <= tagUntil;
    const codec = type.layout(version, flexible && !inflexible);
    (isTagged ? tagged : plain).push({ name, tag: tag ?? -1, codec, type });
  }
  tagged.sort((a, b) => a.tag - b.tag);
  const byTag = new Map(tagged.map((field) => [field.tag, field]));
  return {
    read(reader) {
      const value: Record<string, unknown> = {};
      for (const field of plain) value[field.name] = readField(reader, field);
      for (const [name, fallback] of absent) value[name] = fallback();
      if (flexible) readTags(reader, { tagged, byTag, value });
      return value;
    },
    write(writer, value) {
      for (const field of plain) writeField(writer, field, value[field.name]);
      if (flexible) writeTags(writer, tagged, value);
    },
  };
}

function readField(reader: Reader, field: PlannedField): unknown {
  try {
    return field.codec.read(reader);
  } catch (error) {
    throw error instanceof WireError ? error.within(field.name) : error;
  }
}

function writeField(writer: Writer, field: PlannedField, value: unknown): void {
  try {
    field.codec.write(writer, value === undefined ? field.type.fallback() : value);
  } catch (error) {
    throw error instanceof WireError ? error.within(field.name) : error;
  }
}

function readTags(
  reader: Reader,
  plan: { tagged: PlannedField[]; byTag: Map<number, PlannedField>; value: Record<string, unknown> },
): void {
  for (const field of plan.tagged) plan.value[field.name] = field.type.fallback();
  const count = reader.unsignedVarint();
  for (let index = 0; index < count; index++) {
    const tag = reader.unsignedVarint();
    const byteCount = reader.unsignedVarint();
    const start = reader.take(byteCount);
    const field = plan.byTag.get(tag);
    if (field === undefined) continue; // a tag of a newer release: skipped, as KIP-482 asks
    reader.position = start;
    plan.value[field.name] = readField(reader, field);
    reader.position = start + byteCount;
  }
}

function writeTags(writer: Writer, tagged: PlannedField[], value: Record<string, unknown>): void {
  const present = tagged.filter((field) => {
    const item = value[field.name];
    return item !== undefined && !field.type.isDefault(item);
  });
  writer.unsignedVarint(present.length);
  for (const field of present) {
    const body = new Writer(64);
    writeField(body, field, value[field.name]);
    writer.unsignedVarint(field.tag);
    writer.unsignedVarint(body.size);
    for (const chunk of body.finishChunks()) writer.bytes(chunk);
  }
}
