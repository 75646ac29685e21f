import { startServer } from '../support/server-process.ts';
import { Trainee } from '../support/trainee.ts';
import { type Bench, medianAndP95 } from './measure.ts';

const ROUNDS = 20;
const LOOP = `for i in $(seq ${ROUNDS}); do s=$EPOCHREALTIME; kafka-topics.sh --bootstrap-server localhost:9092 --list >/dev/null; e=$EPOCHREALTIME; echo "took $(( \${e/./} - \${s/./} )) us"; done; echo all-done`;

export const toolBench: Bench = {
  name: 'tool',
  what: "kafka-topics.sh --list in the trainee's terminal, whole run",
  async run() {
    await using server = await startServer();
    const trainee = await Trainee.tryHere(server.url);
    await trainee.connect();
    const terminal = await trainee.terminal((await trainee.openLab('first-topic'))[0]);
    await terminal.waitFor(/\$ /);
    await terminal.run('kafka-topics.sh --bootstrap-server localhost:9092 --list');
    await terminal.type(`${LOOP}\r`);
    const text = await terminal.waitFor(/\nall-done/, { timeoutMs: 60_000 });
    trainee.close();
    const times = [...text.matchAll(/took (\d+) us/g)].map((match) => Number(match[1]) / 1000);
    return medianAndP95('tool', times, { unit: 'ms', target: 150 });
  },
};
