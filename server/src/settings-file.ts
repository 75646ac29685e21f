/** A file of settings, as JSON, held against its schema. */
import type { z } from 'zod';

/** Throws an Error with one sentence: the first mistake, and where it is. */
export function parseSettings<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  file: string,
): z.infer<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(
    `${file}: ${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'not as it should be'}.`,
  );
}
