/** Hidden input: drawn anew for each run, so that nothing can be written down beforehand. */
import type { ProgramInput } from '../checks/verdict.ts';
import type { ProgramCheck } from '../lab/schema.ts';

export function drawInputs(
  input: NonNullable<ProgramCheck['input']>,
  { random, resumes }: { random: (bound: number) => number; resumes: boolean },
): ProgramInput[] {
  const middle = resumes ? Math.floor(input.records / 2) : 0;
  return Array.from({ length: input.records }, (_, index) => {
    const n = index + 1;
    const id = Array.from({ length: 10 }, () => random(36).toString(36)).join('');
    const key = input.keys === 0 ? null : `k${random(input.keys) + 1}`;
    const poison = input.poison !== undefined && n % input.poison.every === 0;
    const template = poison ? (input.poison?.value ?? '') : input.value;
    const value = template
      .replaceAll('{n}', String(n))
      .replaceAll('{id}', id)
      .replaceAll('{key}', key ?? '');
    return { n, id, key, value, poison, expected: index >= middle };
  });
}

export function inputRecord({ key, value }: ProgramInput): { key: string | null; value: string } {
  return { key, value };
}
