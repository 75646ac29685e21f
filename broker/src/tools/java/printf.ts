/** The little of Java's formatting that the tools use. */

/** `%-Ns` of Java: pads by UTF-16 length, never cuts. */
export function left(text: string | number, width: number): string {
  return String(text).padEnd(width);
}

/** `Double.toString`: always with a fraction; scientific outside 10^-3 … 10^7. */
export function javaDouble(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-3 || size >= 1e7)) {
    const [digits, exponent] = value.toExponential().split('e') as [string, string];
    return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
  }
  return Number.isInteger(value) ? `${Object.is(value, -0) ? '-0' : value}.0` : String(value);
}

/** `[2026-11-23 07:36:28,640]`, local time, as log4j writes `[%d]`. */
export function logTime(now: Date): string {
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const time = `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
  return `[${day} ${time},${String(now.getMilliseconds()).padStart(3, '0')}]`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
