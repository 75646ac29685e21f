/**
 * Kafka Streams with exactly-once processing (KIP-447) on our cluster, proved by Apache Kafka's own smoke test: brokers are killed,
 * stopped and paused while it runs, and one of its two instances is killed and replaced. Every aggregate must come out right.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '@brokerlab/broker';
import { connectCluster } from '@brokerlab/broker/client';
import { expect, it } from 'vitest';
import { missing } from '../support/apache-kafka.ts';
import { artifacts } from '../support/maven.ts';
import { strike } from './faults.ts';
import { Program } from './programs.ts';

const streams = artifacts(
  'kafka-streams',
  join(import.meta.dirname, '..', 'support', 'kafka-streams', 'pom.xml'),
);
const reason = missing();
if (reason !== undefined) console.log(`skipped: Kafka Streams while brokers fall, ${reason}`);

const TOPICS = 'echo data min min-suppressed min-raw max sum sws-raw sws-suppressed dif cnt avg tagg'.split(
  ' ',
);
/** The smoke test writes for 90 s, then waits until it has read what it expects. */
const SMOKE_MS = 300_000;
const FAULTS_MS = 75_000;

it.skipIf(reason !== undefined)(
  'keeps exactly-once aggregates of Kafka Streams right while brokers and an instance of it fall',
  async () => {
    streams.resolve();
    const folder = mkdtempSync(join(tmpdir(), 'brokerlab-streams-'));
    const programs: Program[] = [];
    const seed = Number(process.env.SEED ?? 3);
    const said = [`seed ${seed}`];
    try {
      await using cluster = await startCluster({
        brokers: 3,
        packing: 'process',
        dataDir: join(folder, 'data'),
        config: { 'offsets.topic.replication.factor': '3', 'transaction.state.log.replication.factor': '3' },
      });
      await using client = connectCluster({ bootstrap: cluster.bootstrap });
      await client.createTopics(
        TOPICS.map((name) => ({
          name,
          partitions: 5,
          replicationFactor: 3,
          configs: { 'min.insync.replicas': '2' },
        })),
      );
      const smokeTest = (name: string, command: string): Program => {
        const home = join(folder, name);
        mkdirSync(home);
        const properties = join(home, 'streams.properties');
        writeFileSync(
          properties,
          `bootstrap.servers=${cluster.bootstrap}\nstate.dir=${home}\napplication.id=SmokeTest\nprocessing.guarantee=exactly_once_v2\n`,
        );
        const flags = ['-Xmx256M', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', `${streams.libs}/*`];
        const main = 'org.apache.kafka.streams.tests.StreamsSmokeTest';
        const args = [...flags, main, properties, command, 'disableAutoTerminate'];
        const program = new Program(name, ['java', command === 'run' ? args.slice(0, -1) : args]);
        programs.push(program);
        return program;
      };
      const doomed = smokeTest('doomed', 'process');
      smokeTest('survivor', 'process');
      const driver = smokeTest('driver', 'run');
      await doomed.says(/processed/, 60_000);
      const faults = strike(cluster, { seed, durationMs: FAULTS_MS, say: (line) => said.push(line) });
      await driver.says(/ 10000 records produced/, SMOKE_MS);
      doomed.child.kill('SIGKILL');
      smokeTest('heir', 'process');
      await faults;
      const exitCode = await driver.end({ timeoutMs: SMOKE_MS });
      const story = [...said, ...driver.lines.slice(-40), driver.errors.slice(-2_000)].join('\n');
      expect(driver.lines, story).toContain('SUCCESS');
      expect(exitCode, story).toBe(0);
      const died = programs.filter((program) => program !== doomed && program !== driver && program.hasEnded);
      expect(
        died.map(({ name, errors }) => `${name}: ${errors}`),
        story,
      ).toEqual([]);
    } finally {
      await Promise.all(programs.map((program) => program.end({ signal: 'SIGKILL', timeoutMs: 5_000 })));
      rmSync(folder, { recursive: true, force: true });
    }
  },
  SMOKE_MS + 240_000,
);
