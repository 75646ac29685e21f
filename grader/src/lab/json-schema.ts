/** The JSON Schema by which editors complete and check a `lab.yaml`: made from the typed schema, never written by hand. */
import { z } from 'zod';
import { labSchema } from './schema.ts';

type Node = Record<string, unknown>;

const TEMPLATE = { type: 'string', pattern: '\\{\\{.+\\}\\}' };
const WHEN = {
  type: 'object',
  description: 'Only for trainees whose parameters have these values.',
  additionalProperties: { anyOf: [{ type: ['string', 'number'] }, { type: 'array' }] },
};

export function labJsonSchema(): Node {
  const schema = z.toJSONSchema(labSchema, { io: 'input', unrepresentable: 'any' }) as Node;
  return { title: 'A lab of Brokerlab', ...(asWritten(schema, false) as Node) };
}

/** As an author writes it: a number may be `{{parameter}}`, an entry of a list may say `when`. */
function asWritten(value: unknown, isEntry: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => asWritten(item, isEntry));
  if (typeof value !== 'object' || value === null) return value;
  const node = value as Node;
  const written: Node = {};
  for (const [key, inner] of Object.entries(node)) {
    const below = key === 'items' || (isEntry && (key === 'anyOf' || key === 'oneOf'));
    written[key] = key === 'properties' ? propertiesOf(inner as Node) : asWritten(inner, below);
  }
  if (isEntry && node.type === 'object' && 'properties' in node) {
    written.properties = { ...(written.properties as Node), when: WHEN };
  }
  if ((node.type === 'integer' || node.type === 'number') && !('const' in node)) {
    const { description, ...number } = written;
    return { ...(description === undefined ? {} : { description }), anyOf: [number, TEMPLATE] };
  }
  return written;
}

function propertiesOf(properties: Node): Node {
  return Object.fromEntries(Object.entries(properties).map(([key, inner]) => [key, asWritten(inner, false)]));
}
