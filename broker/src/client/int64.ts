/** The one place where the wire's int64 becomes a number and back: exact to 2^53, which offsets and times are. */

export function fromInt64(value: bigint): number {
  return Number(value);
}

export function toInt64(value: number): bigint {
  return BigInt(Math.trunc(value));
}
