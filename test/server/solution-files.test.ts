/** What a solution makes of a lab's files, read from its commands. */
import { describe, expect, test } from 'vitest';
import { drawLab, readCourse } from '../../grader/src/main.ts';
import { changesIn, solutionFiles } from '../../server/src/sessions/solution-files.ts';

const read = (path: string) => (path === 'a.properties' ? 'acks=1\nretries=(3)\n' : null);

describe('a command that changes a file', () => {
  test.each([
    ["cat > x/y.ts <<'END'\none $two\nthree\nEND", 'x/y.ts', 'one $two\nthree\n'],
    ["echo 'acks=all' > b.properties", 'b.properties', 'acks=all\n'],
    ["echo 'linger.ms=5' >> a.properties", 'a.properties', 'acks=1\nretries=(3)\nlinger.ms=5\n'],
    ["printf '%s\\n' a=1 b=2 > b.properties", 'b.properties', 'a=1\nb=2\n'],
    ['printf \'{"version":1}\' > plan.json', 'plan.json', '{"version":1}'],
    ["sed -i 's/acks=1/acks=all/' a.properties", 'a.properties', 'acks=all\nretries=(3)\n'],
    [
      "sed -i 's/acks=.*/&\\nlinger.ms=5 \\& more/' a.properties",
      'a.properties',
      'acks=1\nlinger.ms=5 & more\nretries=(3)\n',
    ],
    ["sed -i -e '/^acks/d' -e 's/(3)/(5)/' a.properties", 'a.properties', 'retries=(5)\n'],
  ])('%s', (command, path, content) => {
    expect(changesIn(command, read)).toEqual([{ path, content }]);
  });

  test.each([
    ["sed -i 's/a\\(b\\)/\\1/' a.properties", 'a.properties'],
    ["echo 'x' >> unknown.txt", 'unknown.txt'],
    ['echo "$HOME" > home.txt', 'home.txt'],
    ["printf 'a %s' b > p.txt", 'p.txt'],
  ])('is not guessed: %s', (command, path) => {
    expect(changesIn(command, read)).toEqual([{ path, content: null }]);
  });

  test.each(['kafka-topics.sh --list', 'cat x.ts', 'node a.ts'])('changes nothing: %s', (command) => {
    expect(changesIn(command, read)).toEqual([]);
  });
});

test('every file that a solution of the course changes is known to the end', () => {
  const course = readCourse('labs');
  const shown: string[] = [];
  for (const source of course.labs) {
    const lab = drawLab(source, 'seed');
    for (const step of lab.steps) {
      const changing = step.solution.commands.some(({ run }) => changesIn(run, () => '').length > 0);
      const files = solutionFiles(lab, step.id);
      expect(files.length > 0, `${lab.id}/${step.id}`).toBe(changing);
      for (const { path } of files) shown.push(`${lab.id}/${step.id}/${path}`);
    }
  }
  expect(shown.filter((one) => one.startsWith('consumer-app/')).length).toBeGreaterThanOrEqual(4);
  expect(shown.filter((one) => one.startsWith('producer-app/')).length).toBeGreaterThanOrEqual(2);
});
