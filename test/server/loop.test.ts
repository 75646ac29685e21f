import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Loop } from '../../server/src/grading/loop.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function counted(options: { lookMs?: number; pollMs?: number } = {}) {
  const counts = { looks: 0, errors: 0, fail: false };
  const loop = new Loop({
    async look() {
      counts.looks += 1;
      if (options.lookMs) await new Promise((resolve) => setTimeout(resolve, options.lookMs));
      if (counts.fail) throw new Error('the cluster is away');
    },
    pauseMs: 20,
    pollMs: options.pollMs ?? 1_000,
    onError: () => {
      counts.errors += 1;
    },
  });
  return { loop, counts };
}

test('a change is looked at at once', async () => {
  const { loop, counts } = counted();
  await vi.advanceTimersByTimeAsync(1_000);
  loop.wake();
  expect(counts.looks).toBe(1);
});

test('without a change and without anybody there is no look', async () => {
  const { counts } = counted();
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(counts.looks).toBe(0);
});

test('changes during a look are looked at once more, together', async () => {
  const { loop, counts } = counted({ lookMs: 100 });
  loop.wake();
  for (let change = 0; change < 50; change += 1) {
    await vi.advanceTimersByTimeAsync(1);
    loop.wake();
  }
  await vi.advanceTimersByTimeAsync(10_000);
  expect(counts.looks).toBe(2);
});

test('a stream of changes is looked at no more often than the pause allows', async () => {
  const { loop, counts } = counted();
  for (let ms = 0; ms < 1_000; ms += 1) {
    loop.wake();
    await vi.advanceTimersByTimeAsync(1);
  }
  expect(counts.looks).toBeLessThanOrEqual(51);
  expect(counts.looks).toBeGreaterThan(40);
});

test('while somebody watches it looks now and then, and stops when they leave', async () => {
  const { loop, counts } = counted({ pollMs: 1_000 });
  loop.watch(true);
  await vi.advanceTimersByTimeAsync(5_050);
  expect(counts.looks).toBe(5);
  loop.watch(false);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(counts.looks).toBe(5);
});

test('a look that fails is reported and the next one is made', async () => {
  const { loop, counts } = counted();
  counts.fail = true;
  loop.wake();
  await vi.advanceTimersByTimeAsync(100);
  counts.fail = false;
  loop.wake();
  await vi.advanceTimersByTimeAsync(100);
  expect(counts).toMatchObject({ looks: 2, errors: 1 });
});

test('lookNow waits for a look that began after it was asked', async () => {
  const { loop, counts } = counted({ lookMs: 100 });
  loop.wake();
  await vi.advanceTimersByTimeAsync(50);
  let done = false;
  const asked = loop.lookNow().then(() => {
    done = true;
  });
  await vi.advanceTimersByTimeAsync(60);
  expect(done).toBe(false);
  await vi.advanceTimersByTimeAsync(200);
  await asked;
  expect(counts.looks).toBeGreaterThanOrEqual(2);
});

test('after stop there are no more looks', async () => {
  const { loop, counts } = counted({ lookMs: 10 });
  loop.watch(true);
  loop.wake();
  const stopped = loop.stop();
  await vi.advanceTimersByTimeAsync(10);
  await stopped;
  loop.wake();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(counts.looks).toBe(1);
});
