import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { labJsonSchema } from '../../../grader/src/lab/json-schema.ts';

it('is what labs/lab.schema.json holds: npm run labs -- schema > labs/lab.schema.json', () => {
  const file = join(import.meta.dirname, '../../../labs/lab.schema.json');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(labJsonSchema())));
});
