/** Two clusters of ours, MirrorMakers between them, and what tests of flows write and read. */
import { type Cluster, startCluster } from '@brokerlab/broker';
import { type Client, connectCluster, type FetchedRecord, Producer } from '@brokerlab/broker/client';
import { afterAll, beforeAll, expect } from 'vitest';
import { MirrorMaker, type MirrorSettings, readSettings } from '../../broker/src/mirror/main.ts';

export interface Pair {
  readonly a: Cluster;
  readonly b: Cluster;
  /** Of a and b. */
  readonly source: Client;
  readonly target: Client;
  readonly logged: string[];
  /** A and B with all intervals short; further lines of the properties file may say otherwise. */
  mirror(...lines: string[]): Promise<MirrorMaker>;
  /** What such a file says. */
  settings(...lines: string[]): MirrorSettings;
}

/** All intervals short, one copy of everything. */
export const quick = [
  ...[
    '',
    'checkpoints.topic.',
    'heartbeats.topic.',
    'offset-syncs.topic.',
    'offset.storage.',
    'status.storage.',
    'config.storage.',
  ].map((name) => `${name}replication.factor=1`),
  'refresh.topics.interval.seconds=1',
  'refresh.groups.interval.seconds=1',
  'sync.topic.configs.interval.seconds=1',
  'emit.checkpoints.interval.seconds=1',
  'sync.group.offsets.interval.seconds=1',
  'A.offset.flush.interval.ms=200',
  'B.offset.flush.interval.ms=200',
];

/** Clusters of the whole file; call it outside of tests. */
export function pairOfClusters(): Pair {
  const pair = { logged: [] as string[], mirror, settings: settingsOf } as {
    -readonly [K in keyof Pair]: Pair[K];
  };
  beforeAll(async () => {
    [pair.a, pair.b] = await Promise.all([startCluster(), startCluster()]);
    pair.source = connectCluster({ bootstrap: pair.a.bootstrap });
    pair.target = connectCluster({ bootstrap: pair.b.bootstrap });
  }, 60_000);
  afterAll(async () => {
    await Promise.all([pair.source?.close(), pair.target?.close()]);
    await Promise.all([pair.a?.stop(), pair.b?.stop()]);
  });

  function settingsOf(...lines: string[]): MirrorSettings {
    const clusters = [
      'clusters=A,B',
      `A.bootstrap.servers=${pair.a.bootstrap}`,
      `B.bootstrap.servers=${pair.b.bootstrap}`,
    ];
    const { settings, problems } = readSettings([...clusters, ...quick, ...lines].join('\n'));
    expect(problems).toEqual([]);
    return settings;
  }

  async function mirror(...lines: string[]): Promise<MirrorMaker> {
    const maker = new MirrorMaker({
      settings: settingsOf(...lines),
      onLog: ({ level, flow, text }) => pair.logged.push(`${level} ${flow} ${text}`),
      now: () => Date.now(),
    });
    await maker.start();
    return maker;
  }
  return pair;
}

/** Of all records produced here: recent, so that retention lets them be. */
export const producedAt = Date.now() - 60_000;

/** Into partition 0, each value as key and header as well. */
export async function produce(cluster: Cluster, topic: string, values: readonly string[]): Promise<void> {
  const producer = new Producer({ bootstrap: cluster.bootstrap });
  const failures: string[] = [];
  for (const value of values) {
    const headers = [{ key: 'from', value: Buffer.from(value) }];
    const record = { topic, partition: 0, key: Buffer.from(value), value: Buffer.from(value), headers };
    await producer.send({ ...record, timestamp: producedAt }, (outcome) => {
      if (!outcome.ok) failures.push(outcome.failure.message);
    });
  }
  await producer.close();
  expect(failures).toEqual([]);
}

/** What is committed in one partition. */
export async function readAll(
  client: Client,
  topic: string,
  partition = 0,
): Promise<readonly FetchedRecord[]> {
  const all: FetchedRecord[] = [];
  const place = { topic, partition, isolation: 'read_committed', bytesMax: 8 << 20 } as const;
  for (let from = 0; ; ) {
    const { records, nextOffset, lastStableOffset } = await client.fetchRecords({ ...place, from });
    all.push(...records);
    if (nextOffset >= lastStableOffset || nextOffset === from) return all;
    from = nextOffset;
  }
}

export const valuesOf = (records: readonly FetchedRecord[]) => records.map(({ value }) => value?.toString());

export const numbered = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${name}${index}`);
