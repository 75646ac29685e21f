import { expect, test } from 'vitest';
import { isLoopback, parseOptions } from '../../server/src/options.ts';

test.each([
  [[], { port: 3000, host: 'localhost', data: null, sandbox: null }],
  [['--port', '8080', '--host', '0.0.0.0'], { port: 8080, host: '0.0.0.0' }],
  [['--port=8080', '--data=/srv/brokerlab'], { port: 8080, data: '/srv/brokerlab' }],
  [['--sandbox', 'process'], { sandbox: 'process' }],
  [['--idle-minutes', '90', '--trust-proxy'], { idleMinutes: 90, trustProxy: true }],
  [['--author'], { author: true }],
  [['--host', '::1', '--sandbox', 'process'], { host: '::1', sandbox: 'process' }],
])('%j is understood', (args, expected) => {
  const parsed = parseOptions(args as string[]);
  expect(parsed).toMatchObject({ ok: true, options: expected });
});

test.each([
  [['--prot', '1'], '--prot'],
  [['serve'], 'serve'],
  [['--port'], '--port'],
  [['--port', 'many'], 'many'],
  [['--port', '70000'], '70000'],
  [['--port', '-1'], '-1'],
  [['--host', 'a b'], 'a b'],
  [['--host', ''], '--host'],
  [['--data', ''], '--data'],
  [['--sandbox', 'none'], 'none'],
  [['--sandbox', 'docker'], 'not in this version'],
  [['--sandbox', 'kubernetes'], 'not in this version'],
  [['--idle-minutes', '0'], '0'],
  [['--host', '0.0.0.0', '--sandbox', 'process'], '--sandbox bwrap'],
])('%j is refused in one sentence that names it', (args, named) => {
  const parsed = parseOptions(args);
  expect(parsed.ok).toBe(false);
  if (parsed.ok) return;
  expect(parsed.sentence).toContain(named);
  expect(parsed.sentence).not.toContain('\n');
});

test.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.1.2.3', true],
  ['::1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.0.5', false],
  ['127.evil.example', false],
])('%s is loopback: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
