/** A server in miniature: opens a cell with a program running in it, says so, and waits to be killed. */
import { createBwrapDriver } from '../../server/src/sandbox/bwrap.ts';

const [programDir, dataDir, marker] = process.argv.slice(2);
const driver = createBwrapDriver({ dataDir, programDir });
const cell = await driver.open({ id: 'held', hostName: 'held', language: 'en', brokers: 0 });
void cell.exec({ command: `setsid sleep ${marker}`, timeoutMs: 60_000, outputBytesMax: 10 });
await cell.exec({
  command: `until pgrep -f "^sleep ${marker}"; do :; done`,
  timeoutMs: 10_000,
  outputBytesMax: 100,
});
console.log('ready');
setInterval(() => undefined, 60_000);
