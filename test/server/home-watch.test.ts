import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHomeWatch } from '../../server/src/agent/watch.ts';
import { eventually } from '../support/eventually.ts';

let home: string;
let told: string[];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'brokerlab-watch-'));
  told = [];
});
afterEach(() => rm(home, { recursive: true }));

const watchHome = () => createHomeWatch(home, (folders) => told.push(...folders)).start();

/** Told of it, and of nothing more: what happens next is news of its own. */
async function settled(folder: string): Promise<void> {
  await eventually(() => expect(told).toContain(folder));
  let before: number;
  do {
    before = told.length;
    await new Promise((resolve) => setTimeout(resolve, 400));
  } while (told.length > before);
  told = [];
}

test('files that were put into a new folder before it was watched are told of', async () => {
  watchHome();
  await settled('');
  mkdirSync(join(home, 'shop/deep'), { recursive: true });
  writeFileSync(join(home, 'shop/deep/producer.ts'), '');
  await eventually(() => expect(told).toContain('shop/deep'));
});

test('a folder that was made anew under its old name is watched again', async () => {
  mkdirSync(join(home, 'shop'));
  watchHome();
  await settled('shop');
  rmSync(join(home, 'shop'), { recursive: true });
  mkdirSync(join(home, 'shop'));
  await settled('shop');
  writeFileSync(join(home, 'shop/producer.ts'), '');
  await eventually(() => expect(told).toContain('shop'));
});
