/**
 * A message field by field with the bytes of each, walked by its declaration: for the wire inspector. Bytes that end too
 * early, or are no such message, end the walk where they do; what was read up to there is told all the same.
 */
import type { Reader } from './reader.ts';
import {
  bool,
  bytes,
  float64,
  int8,
  int16,
  int32,
  int64,
  records,
  type Shape,
  string,
  type Type,
  uint16,
  uint32,
  uuid,
} from './schema.ts';
import { WireError } from './wire-error.ts';

export interface InspectedField {
  readonly name: string;
  /** Of the declaration (`int32`, `string`, `array`, …), or `tags`, `tag`. */
  readonly kind: string;
  /** Bytes of the buffer, `end` not included. */
  start: number;
  end: number;
  /** As text; of an array how many elements, of a struct nothing. `null` as "null". */
  value: string;
  readonly children: InspectedField[];
  /** Of `records`: where the batches begin, behind their length. */
  dataStart?: number;
  /** The bytes ended, or could not be this. */
  broken?: boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: walks declarations of any type, as the schema core does
type AnyType = Type<any, any>;

export interface Walk {
  readonly reader: Reader;
  readonly version: number;
  readonly flexible: boolean;
}

/** Of an array or an object of more elements the rest is walked over, and told as one. */
const CHILDREN_MAX = 100;
const BYTES_SHOWN_MAX = 24;
const TEXT_SHOWN_MAX = 400;
const leaves: Readonly<Record<string, AnyType>> = {
  ...{ bool, int8, int16, uint16, int32, uint32, int64, float64, uuid, string, bytes, records },
};

/** Thrown when the walk cannot go on; the fields walked so far stay. */
class Ended extends Error {}

/** The fields of a struct that stands at the reader's position; false: it ended early. */
export function inspectStruct(type: AnyType, walk: Walk, into: InspectedField[]): boolean {
  return untilEnd(() => walkFields(type.shape.fields ?? {}, walk, into));
}

/** A field outside of declarations: headers, record batches. */
export function inspectLeaf(
  name: string,
  kind: string,
  walk: { readonly reader: Reader; readonly into: InspectedField[]; readonly read: () => unknown },
): unknown {
  const field = begin(name, kind, walk);
  const value = attempt(field, walk.reader, walk.read);
  field.value = textOf(value);
  return value;
}

/** A field that holds others. */
export function inspectGroup(
  name: string,
  kind: string,
  walk: {
    readonly reader: Reader;
    readonly into: InspectedField[];
    readonly read: (into: InspectedField[]) => string;
  },
): void {
  const field = begin(name, kind, walk);
  try {
    field.value = walk.read(field.children);
  } finally {
    field.end = walk.reader.position;
    if (field.children.at(-1)?.broken) field.broken = true;
  }
}

/** Runs a walk; false: it ended early. */
export function untilEnd(run: () => void): boolean {
  try {
    run();
    return true;
  } catch (error) {
    if (error instanceof Ended) return false;
    throw error;
  }
}

/** The tag section behind a flexible struct or header (KIP-482). */
export function inspectTags(
  fields: readonly (readonly [string, AnyType])[],
  walk: Walk,
  into: InspectedField[],
): void {
  const { reader } = walk;
  const byTag = new Map(fields.map(([name, type]) => [type.options.tag, [name, type] as const]));
  inspectGroup('tagged fields', 'tags', {
    reader,
    into,
    read: (children) => {
      const count = Number(attempt(into.at(-1)!, reader, () => reader.unsignedVarint()));
      for (let index = 0; index < count; index++) {
        const begun = reader.position;
        const section = attempt(into.at(-1)!, reader, () => {
          const tag = reader.unsignedVarint();
          const byteCount = reader.unsignedVarint();
          const start = reader.take(byteCount);
          return { tag, start, end: start + byteCount };
        }) as { tag: number; start: number; end: number };
        const known = byTag.get(section.tag);
        const field: InspectedField = {
          ...{
            name: `tag ${section.tag}`,
            kind: 'tag',
            start: begun,
            end: section.end,
            value: '',
            children: [],
          },
        };
        children.push(field);
        if (known) {
          reader.position = section.start;
          walkType(known[0], known[1], walk, field.children);
        }
        reader.position = section.end;
      }
      return String(count);
    },
  });
}

function walkFields(fields: Readonly<Record<string, AnyType>>, walk: Walk, into: InspectedField[]): void {
  const { version, flexible } = walk;
  const tagged: (readonly [string, AnyType])[] = [];
  for (const [name, type] of Object.entries(fields)) {
    const { since, until, tag, tagSince, tagUntil, inflexible } = type.options;
    if (version < since || version > until) continue;
    if (tag !== undefined && flexible && version >= tagSince && version <= tagUntil)
      tagged.push([name, type]);
    else walkType(name, type, { ...walk, flexible: flexible && !inflexible }, into);
  }
  if (flexible) inspectTags(tagged, walk, into);
}

function walkType(name: string, type: AnyType, walk: Walk, into: InspectedField[]): void {
  walkShape(name, type.shape, walk, into);
}

function walkShape(name: string, shape: Shape, walk: Walk, into: InspectedField[]): void {
  const { reader } = walk;
  if (shape.kind === 'struct') {
    inspectGroup(name, 'struct', {
      reader,
      into,
      read: (children) => {
        if (isNullable(shape, walk) && Number(attempt(into.at(-1)!, reader, () => reader.int8())) <= 0)
          return 'null';
        walkFields(shape.fields ?? {}, walk, children);
        return '';
      },
    });
  } else if (shape.kind === 'array') {
    inspectGroup(name, 'array', {
      reader,
      into,
      read: (children) => walkArray(shape, walk, { children, field: into.at(-1)! }),
    });
  } else {
    const leaf = leaves[shape.kind];
    if (leaf === undefined) throw new TypeError(`no wire type ${shape.kind}`);
    const type = isNullable(shape, walk) ? leaf.nullable() : leaf;
    const dataStart = shape.kind === 'records' ? behindLength(walk) : undefined;
    const codec = type.layout(walk.version, walk.flexible);
    try {
      inspectLeaf(name, shape.kind, { reader, into, read: () => codec.read(reader) });
    } finally {
      if (dataStart !== undefined) into.at(-1)!.dataStart = dataStart;
    }
  }
}

function walkArray(
  shape: Shape,
  walk: Walk,
  { children, field }: { children: InspectedField[]; field: InspectedField },
): string {
  const { reader, flexible } = walk;
  const length = Number(
    attempt(field, reader, () => {
      const count = flexible ? reader.unsignedVarint() - 1 : reader.int32();
      if (count > reader.remaining)
        throw new WireError('bad-length', `a length of ${count} is not possible here`);
      return count;
    }),
  );
  if (length < 0) return 'null';
  for (let index = 0; index < length; index++) {
    const shown = index < CHILDREN_MAX ? children : [];
    walkShape(`[${index}]`, shape.element!, walk, shown);
  }
  return String(length);
}

/** Known even when the bytes themselves were cut off. */
function behindLength({ reader, flexible }: Walk): number {
  const at = reader.position;
  try {
    if (flexible) reader.unsignedVarint();
    else reader.int32();
    return reader.position;
  } catch {
    return reader.end;
  } finally {
    reader.position = at;
  }
}

function isNullable({ nullableSince, nullableUntil }: Shape, { version }: Walk): boolean {
  return nullableSince !== undefined && version >= nullableSince && version <= (nullableUntil ?? version);
}

function begin(
  name: string,
  kind: string,
  { reader, into }: { readonly reader: Reader; readonly into: InspectedField[] },
): InspectedField {
  const field = { name, kind, start: reader.position, end: reader.position, value: '', children: [] };
  into.push(field);
  return field;
}

function attempt(field: InspectedField, reader: Reader, read: () => unknown): unknown {
  try {
    const value = read();
    field.end = reader.position;
    return value;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    field.broken = true;
    field.end = reader.end;
    throw new Ended();
  }
}

function textOf(value: unknown): string {
  if (value === null) return 'null';
  if (!Buffer.isBuffer(value)) return String(value).slice(0, TEXT_SHOWN_MAX);
  const shown = value.subarray(0, BYTES_SHOWN_MAX);
  return `${shown.toString('hex')}${value.length > BYTES_SHOWN_MAX ? '…' : ''} (${value.length} B)`;
}
