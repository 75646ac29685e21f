import type { Type } from '../../broker/src/wire/schema.ts';

// biome-ignore lint/suspicious/noExplicitAny: walks declarations of any type
type AnyType = Type<any, any>;

const SAMPLES: Record<string, unknown> = {
  bool: true,
  int8: -3,
  int16: 1234,
  uint16: 54_321,
  int32: -70_000,
  uint32: 4_000_000_000,
  int64: -5_000_000_000n,
  float64: 2.5,
  uuid: 'XhyYUiSoSLi4vdjNzu1F9A',
  string: '주문 orders',
};

/** A value in which every field that `version` has differs from its default, and every other field holds it. */
export function sampleOf(type: AnyType, version: number, flexible: boolean): Record<string, unknown> {
  const fields = type.shape.fields!;
  const value: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const { since, until } = field.options;
    value[name] =
      version < since || version > until ? field.fallback() : sampleField(field, version, flexible);
  }
  return value;
}

function sampleField(field: AnyType, version: number, flexible: boolean): unknown {
  const { shape } = field;
  if (shape.kind === 'struct') return sampleOf(field, version, flexible);
  if (shape.kind === 'bytes' || shape.kind === 'records') return Buffer.from('값 and value');
  if (shape.kind === 'array') {
    const element = { shape: shape.element, fallback: () => undefined, options: {} } as unknown as AnyType;
    return [sampleField(element, version, flexible), sampleField(element, version, flexible)];
  }
  const sample = SAMPLES[shape.kind];
  if (shape.kind === 'bool') return shape.default !== true;
  return sample;
}
