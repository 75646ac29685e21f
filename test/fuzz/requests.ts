/** Requests of every API and version, drawn from a seed: well-formed but odd, damaged, cut short, or plain noise. */
import { apis, encodeBatch } from '@brokerlab/broker/messages';
import { encodeRequest, type Type } from '@brokerlab/broker/wire';
import type { Random } from '../sim/random.ts';

// biome-ignore lint/suspicious/noExplicitAny: walks declarations of any type
type AnyType = Type<any, any>;

/** What makes a request meet something that exists, so that it gets further than a name check. */
export interface Known {
  readonly topics: readonly string[];
  readonly topicIds: readonly string[];
  readonly groups: readonly string[];
}

const ODD_STRINGS = [
  '',
  '..',
  'a b',
  '주문',
  'x'.repeat(300),
  '__consumer_offsets',
  'range',
  'consumer',
  'Classic',
];
const ODD_NUMBERS = [0, 1, -1, 2, -2, 3, 5, 1000, 60_000];
const BITS: Readonly<Record<string, number>> = { int8: 8, int16: 16, int32: 32 };

export class RequestSource {
  readonly #random: Random;
  readonly #known: Known;
  readonly #apis = [...apis.values()];

  constructor(random: Random, known: Known) {
    this.#random = random;
    this.#known = known;
  }

  /** A whole frame, length included. `listener` says who will get it, so that most are for it. */
  next(listener: 'broker' | 'controller', correlationId: number): Buffer {
    const random = this.#random;
    if (random.chance(0.05)) return this.#noise();
    const api = random.pick(this.#apis);
    const foreign = !api.listeners.includes(listener);
    if (foreign && !random.chance(0.02)) return this.next(listener, correlationId);
    const version = random.between(...api.versions);
    const flexible = version >= api.request.flexibleFrom;
    const body = this.#struct(api.request.type, version, flexible);
    const bytes = encodeRequest(api.request, version, { correlationId, clientId: 'mutant', body });
    return random.chance(0.5) ? bytes : this.#damage(bytes);
  }

  #damage(bytes: Buffer): Buffer {
    const random = this.#random;
    const room = bytes.length - 8;
    if (room <= 0) return bytes;
    for (let count = random.between(1, 4); count > 0; count--) {
      bytes[8 + random.between(0, room - 1)] = random.between(0, 255);
    }
    if (!random.chance(0.1)) return bytes;
    const cut = bytes.subarray(0, 4 + random.between(1, bytes.length - 5));
    cut.writeInt32BE(cut.length - 4);
    return cut;
  }

  #noise(): Buffer {
    const bytes = Buffer.alloc(4 + this.#random.between(1, 200));
    for (let at = 4; at < bytes.length; at++) bytes[at] = this.#random.between(0, 255);
    bytes.writeInt32BE(this.#random.chance(0.05) ? this.#random.between(-1, 2 ** 31 - 1) : bytes.length - 4);
    return bytes;
  }

  #struct(type: AnyType, version: number, flexible: boolean): Record<string, unknown> {
    const value: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(type.shape.fields ?? {}) as [string, AnyType][]) {
      const { since, until } = field.options;
      if (version < since || version > until) continue;
      value[name] = this.#random.chance(0.1) ? field.fallback() : this.#field(name, field, version, flexible);
    }
    return value;
  }

  #field(name: string, field: AnyType, version: number, flexible: boolean): unknown {
    const random = this.#random;
    const { shape } = field;
    if (shape.nullableSince !== undefined && shape.nullableSince <= version && random.chance(0.1))
      return null;
    switch (shape.kind) {
      case 'struct':
        return this.#struct(field, version, flexible);
      case 'array': {
        const element = {
          shape: shape.element,
          fallback: () => undefined,
          options: {},
        } as unknown as AnyType;
        const length = random.pick([0, 1, 1, 1, 2, 3]);
        return Array.from({ length }, () => this.#field(name, element, version, flexible));
      }
      case 'bytes':
        return Buffer.alloc(random.between(0, 40), random.between(0, 255));
      case 'records':
        return this.#records();
      case 'bool':
        return random.chance(0.5);
      case 'uuid':
        return random.chance(0.5) ? random.pick(this.#known.topicIds) : random.uuid();
      case 'string':
        return this.#string(name);
      case 'uint16':
      case 'uint32':
        return Math.abs(this.#number(16));
      case 'float64':
        return random.next() * 100;
      case 'int64':
        return BigInt(this.#number(32));
      default:
        // The one broker stays registered: a cluster without brokers can serve nobody.
        if (name === 'brokerId') return 1 + Math.abs(this.#number(8)) + 1;
        return this.#number(BITS[shape.kind] ?? 15);
    }
  }

  #string(name: string): string {
    const { topics, groups } = this.#known;
    const random = this.#random;
    if (random.chance(0.2)) return random.pick(ODD_STRINGS);
    if (/group/i.test(name)) return random.pick(groups);
    return random.pick(/topic|name/i.test(name) ? topics : [...groups, 'member-1', 'retention.ms']);
  }

  #number(bits: number): number {
    const random = this.#random;
    if (random.chance(0.8)) return random.pick(ODD_NUMBERS.filter((one) => Math.abs(one) < 2 ** (bits - 1)));
    return random.between(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1);
  }

  #records(): Buffer {
    const random = this.#random;
    const value = Buffer.alloc(random.between(0, 50), 'v');
    const batch = encodeBatch({ timestamp: Date.now(), records: [{ key: Buffer.from('key'), value }] });
    if (random.chance(0.6)) return batch;
    const damaged = Buffer.from(batch);
    damaged[random.between(0, damaged.length - 1)] = random.between(0, 255);
    return damaged;
  }
}
