/** Names, translation, schedule and formats against tables that Apache Kafka 4.3.1's own classes printed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  readCheckpoint,
  readOffsetSync,
  writeCheckpoint,
  writeHeartbeat,
  writeOffsetSync,
} from '../../broker/src/mirror/formats/internal-records.ts';
import { nameFilter, replicatedTopics } from '../../broker/src/mirror/names/filters.ts';
import { ReplicationPolicy } from '../../broker/src/mirror/names/replication-policy.ts';
import { SyncHistory } from '../../broker/src/mirror/offsets/sync-history.ts';
import { SyncSchedule } from '../../broker/src/mirror/offsets/sync-schedule.ts';

interface PolicyTable {
  readonly policy: 'default' | 'identity';
  readonly separator: string;
  readonly internalSeparator: boolean;
  readonly offsetSyncs: string;
  readonly checkpointsTopic: string;
  readonly rows: readonly {
    readonly topic: string;
    readonly remote: string;
    readonly source: string | null;
    readonly upstream: string | null;
    readonly original: string;
    readonly internal: boolean;
    readonly heartbeats: boolean;
    readonly replicatedAtoB: boolean;
  }[];
}

interface TranslationTable {
  readonly mustReadToEnd: boolean;
  readonly readToEndAt: number;
  readonly syncs: readonly [number, number][];
  readonly translations: readonly [afterSync: number, offset: number, translated: number][];
}

interface Tables {
  readonly policies: readonly PolicyTable[];
  readonly translation: readonly TranslationTable[];
  readonly schedule: readonly { readonly lag: number; readonly rows: readonly [number, number, number][] }[];
  readonly offsetSync: { readonly key: string; readonly value: string };
  readonly checkpoint: { readonly key: string; readonly value: string };
  readonly heartbeat: { readonly key: string; readonly value: string };
}

const tables: Tables = JSON.parse(readFileSync(join(import.meta.dirname, 'apache-tables.json'), 'utf8'));

describe('replication policies', () => {
  for (const table of tables.policies) {
    const { separator, internalSeparator: separatesInternal, policy: kind } = table;
    it(`${kind} with "${separator}" (${separatesInternal}) names and selects as Apache Kafka's`, () => {
      const policy = new ReplicationPolicy({ kind, separator, separatesInternal }, 'A');
      const topics = nameFilter({ include: ['.*'], exclude: ['mm2.*\\.internal', '.*\\.replica', '__.*'] });
      const isReplicated = replicatedTopics({ policy, targetAlias: 'B', topics, heartbeatsReplicated: true });
      expect(policy.offsetSyncsTopic('B')).toBe(table.offsetSyncs);
      expect(policy.checkpointsTopic('A')).toBe(table.checkpointsTopic);
      for (const row of table.rows) {
        const ours = {
          remote: policy.remoteTopic('A', row.topic),
          source: policy.sourceOf(row.topic),
          upstream: policy.upstreamOf(row.topic),
          original: policy.originalOf(row.topic),
          internal: policy.isInternal(row.topic),
          heartbeats: policy.isHeartbeats(row.topic),
          replicatedAtoB: isReplicated(row.topic),
        };
        expect(row, row.topic).toMatchObject(ours);
      }
    });
  }
});

describe('offset syncs', () => {
  it('are translated as OffsetSyncStore does, after every tenth of them', () => {
    for (const { syncs, translations, mustReadToEnd, readToEndAt } of tables.translation) {
      const history = new SyncHistory();
      for (const [index, [upstream, downstream]] of syncs.entries()) {
        history.add({ upstream, downstream }, { onlyLast: mustReadToEnd && index < readToEndAt });
        // Before it has read to the end, Kafka's store answers nothing (-2 in the table).
        for (const [after, offset, translated] of translations) {
          if (after === index && translated !== -2) expect(history.translate(offset)).toBe(translated);
        }
      }
    }
  });

  it('are due when Kafka says so, for runs of any length', () => {
    for (const { lag, rows } of tables.schedule) {
      for (const runLength of [1, 7, 1_000]) {
        const schedule = new SyncSchedule(lag);
        const due = new Set<number>();
        for (let index = 0; index < rows.length; ) {
          const [upstream, downstream] = rows[index]!;
          let count = 1;
          while (
            count < runLength &&
            rows[index + count]?.[0] === upstream + count &&
            rows[index + count]?.[1] === downstream + count
          ) {
            count++;
          }
          for (const sync of schedule.advance({ upstream, downstream, count })) due.add(sync.upstream);
          index += count;
        }
        const expected = rows.filter((row) => row[2] === 1).map((row) => row[0]);
        expect([...due], `lag ${lag}, runs of ${runLength}`).toEqual(expected);
      }
    }
  });
});

describe('records', () => {
  const hex = ({ key, value }: { key: Buffer; value: Buffer }) => ({
    key: key.toString('hex'),
    value: value.toString('hex'),
  });

  it("are Kafka's, byte for byte", () => {
    const sync = { topic: '주문', partition: 3, upstream: 1234567890123, downstream: 42 };
    const checkpoint = {
      group: '독자',
      topic: 'A.orders',
      partition: 2,
      upstream: 77,
      downstream: 55,
      metadata: '메모',
    };
    const heartbeat = { source: 'A', target: 'B', timestamp: 1795720466816 };
    expect(hex(writeOffsetSync(sync))).toEqual(tables.offsetSync);
    expect(hex(writeCheckpoint(checkpoint))).toEqual(tables.checkpoint);
    expect(hex(writeHeartbeat(heartbeat))).toEqual(tables.heartbeat);
    const written = [writeOffsetSync(sync), writeCheckpoint(checkpoint)] as const;
    expect(readOffsetSync(written[0].key, written[0].value)).toEqual(sync);
    expect(readCheckpoint(written[1].key, written[1].value)).toEqual(checkpoint);
    expect(readCheckpoint(written[1].key, Buffer.from([0, 9]))).toBeNull();
  });
});
