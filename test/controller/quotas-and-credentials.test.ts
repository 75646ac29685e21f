import { describe, expect, it } from 'vitest';
import { applyRecords } from '../../broker/src/controller/apply.ts';
import { emptyImage } from '../../broker/src/controller/image.ts';
import { record } from '../../broker/src/controller/records.ts';
import { imageToRecords } from '../../broker/src/controller/snapshot.ts';
import { TestController } from './cluster.ts';

type Name = readonly [type: string, name: string | null];

function alterQuota(cluster: TestController, entity: readonly Name[], key: string, value: number | null) {
  return cluster.decide('alterClientQuotas', {
    entries: [
      {
        entity: entity.map(([entityType, entityName]) => ({ entityType, entityName })),
        ops: [{ key, value: value ?? 0, remove: value === null }],
      },
    ],
    validateOnly: false,
  }).entries?.[0]?.errorMessage;
}

const user: readonly Name[] = [['user', 'u']];

describe('client quotas', () => {
  it('are set per entity, whatever the order of its parts, and taken away', () => {
    const cluster = new TestController().start(1);
    expect(
      alterQuota(
        cluster,
        [
          ['user', 'u'],
          ['client-id', 'c'],
        ],
        'request_percentage',
        10.5,
      ),
    ).toBeNull();
    expect(alterQuota(cluster, user, 'producer_byte_rate', 1024)).toBeNull();
    const values = () =>
      [...cluster.image.quotas.values()].map(({ entity, values: set }) => [
        entity.map(({ type, name }) => `${type}=${name}`).join(),
        Object.fromEntries(set),
      ]);
    expect(values()).toEqual([
      ['client-id=c,user=u', { request_percentage: 10.5 }],
      ['user=u', { producer_byte_rate: 1024 }],
    ]);
    expect(alterQuota(cluster, user, 'producer_byte_rate', null)).toBeNull();
    expect(values()).toHaveLength(1);
  });

  const refusals: readonly (readonly [readonly Name[], string, number, string])[] = [
    [[], 'producer_byte_rate', 1, 'Invalid empty client quota entity'],
    [[['nope', 'u']], 'producer_byte_rate', 1, 'Unhandled client quota entity type: nope'],
    [[['user', '']], 'producer_byte_rate', 1, 'Empty user not supported'],
    [user, 'nope', 1, 'Invalid configuration key nope'],
    [user, 'producer_byte_rate', 0, 'Quota producer_byte_rate must be greater than 0'],
    [user, 'producer_byte_rate', 1.5, 'producer_byte_rate cannot be a fractional value.'],
    [[['ip', '127.0.0.1']], 'producer_byte_rate', 1, 'Invalid configuration key producer_byte_rate'],
    [
      [['ip', 'no.such.host.invalid']],
      'connection_creation_rate',
      1,
      'no.such.host.invalid is not a valid IP or resolvable host.',
    ],
  ];
  for (const [entity, key, value, message] of refusals) {
    it(`refuse: ${message}`, () => {
      expect(alterQuota(new TestController().start(1), entity, key, value)).toBe(message);
    });
  }
});

describe('SCRAM credentials', () => {
  const upsert = (cluster: TestController, name: string, iterations: number, mechanism = 1) =>
    cluster.decide('alterUserScramCredentials', {
      deletions: [],
      upsertions: [
        { name, mechanism, iterations, salt: Buffer.from('salt'), saltedPassword: Buffer.alloc(32, 1) },
      ],
    }).results?.[0]?.errorMessage;
  const remove = (cluster: TestController, name: string) =>
    cluster.decide('alterUserScramCredentials', { deletions: [{ name, mechanism: 1 }], upsertions: [] })
      .results?.[0]?.errorMessage;

  it('are kept and deleted, within limits', () => {
    const cluster = new TestController().start(1);
    expect(upsert(cluster, 'alice', 4096)).toBeNull();
    expect(upsert(cluster, 'bob', 10)).toBe('Too few iterations');
    expect(upsert(cluster, 'bob', 20_000)).toBe('Too many iterations');
    expect(upsert(cluster, '', 4096)).toBe('Username must not be empty');
    expect(upsert(cluster, 'bob', 4096, 9)).toBe('Unknown SCRAM mechanism');
    expect([...cluster.image.scram.keys()]).toEqual(['1:alice']);
    expect(remove(cluster, 'bob')).toBe('Attempt to delete a user credential that does not exist');
    expect(remove(cluster, 'alice')).toBeNull();
    expect(cluster.image.scram.size).toBe(0);
  });

  it('and quotas are in a snapshot', () => {
    const cluster = new TestController().start(1);
    upsert(cluster, 'alice', 4096);
    alterQuota(cluster, user, 'producer_byte_rate', 1024);
    const at = { endOffset: 1, epoch: 1, timestampMs: 0 };
    const copy = applyRecords(emptyImage, imageToRecords(cluster.image), at);
    expect(copy.quotas).toEqual(cluster.image.quotas);
    expect(copy.scram).toEqual(cluster.image.scram);
  });

  it('keep nothing of the frame that they were read from', () => {
    const frame = Buffer.alloc(65_536, 7);
    const [salt, storedKey, serverKey] = [0, 100, 200].map((start) => frame.subarray(start, start + 32)) as [
      Buffer,
      Buffer,
      Buffer,
    ];
    const value = { name: 'u', mechanism: 1, iterations: 4096, salt, storedKey, serverKey };
    const image = applyRecords(emptyImage, [record('UserScramCredentialRecord', value)], {
      endOffset: 1,
      epoch: 1,
      timestampMs: 0,
    });
    const [kept] = image.scram.values();
    expect(kept).toEqual(value);
    for (const bytes of [kept!.salt, kept!.storedKey, kept!.serverKey])
      expect(bytes.buffer.byteLength).toBe(32);
  });
});
