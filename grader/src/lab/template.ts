/**
 * `{{name}}` and `{{name|filter}}` in a lab's texts and values. Filters: a Korean particle (`{{topic|을}}`: the value
 * and the fitting particle; inside backticks the particle moves behind the closing one) and `number` (3,600,000). Two braces that are meant as such are written {{"{{"}}.
 */
import { isParticle, particleAfter } from './josa.ts';
import type { Parameters, ParameterValue } from './schema.ts';

const TEMPLATE = /\{\{"\{\{"\}\}|\{\{\s*([^{}|]*?)\s*(?:\|\s*([^{}|]*?)\s*)?\}\}(`?)/g;
/** What stands for two braces that begin no template. */
const BRACES = '{{"{{"}}';
const WHOLE = /^\{\{\s*([A-Za-z0-9]+)\s*\}\}$/;

export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** So that `fillText` gives the text back as it is. */
export function escapeTemplates(text: string): string {
  return text.replaceAll('{{', BRACES);
}

export function fillText(text: string, parameters: Parameters): string {
  return text.replace(TEMPLATE, (...found) => {
    const [whole, name, filter, tick] = found as unknown as [string, string, string | undefined, string];
    if (whole === BRACES) return '{{';
    const value = lookUp(name, parameters);
    if (filter === undefined) return `${value}${tick}`;
    if (filter === 'number') return `${formatNumber(value)}${tick}`;
    if (!isParticle(filter)) {
      throw new TemplateError(
        `{{${name}|${filter}}}: ${filter} is no filter. Use a particle such as 을, 이, 은, 으로, or number.`,
      );
    }
    const particle = particleAfter(String(value), filter);
    const closesCode = tick !== '' && insideCode(text, found.at(-2) as number);
    return closesCode ? `${value}${tick}${particle}` : `${value}${particle}${tick}`;
  });
}

function insideCode(text: string, position: number): boolean {
  return (text.slice(0, position).split('`').length - 1) % 2 === 1;
}

/** Fills every string in plain JSON; a string that is one whole `{{name}}` becomes the value itself, a number too. */
export function fillValue(value: unknown, parameters: Parameters): unknown {
  if (typeof value === 'string') {
    const whole = WHOLE.exec(value)?.[1];
    return whole === undefined ? fillText(value, parameters) : lookUp(whole, parameters);
  }
  if (Array.isArray(value)) return value.map((item) => fillValue(item, parameters));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [fillText(key, parameters), fillValue(item, parameters)]),
  );
}

/**
 * An entry of a list that says `when: { illness: offline }` (or `[offline, skewed]`) is there only for trainees whose
 * parameters say so. Without parameters every entry stays, and only the `when` goes.
 */
export function onlyWhen(value: unknown, parameters: Parameters | null): unknown {
  if (Array.isArray(value)) {
    return value.flatMap((item) => {
      if (typeof item !== 'object' || item === null || !('when' in item)) return [onlyWhen(item, parameters)];
      const { when, ...rest } = item as { when: unknown };
      return parameters === null || fitsWhen(when, parameters) ? [onlyWhen(rest, parameters)] : [];
    });
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, onlyWhen(item, parameters)]));
}

function fitsWhen(when: unknown, parameters: Parameters): boolean {
  if (typeof when !== 'object' || when === null)
    throw new TemplateError('when must name a parameter and its value.');
  return Object.entries(when).every(([name, wanted]) => {
    const value = String(lookUp(name, parameters));
    return Array.isArray(wanted) ? wanted.map(String).includes(value) : String(wanted) === value;
  });
}

function lookUp(name: string, parameters: Parameters): ParameterValue {
  const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (value !== undefined) return value;
  const known = Object.keys(parameters).join(', ');
  throw new TemplateError(
    `{{${name}}} is no parameter of this lab. ${known ? `There are ${known}.` : 'The lab has none.'}`,
  );
}

function formatNumber(value: ParameterValue): string {
  return Number(value).toLocaleString('en-US');
}
