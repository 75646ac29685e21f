/**
 * Apache Kafka's MirrorMaker 2 goes on where ours stopped, and ours where it did, between two clusters of ours; what it
 * logs meanwhile names nothing that our brokers answered otherwise than Apache Kafka's.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MirrorMaker, readSettings } from '../../broker/src/mirror/main.ts';
import { numbered, pairOfClusters, produce, readAll, valuesOf } from '../mirror/pair.ts';
import { missing, resolveApacheKafka, toolCommand } from '../support/apache-kafka.ts';
import { eventually } from '../support/eventually.ts';

const reason = missing();
if (reason !== undefined) console.log(`skipped: Apache Kafka's MirrorMaker between our clusters, ${reason}`);

const pair = pairOfClusters();
const waiting = { timeoutMs: 150_000, everyMs: 200 };

it.skipIf(reason !== undefined)(
  'takes over from ours and hands over to ours: no record lost, none twice, groups ahead',
  async () => {
    resolveApacheKafka();
    const directory = mkdtempSync(join(tmpdir(), 'mirror-takeover-'));
    const all: string[] = [];
    const more = async (name: string) => {
      const values = numbered(name, 100);
      await produce(pair.a, 'orders', values);
      all.push(...values);
    };
    const arrived = async () =>
      await eventually(async () => {
        expect(valuesOf(await readAll(pair.target, 'A.orders'))).toEqual(all);
      }, waiting);
    try {
      await pair.source.createTopics([{ name: 'orders', partitions: 1 }]);
      await more('first');
      const first = await ours();
      await arrived();
      await readTo(100);
      await first.stop();
      await more('second');
      const apache = new ApacheMaker(directory);
      await arrived();
      await readTo(200);
      await apache.stop();
      expect(apache.complaints).toEqual([]);
      await more('third');
      const last = await ours();
      await arrived();
      await readTo(300);
      await last.stop();
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
  400_000,
);

/** The group reads so far on the source; whoever mirrors translates it and moves the group on the target. */
async function readTo(offset: number): Promise<void> {
  const place = { topic: 'orders', partition: 0 };
  await eventually(() => pair.source.offsetCommit('readers', [{ ...place, offset }]), waiting);
  await eventually(async () => {
    const [committed] = await pair.target.offsetFetch('readers');
    expect(committed).toMatchObject({ topic: 'A.orders', offset });
  }, waiting);
}

function propertyLines(): string {
  const factors = ['', 'checkpoints.topic.', 'heartbeats.topic.', 'offset-syncs.topic.'];
  const storage = ['offset.storage.', 'status.storage.', 'config.storage.'];
  const intervals = ['refresh.topics', 'refresh.groups', 'emit.checkpoints', 'sync.group.offsets'];
  return [
    'clusters=A,B',
    `A.bootstrap.servers=${pair.a.bootstrap}`,
    `B.bootstrap.servers=${pair.b.bootstrap}`,
    'A->B.enabled=true',
    'A->B.topics=orders',
    'emit.heartbeats.enabled=false',
    'sync.group.offsets.enabled=true',
    'B.offset.flush.interval.ms=500',
    ...[...factors, ...storage].map((name) => `${name}replication.factor=1`),
    ...intervals.map((name) => `${name}.interval.seconds=1`),
  ].join('\n');
}

async function ours(): Promise<MirrorMaker> {
  const { settings, problems } = readSettings(propertyLines());
  expect(problems).toEqual([]);
  const maker = new MirrorMaker({ settings, onLog: () => undefined, now: () => Date.now() });
  await maker.start();
  return maker;
}

class ApacheMaker {
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;
  #printed = '';

  constructor(directory: string) {
    const file = join(directory, 'mm2.properties');
    writeFileSync(file, propertyLines());
    const log4j = join(directory, 'log4j2.yaml');
    writeFileSync(log4j, LOG4J);
    const [command, args] = toolCommand('connect-mirror-maker', [file]);
    const flags = args.map((arg) =>
      arg.startsWith('-Dlog4j2.configurationFile=') ? `-Dlog4j2.configurationFile=${log4j}` : arg,
    );
    this.#process = spawn(command, flags, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#ended = new Promise((resolve) => this.#process.once('close', resolve));
    for (const stream of [this.#process.stdout!, this.#process.stderr!])
      stream.on('data', (data: Buffer) => {
        this.#printed = (this.#printed + data.toString()).slice(-500_000);
      });
  }

  /** Errors that it logged. */
  get complaints(): string[] {
    return this.#printed.split('\n').filter((line) => line.startsWith('ERROR '));
  }

  async stop(): Promise<void> {
    this.#process.kill('SIGTERM');
    await this.#ended;
  }
}

const LOG4J = `Configuration:
  Appenders: { Console: { name: OUT, PatternLayout: { pattern: "%p %c %m%n" } } }
  Loggers: { Root: { level: ERROR, AppenderRef: { ref: OUT } } }
`;
