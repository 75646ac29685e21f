import { describe, expect, it } from 'vitest';
import { readSettings } from '../../broker/src/mirror/settings/read-settings.ts';

const plain = ['clusters = A, B', 'A.bootstrap.servers = a:1', 'B.bootstrap.servers = b:1'];

function problems(...lines: string[]): string[] {
  const enabled = lines.some((line) => line.includes('enabled')) ? [] : ['A->B.enabled = true'];
  const answer = readSettings([...plain, ...lines, ...enabled].join('\n'));
  return answer.problems.map(({ severity, line, text }) => `${line} ${severity} ${text}`);
}

function flow(...lines: string[]) {
  const { settings } = readSettings([...plain, 'A->B.enabled = true', ...lines].join('\n'));
  return settings.flows.find(({ source }) => source === 'A')!;
}

describe('a properties file', () => {
  it('gives each way its flow, the other one for heartbeats only, as Apache Kafka does', () => {
    const { settings } = readSettings([...plain, 'A->B.enabled = true'].join('\n'));
    expect(settings.flows.map(({ source, target, enabled }) => [source, target, enabled])).toEqual([
      ['A', 'B', true],
      ['B', 'A', false],
    ]);
    const quiet = readSettings([...plain, 'A->B.enabled=true', 'emit.heartbeats.enabled=false'].join('\n'));
    expect(quiet.settings.flows.map(({ source }) => source)).toEqual(['A']);
  });

  it('lets a flow override all flows, and a cluster its clients', () => {
    const found = flow(
      'replication.factor = 1',
      'A->B.replication.factor = 4',
      'B.replication.factor = 5',
      'A.consumer.fetch.max.bytes = 1',
      'A->B.consumer.fetch.max.bytes = 2',
      'A->B.source.consumer.fetch.max.bytes = 3',
      'B.producer.batch.size = 4',
      'A->B.producer.batch.size = 5',
      'offset.storage.replication.factor = 1',
      'B.offset.storage.replication.factor = 2',
      'B.exactly.once.source.support = enabled',
    );
    expect(found.replicationFactor).toBe(4);
    expect(found.consumer.fetchBytesMax).toBe(3);
    expect(found.producer.batchBytes).toBe(4);
    expect(found.storage.offsets).toEqual({
      name: 'mm2-offsets.A.internal',
      partitions: 25,
      replicationFactor: 1,
    });
    expect(found.storage).toMatchObject({ groupId: 'A-mm2', exactlyOnce: true });
  });

  it('takes policies by their short and their Java names', () => {
    const name = 'org.apache.kafka.connect.mirror.IdentityReplicationPolicy';
    expect(flow(`replication.policy.class = ${name}`).policy.kind).toBe('identity');
    expect(flow('replication.policy.class = DefaultReplicationPolicy').policy.kind).toBe('default');
  });

  it('reads continued lines, escapes and lists', () => {
    expect(flow('A->B.topics = orders, \\', '   pay\\u006dents').topics.include).toEqual([
      'orders',
      'payments',
    ]);
  });

  it('names what nobody knows, with its line and what is near', () => {
    expect(problems('A->B.topcis = x')).toEqual([
      '4 warning "A->B.topcis" is not a setting of MirrorMaker and has no effect; did you mean "A->B.topics"?',
    ]);
    expect(problems('C.bootstrap.servers = c:1')[0]).toContain('"C" is not among "clusters" (A, B)');
    expect(problems('A->C.enabled = true')[0]).toMatch(/^4 error .*"C" is not among/);
  });

  it('names what cannot be so, with its line', () => {
    expect(problems('tasks.max = 0')[0]).toMatch(/^4 error "tasks.max" is a whole number, 1 to/);
    expect(problems('A->B.enabled = yes')[0]).toMatch(/^4 error "A->B.enabled" is true or false, not "yes"/);
    expect(problems('topics = (')[0]).toMatch(/^4 error .*is not a regular expression/);
    expect(problems('topics = a', 'topics = b')[0]).toMatch(/^5 warning .*line 4/);
    expect(problems('A.security.protocol = SASL_SSL')[0]).toMatch(/^4 error .*PLAINTEXT/);
    expect(problems('B.sasl.jaas.config = x')[0]).toMatch(/^4 error .*TLS and SASL/);
  });

  it('names what contradicts, with both lines', () => {
    const lines = ['A->B.enabled=true', 'emit.offset-syncs.enabled=false', 'emit.checkpoints.enabled=true'];
    expect(problems(...lines)[0]).toMatch(/^5 error .*"emit.checkpoints.enabled" \(line 6\)/);
    expect(problems('A->B.enabled=true', 'topics.exclude = a', 'topics.blacklist = b')[0]).toMatch(
      /^6 warning .*\(line 5\)/,
    );
    const shared = ['clusters=A,B,C', 'C.bootstrap.servers=c:1', 'A->C.enabled=true', 'B->C.enabled=true'];
    expect(problems(...shared, 'C.group.id=x')).toContainEqual(
      '8 error A->C and B->C would both be in the group "x": leave "C.group.id" out, each has its own then',
    );
    const twin = readSettings('clusters=A,B\nA.bootstrap.servers=x:1\nB.bootstrap.servers=x:1');
    expect(twin.problems).toContainEqual(expect.objectContaining({ line: 3, severity: 'error' }));
    expect(readSettings('A.bootstrap.servers=x:1').problems[0]?.text).toContain('"clusters"');
  });

  it.each([
    ['A→B.enabled = true', 4, 'did you mean "A->B.enabled"?'],
    ['A-B.enabled = true', 4, 'did you mean "A->B.enabled"?'],
    ['A -> B.enabled = true', 4, 'did you mean "A->B.enabled"?'],
    ['A => B.enabled = true', 4, 'did you mean "A->B.enabled"?'],
    ['B->A.enabled = false', 1, 'no flow is enabled, so no record is mirrored'],
    ['topics = orders*', 4, 'did you mean "orders.*"?'],
    ['groups = "billing"', 4, 'quotation marks count as part of the name: write billing'],
    ['topics =', 4, 'A->B: "topics" is empty, so none are mirrored'],
    ['topics = a\ntopics.exclude = a', 4, 'all of "topics" are in "topics.exclude" as well'],
    ['refresh.topics.interval.ms = 1000', 4, 'did you mean "refresh.topics.interval.seconds"?'],
    ['replication.factor = 0', 4, '"replication.factor" is 1 or more'],
    ['replication.policy.separator = B', 4, 'the alias "B" holds the separator "B"'],
    ['A.producer.compression.type = gzip', 4, 'no enabled flow writes to "A"'],
    ['B.consumer.isolation.level = read_committed', 4, 'no enabled flow reads from "B"'],
    ['B->A.topics = x', 4, '"B->A.enabled" is not true'],
    ['A.bootstrap.servers = a:70000', 4, 'a port is 1 to 65535, not "70000"'],
    ['clusters = A; B', 4, 'is separated by commas, as "A, B", not "A; B"'],
    ['clusters = A, B, A', 4, '"clusters" names "A" twice'],
  ])('tells what %s was meant to be, or does', (lines, line, text) => {
    const found = problems(...lines.split('\n')).filter((problem) => problem.includes(text));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${line} `));
  });

  it('names a byte order mark, which no one sees', () => {
    const { problems } = readSettings(`\ufeff${plain.join('\n')}`);
    expect(problems.map(({ text }) => text).join()).toContain('begins with a byte order mark');
  });
});
