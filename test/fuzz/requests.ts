/** Requests of every API and version, drawn from a seed: well-formed but odd, damaged, cut short, or plain noise. */
import { type Api, apis, encodeBatch } from '@brokerlab/broker/messages';
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

const CONFIGS = [
  'retention.ms',
  'cleanup.policy',
  'min.insync.replicas',
  'consumer.session.timeout.ms',
  'no.such',
];
const ALL = [...apis.values()];
/** Two in a hundred go to the wrong listener: APIs that it does not have. */
const OF_LISTENER = {
  broker: ALL.filter(({ listeners }) => listeners.includes('broker')),
  controller: ALL.filter(({ listeners }) => listeners.includes('controller')),
};
const NUMBERS_OF_BITS = new Map(
  [8, 15, 16, 32].map((bits) => [bits, ODD_NUMBERS.filter((one) => Math.abs(one) < 2 ** (bits - 1))]),
);

export class RequestSource {
  readonly #random: Random;
  readonly #known: Known;

  constructor(random: Random, known: Known) {
    this.#random = random;
    this.#known = known;
  }

  /** A whole frame, length included. `listener` says who will get it, so that most are for it. */
  next(listener: 'broker' | 'controller', correlationId: number): Buffer {
    const random = this.#random;
    if (random.chance(0.05)) return this.#noise();
    const api = random.pick(random.chance(0.02) ? ALL : OF_LISTENER[listener]);
    const bytes = this.#request(api, correlationId);
    if (random.chance(0.02)) bytes.writeInt16BE(random.between(-2, api.versions[1] + 3), 6);
    return random.chance(0.5) ? bytes : this.#damage(bytes);
  }

  #request(api: Api, correlationId: number): Buffer {
    const version = this.#random.between(...api.versions);
    const body = this.#struct(api.request.type, version);
    return encodeRequest(api.request, version, { correlationId, clientId: 'mutant', body });
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
    const odd = this.#random.pick([
      -1,
      2 ** 31 - 1,
      this.#random.between(0, 2 ** 31 - 1),
      bytes.length + 100,
    ]);
    bytes.writeInt32BE(this.#random.chance(0.1) ? odd : bytes.length - 4);
    // An API that is nearly one.
    if (bytes.length >= 8 && this.#random.chance(0.5)) bytes.writeInt16BE(this.#random.between(-1, 100), 4);
    return bytes;
  }

  #struct(type: AnyType, version: number, owner = ''): Record<string, unknown> {
    const value: Record<string, unknown> = {};
    // A setting's name is not a topic's.
    const prefix = /config/i.test(owner) ? 'config.' : '';
    for (const [name, field] of Object.entries(type.shape.fields ?? {}) as [string, AnyType][]) {
      const { since, until } = field.options;
      if (version < since || version > until) continue;
      value[name] = this.#random.chance(0.1) ? field.fallback() : this.#field(prefix + name, field, version);
    }
    return value;
  }

  #field(name: string, field: AnyType, version: number): unknown {
    const random = this.#random;
    const { shape } = field;
    if (shape.nullableSince !== undefined && shape.nullableSince <= version && random.chance(0.1))
      return null;
    switch (shape.kind) {
      case 'struct':
        return this.#struct(field, version, name);
      case 'array': {
        const element = {
          shape: shape.element,
          fallback: () => undefined,
          options: {},
        } as unknown as AnyType;
        const length = random.pick([0, 1, 1, 1, 2, 3]);
        return Array.from({ length }, () => this.#field(name, element, version));
      }
      case 'bytes':
        // Of an Envelope: what a broker would send on.
        if (name === 'requestData' && random.chance(0.8)) {
          return this.#request(random.pick(OF_LISTENER.controller), 1).subarray(4);
        }
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
        return this.#number(BITS[shape.kind] ?? 15);
    }
  }

  #string(name: string): string {
    const { topics, groups } = this.#known;
    const random = this.#random;
    if (random.chance(0.2)) return random.pick(ODD_STRINGS);
    if (/group/i.test(name)) return random.pick(groups);
    if (/config/i.test(name)) return random.pick(CONFIGS);
    return random.pick(/topic|name/i.test(name) ? topics : [...groups, 'member-1', 'retention.ms']);
  }

  #number(bits: number): number {
    const random = this.#random;
    if (random.chance(0.8)) return random.pick(NUMBERS_OF_BITS.get(bits)!);
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
