/** `labs import`: a Killercoda scenario becomes a lab that lint accepts and a proof passes; what is lost is told. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, runLabs } from './run-labs.ts';

const SCENARIO = join(ROOT, 'test/support/scenario');
const folder = mkdtempSync(join(tmpdir(), 'labs-import-'));
const labs = join(folder, 'labs');

beforeAll(() => {
  cpSync(SCENARIO, join(folder, 'Shopping_List'), { recursive: true });
  cpSync(join(ROOT, 'test/support/empty-course'), labs, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (path: string) => readFileSync(join(labs, path), 'utf8');

describe('labs import', () => {
  it('makes a lab of a scenario, marked as imported', async () => {
    const ran = await runLabs(['import', join(folder, 'Shopping_List'), '--labs', labs]);
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ran.stdout).toContain('2 steps; all of it was carried over.');
    expect(read('course.yaml')).toContain('shopping-list');
    const yaml = read('shopping-list/lab.yaml');
    expect(yaml).toContain('origin: killercoda');
    expect(yaml).toContain('minutes: 10');
    expect(yaml).toContain('path: shop/prices.txt');
    expect(read('shopping-list/files/verify-1.sh')).toContain('grep -qs milk $HOME/list');
    expect(read('shopping-list/files/intro-background.sh')).toContain('> $HOME/prepared');
  });

  it('turns marks into blocks, folds into hints and the solution, headings into smaller ones', () => {
    const text = read('shopping-list/en.md');
    expect(text).toContain('### What to do\n\nPut a line into `~/list`');
    expect(text).toContain('```run\necho milk > ~/list\n```');
    expect(text).toContain(
      'Look at them with `cat ~/shop/prices.txt`.\n\n```run\ncat ~/shop/prices.txt\n```',
    );
    expect(text).toContain('`{{"{{"}}.Price}}`');
    expect(text).toContain(':::hint\n`>` makes the file anew.\n:::');
    expect(text).toContain(':::solution\nOne command is enough.\n:::');
    expect(text).toContain('`Ctrl`+`C`\n\n```run\nls ~\n```');
    expect(text).toContain('## !summary\n\nLists are everywhere.');
    expect(text.indexOf('Every shop begins')).toBeGreaterThan(text.indexOf('## step-1: Write the list'));
  });

  it('passes lint', async () => {
    expect(await runLabs(['lint', 'shopping-list', '--labs', labs])).toMatchObject({ exitCode: 0 });
  });

  it('is proven: the script fails before, passes after, and its scripts and assets are there', {
    timeout: 150_000,
  }, async () => {
    const ran = await runLabs(['test', 'shopping-list', '--labs', labs, '--seeds', '1'], 140_000);
    expect(ran.stdout).toMatch(/^shopping-list seed 1: proven \(2 steps, 2 wrong answers/);
    expect(ran.exitCode).toBe(0);
  });

  it('is proven in a /tmp of its own: what lies in the machine’s is neither seen nor changed', {
    timeout: 150_000,
  }, async () => {
    const dir = join(folder, 'elsewhere');
    const list = join('/tmp', `${basename(folder)}-list`);
    cpSync(SCENARIO, dir, { recursive: true });
    const change = (file: string, from: string) => {
      const path = join(dir, file);
      writeFileSync(path, readFileSync(path, 'utf8').replaceAll(from, list));
    };
    change('one/verify.sh', '/root/list');
    change('one/text.md', '/root/list');
    change('one/text.md', '~/list');
    writeFileSync(list, 'bread, then milk\n');
    try {
      await runLabs(['import', dir, '--labs', labs, '--id', 'list-in-tmp']);
      const ran = await runLabs(['test', 'list-in-tmp', '--labs', labs, '--seeds', '1'], 140_000);
      expect(ran.stdout).toMatch(/^list-in-tmp seed 1: proven \(2 steps, 2 wrong answers/);
      expect(readFileSync(list, 'utf8')).toBe('bread, then milk\n');
    } finally {
      rmSync(list, { force: true });
    }
  });

  it('tells what cannot be carried over, with file, line and cure', async () => {
    const dir = join(folder, 'foreign');
    cpSync(SCENARIO, dir, { recursive: true });
    const index = JSON.parse(readFileSync(join(dir, 'index.json'), 'utf8'));
    index.backend.imageid = 'kubernetes-kubeadm-1node';
    index.details.steps[1].verify = 'two/gone.sh';
    writeFileSync(join(dir, 'index.json'), JSON.stringify(index, null, 2));
    writeFileSync(
      join(dir, 'two/text.md'),
      'Start it:\n\n```\nkubectl get pods\n```{{exec}}\n\n[open]({{TRAFFIC_HOST1_80}})\n\n![seen](seen.png)\n',
    );
    const { exitCode, stdout } = await runLabs(['import', dir, '--labs', labs]);
    expect(exitCode).toBe(1);
    const told = (file: string, line: number, part: RegExp) =>
      expect(stdout).toMatch(new RegExp(`foreign/${file}:${line}: .*${part.source}`));
    told('index.json', 37, /kubernetes-kubeadm-1node is not there.*Do what the steps need with these/);
    told('index.json', 20, /no file two\/gone\.sh.*Put it there/);
    told('two/text.md', 4, /kubectl is not there in a trainee's box/);
    told('two/text.md', 7, /TRAFFIC_HOST1_80.*curl localhost:80/);
    told('two/text.md', 9, /no pictures from files/);
  });

  it.each([
    [['import'], /^Say which scenario/],
    [['import', '/nowhere'], /^There is no index\.json in \/nowhere/],
    [['import', SCENARIO, '--labs', labs, '--id', 'Big'], /^Big is no lab id/],
    [['import', SCENARIO, '--labs', labs, '--id', 'shopping-list'], /is there already/],
  ])('%j is told in a sentence', async (args, text) => {
    const { exitCode, stderr } = await runLabs(args);
    expect(stderr).toMatch(text);
    expect(exitCode).toBe(2);
  });
});
