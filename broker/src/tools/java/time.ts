/** Times as the tools accept them: ISO 8601 date-times and durations. */
import { JavaError, runtime } from './java-error.ts';

/** `2026-11-23T07:36:28.640`, in UTC unless a zone follows; milliseconds since 1970. */
export function parseDateTime(text: string): number {
  if (!text.includes('T')) {
    throw parseFailure("Error parsing timestamp. It does not contain a 'T' according to ISO8601 format");
  }
  const match =
    /^(\d{1,4})-(\d{1,2})-(\d{1,2})T(\d{1,2}):(\d{1,2}):(\d{1,2})\.(\d{1,3})(Z|[+-]\d{2}(?::?\d{2})?)?$/.exec(
      text,
    );
  if (match === null) throw unparseable(text);
  const [, year, month, day, hour, minute, second, fraction, zone = 'Z'] = match;
  const time = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(fraction),
  );
  const date = new Date(time);
  const inRange =
    date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day) && Number(hour) < 24;
  if (!inRange || Number(minute) > 59 || Number(second) > 59) throw unparseable(text);
  return time - zoneOffsetMs(zone);
}

function zoneOffsetMs(zone: string): number {
  if (zone === 'Z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  const digits = zone.slice(1).replace(':', '');
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || 0)) * 60_000;
}

function unparseable(text: string): JavaError {
  const zoned = /[+Z-]/.test(text.split('T')[1] ?? '') ? text : `${text}Z`;
  return parseFailure(`Unparseable date: "${zoned}"`);
}

function parseFailure(text: string): JavaError {
  return runtime(new JavaError('java.text.ParseException', text));
}

/** `P1DT2H3M4.5S` → milliseconds. */
export function parseDuration(text: string): number {
  const match =
    /^([+-]?)P(?:([+-]?\d+)D)?(T(?:([+-]?\d+)H)?(?:([+-]?\d+)M)?(?:([+-]?\d+(?:[.,]\d{0,9})?)S)?)?$/i.exec(
      text,
    );
  const [, sign, days, time, hours, minutes, seconds] = match ?? [];
  const nothing = match === null || time?.toUpperCase() === 'T' || (days === undefined && time === undefined);
  if (nothing) {
    throw new JavaError('java.time.format.DateTimeParseException', 'Text cannot be parsed to a Duration');
  }
  const total =
    Number(days ?? 0) * 86_400_000 +
    Number(hours ?? 0) * 3_600_000 +
    Number(minutes ?? 0) * 60_000 +
    Number((seconds ?? '0').replace(',', '.')) * 1_000;
  return Math.trunc(sign === '-' ? -total : total);
}
