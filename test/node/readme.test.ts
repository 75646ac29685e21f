import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');

it('the package’s README shows the example that runs beside this test, for Vitest and for Jest', () => {
  const example = read('./readme-example.test.ts');
  const blocks = [...read('../../broker/README.md').matchAll(/```ts\n([\s\S]*?)```/g)].map(
    ([, code]) => code,
  );
  expect(blocks[0]).toBe(example);
  const afterImports = (code: string) => code.slice(code.indexOf('const clock'));
  expect(afterImports(blocks[1]!)).toBe(afterImports(example));
  expect(blocks[1]).toContain("from '@jest/globals'");
});
