/**
 * What goes wrong while bytes are read or written, as a closed list of codes.
 * `path` names the field (`topics[2].partitions[0].records`), `offset` the byte at which reading stopped.
 */
export type WireErrorCode =
  | 'truncated'
  | 'bad-length'
  | 'bad-varint'
  | 'bad-value'
  | 'unsupported-version'
  | 'unknown-api'
  | 'not-nullable';

export class WireError extends Error {
  readonly code: WireErrorCode;
  readonly offset: number;
  readonly reason: string;
  path: string;

  constructor(code: WireErrorCode, reason: string, offset = -1) {
    super(reason);
    this.name = 'WireError';
    this.code = code;
    this.reason = reason;
    this.offset = offset;
    this.path = '';
  }

  /** Adds the name of an enclosing field or index in front of the path, while the error travels outwards. */
  within(segment: string): this {
    const joint = this.path === '' || this.path.startsWith('[') ? '' : '.';
    this.path = `${segment}${joint}${this.path}`;
    this.message = `${this.reason} (at ${this.path}${this.offset >= 0 ? `, byte ${this.offset}` : ''})`;
    return this;
  }
}
