/** `labs schema`: the JSON Schema of lab.yaml, as `labs/lab.schema.json` holds it. */
import { labJsonSchema } from '../lab/json-schema.ts';
import type { Surroundings } from './surroundings.ts';

export function runSchema({ print }: Pick<Surroundings, 'print'>): number {
  print(schemaText());
  return 0;
}

function schemaText(): string {
  return JSON.stringify(labJsonSchema());
}
