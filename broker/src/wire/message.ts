/**
 * Messages: a struct with a name, a range of versions and the version from which it is flexible (KIP-482).
 */
import { Reader } from './reader.ts';
import { type Codec, type Decoded, type Input, struct, type Type } from './schema.ts';
import { WireError } from './wire-error.ts';
import { Writer } from './writer.ts';

export type VersionRange = readonly [min: number, max: number];

/** Stands for "no version is flexible". */
export const NEVER = 0x7fff;

export class Message<T, I = T> {
  readonly name: string;
  readonly versions: VersionRange;
  readonly flexibleFrom: number;
  readonly type: Type<T, I>;
  declare readonly decoded: T;
  declare readonly input: I;

  constructor(name: string, versions: VersionRange, options: { flexibleFrom: number; type: Type<T, I> }) {
    this.name = name;
    this.versions = versions;
    this.flexibleFrom = options.flexibleFrom;
    this.type = options.type;
  }

  isFlexible(version: number): boolean {
    return version >= this.flexibleFrom;
  }

  /** A value with every field at its default. */
  empty(): T {
    return this.type.fallback();
  }

  write(writer: Writer, version: number, value: I): void {
    try {
      this.#codec(version).write(writer, value as unknown as T); // missing fields take their defaults
    } catch (error) {
      throw error instanceof WireError ? error.within(this.name) : error;
    }
  }

  read(reader: Reader, version: number): T {
    try {
      return this.#codec(version).read(reader);
    } catch (error) {
      throw error instanceof WireError ? error.within(this.name) : error;
    }
  }

  encode(version: number, value: I): Buffer {
    const writer = new Writer();
    this.write(writer, version, value);
    return writer.finish();
  }

  decode(version: number, buffer: Buffer): T {
    return this.read(new Reader(buffer), version);
  }

  #codec(version: number): Codec<T> {
    if (version < this.versions[0] || version > this.versions[1]) {
      throw new WireError(
        'unsupported-version',
        `version ${version} is outside ${this.versions[0]} to ${this.versions[1]}`,
      );
    }
    return this.type.layout(version, this.isFlexible(version));
  }
}

/** A request or response of one API. */
export class ApiMessage<T, I = T> extends Message<T, I> {
  readonly key: number;

  constructor(
    key: number,
    name: string,
    options: { versions: VersionRange; flexibleFrom: number; type: Type<T, I> },
  ) {
    super(name, options.versions, options);
    this.key = key;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: fields of any type; the schema core is where types are erased
type Fields = Record<string, Type<any, any>>;

interface Declaration<F extends Fields> {
  readonly versions: VersionRange;
  readonly flexibleFrom: number;
  readonly fields: F;
}

/** Declares a request or a response of API `key`. */
export function api<F extends Fields>(key: number, name: string, declaration: Declaration<F>) {
  const type = struct(declaration.fields);
  return new ApiMessage<Decoded<typeof type>, Input<typeof type>>(key, name, { ...declaration, type });
}

/** Declares a record's key or value: a message that belongs to no API. */
export function message<F extends Fields>(name: string, declaration: Declaration<F>) {
  const type = struct(declaration.fields);
  return new Message<Decoded<typeof type>, Input<typeof type>>(name, declaration.versions, {
    flexibleFrom: declaration.flexibleFrom,
    type,
  });
}
