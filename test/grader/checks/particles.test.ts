/** No sentence of a verdict writes a particle behind a value by hand: `1예요` and `3이에요` are for josa.ts to tell apart. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { judgeLog } from '../../../grader/src/checks/topic-log.ts';
import type { TopicCheck } from '../../../grader/src/lab/schema.ts';

const CHECKS = join(import.meta.dirname, '../../../grader/src/checks');
const BY_HAND = /\$\{[^\n]*?\}(은|는|이|가|을|를|과|와|로|으로|예요|이에요)(?![가-힣])/;

it('leaves particles behind values to josa.ts', () => {
  const found = readdirSync(CHECKS).flatMap((file) =>
    readFileSync(join(CHECKS, file), 'utf8')
      .split('\n')
      .flatMap((line, index) => (BY_HAND.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
  );
  expect(found).toEqual([]);
});

it.each([
  [1, '1이에요'],
  [2, '2예요'],
  [10, '10이에요'],
])('says of a first offset of %i that it is %s', (startOffset, said) => {
  const check = { id: 'cut', kind: 'topic', topic: 'logs', startOffset: 99 } as unknown as TopicCheck;
  const partition = { partition: 0, leader: 1, replicas: [1], isr: [1], startOffset, endOffset: 100 };
  const [condition] = judgeLog(check, { name: 'logs', partitions: [partition] } as never);
  expect(condition?.message.ko).toContain(`첫 오프셋은 지금 ${said}.`);
});
