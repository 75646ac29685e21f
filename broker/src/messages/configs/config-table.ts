/**
 * Configuration as data: which names there are, of which type, with which default, and whether a value is one.
 * Error texts are those of Kafka's ConfigDef, since tools print them.
 */
import { brokerConfigRows } from './broker-configs.ts';
import {
  clientMetricsConfigRows,
  groupConfigRows,
  throttleConfigRows,
  topicConfigRows,
} from './topic-configs.ts';

export type ConfigType =
  | 'BOOLEAN'
  | 'STRING'
  | 'INT'
  | 'SHORT'
  | 'LONG'
  | 'DOUBLE'
  | 'LIST'
  | 'CLASS'
  | 'PASSWORD';

export type ConfigRow =
  | readonly [name: string, type: ConfigType, byDefault: string | null]
  | readonly [name: string, type: ConfigType, byDefault: string | null, traits: ConfigTraits];

interface ConfigTraits {
  /** `[low,...]`, `[low,...,high]`, `[one, other]`, in Kafka's own notation. */
  readonly valid?: string;
  /** Broker configs that can be changed while it runs; left out: only in its file. */
  readonly update?: 'per-broker' | 'cluster-wide';
  /** Settable, but never shown. */
  readonly internal?: boolean;
  /** Broker configs that give a topic config its default, the first one set wins. */
  readonly synonyms?: readonly string[];
}

export interface ConfigDefinition {
  readonly name: string;
  readonly type: ConfigType;
  readonly byDefault: string | null;
  readonly valid: string;
  readonly update: 'read-only' | 'per-broker' | 'cluster-wide';
  readonly internal: boolean;
  readonly synonyms: readonly string[];
}

export type ConfigTable = ReadonlyMap<string, ConfigDefinition>;

function table(rows: readonly ConfigRow[]): ConfigTable {
  return new Map(
    rows.map(([name, type, byDefault, traits]) => [
      name,
      {
        name,
        type,
        byDefault,
        valid: traits?.valid ?? '',
        update: traits?.update ?? 'read-only',
        internal: traits?.internal ?? false,
        synonyms: traits?.synonyms ?? [],
      },
    ]),
  );
}

export const brokerConfigs: ConfigTable = table(brokerConfigRows);
export const topicConfigs: ConfigTable = table(topicConfigRows);
export const groupConfigs: ConfigTable = table(groupConfigRows);
export const clientMetricsConfigs: ConfigTable = table(clientMetricsConfigRows);
export const throttleConfigs: ConfigTable = table(throttleConfigRows);

/** Null when `value` may stand for this config, else Kafka's sentence about it. */
export function configError(definition: ConfigDefinition, value: string): string | null {
  const invalid = `Invalid value ${value} for configuration ${definition.name}: `;
  const text = value.trim();
  switch (definition.type) {
    case 'BOOLEAN':
      return /^(true|false)$/i.test(text) ? null : `${invalid}Expected value to be either true or false`;
    case 'INT':
    case 'SHORT':
    case 'LONG':
      if (!isInteger(text, definition.type)) return `${invalid}Not a number of type ${definition.type}`;
      return rangeError(definition, BigInt(text));
    case 'DOUBLE':
      if (text === '' || Number.isNaN(Number(text))) return `${invalid}Not a number of type DOUBLE`;
      return rangeError(definition, Number(text));
    case 'LIST':
      return listError(definition, text);
    default:
      return choiceError(definition, text);
  }
}

const integerBits = { SHORT: 16n, INT: 32n, LONG: 64n };

function isInteger(text: string, type: 'INT' | 'SHORT' | 'LONG'): boolean {
  if (!/^[+-]?\d{1,20}$/.test(text)) return false;
  const bound = 1n << (integerBits[type] - 1n);
  const number = BigInt(text.replace('+', ''));
  return number >= -bound && number < bound;
}

function rangeError(definition: ConfigDefinition, value: number | bigint): string | null {
  const range = /^\[([^,]+),\.\.\.(?:,([^\]]+))?\]( or -1)?$/.exec(definition.valid);
  if (!range) return null;
  const [, low, high, orMinusOne] = range;
  const shown = definition.type === 'DOUBLE' ? shownValue(definition, String(value)) : value;
  const invalid = `Invalid value ${shown} for configuration ${definition.name}: Value must be `;
  if (orMinusOne && Number(value) === -1) return null;
  if (value < Number(low)) return `${invalid}at least ${low}`;
  if (high !== undefined && value > Number(high)) return `${invalid}no more than ${high}`;
  return null;
}

function choices(definition: ConfigDefinition): readonly string[] | null {
  const match = /^i?\[([A-Za-z][^\]:]*)\]$/.exec(definition.valid);
  return match ? (match[1] as string).split(', ') : null;
}

function choiceError(definition: ConfigDefinition, text: string): string | null {
  if (definition.name === 'share.auto.offset.reset') return resetError(definition.name, text);
  const allowed = choices(definition);
  if (allowed === null) return null;
  const ignoreCase = definition.valid.startsWith('i');
  const found = allowed.some(
    (one) => one === text || (ignoreCase && one.toLowerCase() === text.toLowerCase()),
  );
  const must = ignoreCase ? 'String must be one of (case insensitive)' : 'String must be one of';
  return found
    ? null
    : `Invalid value ${text} for configuration ${definition.name}: ${must}: ${allowed.join(', ')}`;
}

function listError(definition: ConfigDefinition, text: string): string | null {
  const items = parseList(text);
  if (definition.valid.startsWith('[partitionId]')) {
    const fine = items.join() === '*' || items.every((item) => /^\d+:\d+$/.test(item));
    return fine
      ? null
      : `Invalid value [${items.join(', ')}] for configuration ${definition.name}: ${definition.name} must be the literal '*' or a list of replicas in the following format: [partitionId]:[brokerId],[partitionId]:[brokerId],...`;
  }
  const allowed = choices(definition);
  const unknown = allowed && items.find((item) => !allowed.includes(item));
  return unknown === undefined || unknown === null
    ? null
    : `Invalid value ${unknown} for configuration ${definition.name}: String must be one of: ${allowed?.join(', ')}`;
}

export function parseList(text: string): readonly string[] {
  const trimmed = text.trim();
  return trimmed === '' ? [] : trimmed.split(/\s*,\s*/);
}

function resetError(name: string, text: string): string | null {
  if (/^(earliest|latest|by_duration:P[0-9DTHMS.]+)$/.test(text)) return null;
  return (
    `Invalid value ${text} for configuration ${name}: Invalid value \`${text}\` for configuration ${name}. ` +
    "The value must be either 'earliest', 'latest' or of the format 'by_duration:<PnDTnHnMn.nS>'."
  );
}

/** A value as Kafka shows it once parsed: numbers and booleans in their plain form, lists without blanks. */
export function shownValue(definition: ConfigDefinition, value: string): string {
  const text = value.trim();
  switch (definition.type) {
    case 'BOOLEAN':
      return text.toLowerCase();
    case 'DOUBLE':
      return /^-?\d+$/.test(text) ? `${text}.0` : text;
    case 'LIST':
      return parseList(text).join(',');
    case 'PASSWORD':
      return value;
    default:
      return text;
  }
}
