import { defineConfig } from 'vitest/config';

/** Rooms whose tests start no process, browser or cluster: run by `npm run check` too. */
const UNIT = [
  'wire',
  'messages',
  'storage',
  'partition',
  'group',
  'raft',
  'controller',
  'transaction',
  'grader/checks',
  'grader/lab',
  'tidy',
  'web',
];

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: UNIT.map((room) => `test/${room}/**/*.test.ts`),
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: ['test/**/*.test.ts'],
          exclude: UNIT.map((room) => `test/${room}/**`),
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
