/** Messages as Apache Kafka's generated converters and Jackson write them: fields in order, tagged ones only when set. */
import type { Message } from '../../wire/message.ts';
import type { Shape, Type } from '../../wire/schema.ts';

// biome-ignore lint/suspicious/noExplicitAny: any message; what it holds is walked by its declaration
export type AnyMessage = Message<any, any>;

/** Ready-made JSON in the place of a field's value. */
export type Replacements = (name: string, value: unknown) => string | undefined;

export function messageJson(
  message: AnyMessage,
  version: number,
  options: { readonly value: unknown; readonly replace?: Replacements },
): string {
  const at = {
    version,
    flexible: message.isFlexible(version),
    replace: options.replace ?? (() => undefined),
  };
  return shapeJson(message.type.shape, options.value, at);
}

interface At {
  readonly version: number;
  readonly flexible: boolean;
  readonly replace: Replacements;
}

function shapeJson(shape: Shape, value: unknown, at: At): string {
  if (value === null || value === undefined) return 'null';
  switch (shape.kind) {
    case 'struct':
      return structJson(shape, value as Record<string, unknown>, at);
    case 'array':
      return `[${(value as unknown[]).map((item) => shapeJson(shape.element!, item, at)).join(',')}]`;
    case 'string':
    case 'uuid':
      return quote(value as string);
    case 'bytes':
      return quote((value as Buffer).toString('base64'));
    case 'float64':
      return Number.isInteger(value) ? `${value}.0` : String(value);
    default:
      return String(value);
  }
}

function structJson(shape: Shape, value: Record<string, unknown>, at: At): string {
  const parts: string[] = [];
  for (const [name, type] of Object.entries(shape.fields ?? {})) {
    if (!isPresent(type, value[name], at)) continue;
    parts.push(`${quote(name)}:${at.replace(name, value[name]) ?? shapeJson(type.shape, value[name], at)}`);
  }
  return `{${parts.join(',')}}`;
}

function isPresent({ options, isDefault, shape }: Type<unknown>, value: unknown, at: At): boolean {
  const { since, until, tag, tagSince, tagUntil } = options;
  if (at.version < since || at.version > until) return false;
  const isTagged = tag !== undefined && at.flexible && at.version >= tagSince && at.version <= tagUntil;
  if (!isTagged) return true;
  // To Java's converters a struct's default is an empty one, whatever its declaration says.
  return shape.kind === 'struct' ? value === null : !isDefault(value);
}

/** As Jackson quotes: control characters in upper-case hexadecimal. */
export function quote(text: string): string {
  return JSON.stringify(text).replace(/\\\\|\\u00([0-9a-f]{2})/g, (sequence, code?: string) =>
    code === undefined ? sequence : `\\u00${code.toUpperCase()}`,
  );
}
