/** JSON files as Kafka's tools read them, with the sentences they refuse one by. */
import { JavaError } from './java-error.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

/** `null`: no JSON. */
export function parseJson(text: string): Json | null {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

export function asObject(value: Json): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw mappingError(`Expected JSON object, received ${JSON.stringify(value)}`);
  }
  return value as JsonObject;
}

export function asArray(value: Json): readonly Json[] {
  if (!Array.isArray(value)) throw mappingError(`Expected JSON array, received ${JSON.stringify(value)}`);
  return value;
}

function field(object: JsonObject, name: string): Json {
  const value = object[name];
  if (value === undefined) throw mappingError(`No such field exists: \`${name}\``);
  return value;
}

export function textField(object: JsonObject, name: string): string {
  return asText(field(object, name));
}

export function asText(value: Json): string {
  if (typeof value !== 'string') throw unexpected('String', value);
  return value;
}

const int32Most = 2 ** 31 - 1;

export function intField(object: JsonObject, name: string): number {
  return asInt(field(object, name));
}

export function asInt(value: Json): number {
  const fits = typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= int32Most;
  if (!fits) throw unexpected('Integer', value);
  return value;
}

export function longField(object: JsonObject, name: string): number {
  const value = field(object, name);
  if (typeof value !== 'number' || !Number.isInteger(value)) throw unexpected('Long', value);
  return value;
}

function unexpected(type: string, value: Json): JavaError {
  return mappingError(`Expected \`${type}\` value, received ${JSON.stringify(value)}`);
}

function mappingError(text: string): JavaError {
  return new JavaError('com.fasterxml.jackson.databind.JsonMappingException', text);
}

export function operationError(text: string, cause: JavaError | null = null): JavaError {
  return new JavaError('org.apache.kafka.tools.AdminOperationException', text, cause);
}

export function commandFailed(
  text: string,
  cause: JavaError | null = null,
  suppressed: readonly JavaError[] = [],
): JavaError {
  return new JavaError('org.apache.kafka.tools.AdminCommandFailedException', text, cause, suppressed);
}
