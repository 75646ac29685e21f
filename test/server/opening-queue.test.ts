import { expect, test } from 'vitest';
import { createOpeningQueue } from '../../server/src/sessions/opening-queue.ts';

test('only so many run at once; the others are told how many are ahead, in order', async () => {
  const queue = createOpeningQueue(2);
  let running = 0;
  let most = 0;
  const release: (() => void)[] = [];
  const ahead: number[][] = Array.from({ length: 5 }, () => []);
  const finished: number[] = [];
  const all = ahead.map((seen, index) =>
    queue
      .run(
        async () => {
          running += 1;
          most = Math.max(most, running);
          await new Promise<void>((resolve) => release.push(resolve));
          running -= 1;
        },
        (count) => seen.push(count),
      )
      .then(() => finished.push(index)),
  );
  while (finished.length < 5) {
    release.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(all);
  expect(most).toBe(2);
  expect(finished).toEqual([0, 1, 2, 3, 4]);
  expect(ahead).toEqual([[], [], [1], [2, 1], [3, 2, 1]]);
});

test('a task that fails makes room for the next', async () => {
  const queue = createOpeningQueue(1);
  const first = queue.run(
    () => Promise.reject(new Error('no')),
    () => undefined,
  );
  const second = queue.run(
    () => Promise.resolve('yes'),
    () => undefined,
  );
  await expect(first).rejects.toThrow('no');
  await expect(second).resolves.toBe('yes');
});
