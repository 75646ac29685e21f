/** kafka-storage.sh and kafka-server-start.sh: our nodes from Apache Kafka's own properties files. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectCluster } from '@brokerlab/broker/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run as startServer } from '../../broker/src/node/server/kafka-server-start.ts';
import { run as storage } from '../../broker/src/node/server/kafka-storage.ts';
import { eventually } from '../support/eventually.ts';
import { freePorts, launch, run } from '../support/launch-tool.ts';

const folder = mkdtempSync(join(tmpdir(), 'server-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function properties(name: string, values: Record<string, string>): string {
  const path = join(folder, `${name}.properties`);
  writeFileSync(
    path,
    Object.entries(values)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  );
  return path;
}

let ports: number[] = [];
let combined: Record<string, string> = {};
beforeAll(async () => {
  ports = await freePorts(5);
  combined = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${ports[1]}`,
    listeners: `PLAINTEXT://127.0.0.1:${ports[0]},CONTROLLER://127.0.0.1:${ports[1]}`,
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': join(folder, 'combined'),
    'offsets.topic.replication.factor': '1',
  };
});

describe('kafka-storage.sh', () => {
  it('formats once, tells what is there, and refuses what does not fit, in Apache Kafka’s words', async () => {
    const file = properties('combined', combined);
    const directory = combined['log.dirs']!;
    expect(await run(storage, 'info', '-c', file)).toEqual({
      code: 1,
      out: `Found problem:\n  ${directory} does not exist\n\n`,
      err: '',
    });
    const formatted = await run(storage, 'format', '-t', 'cluster-1', '-c', file);
    expect(formatted).toMatchObject({ code: 0, err: '' });
    expect(formatted.out).toMatch(
      /^Bootstrap metadata: BootstrapMetadata\(records=\[ApiMessageAndVersion\(FeatureLevelRecord\(name='metadata.version', featureLevel=30\) at version 0\), .*source=format command\)\nFormatting metadata directory .* with metadata.version 4.3-IV0.\n$/,
    );
    expect(readFileSync(join(directory, 'meta.properties'), 'utf8')).toMatch(/^cluster.id=cluster-1$/m);
    expect((await run(storage, 'info', '-c', file)).out).toContain('Found metadata: {cluster.id=cluster-1, ');
    expect(await run(storage, 'format', '-t', 'cluster-1', '-c', file)).toEqual({
      code: 1,
      out: '',
      err: `Log directory ${directory} is already formatted. Use --ignore-formatted to ignore this directory and format the others.\n`,
    });
    expect(await run(storage, 'format', '-t', 'cluster-1', '-c', file, '-g')).toEqual({
      code: 0,
      out: 'All of the log directories are already formatted.\n',
      err: '',
    });
    expect((await run(storage, 'format', '-t', 'other', '-c', file, '-g')).err).toBe(
      `Exception in thread "main" java.lang.RuntimeException: Invalid cluster.id in: ${directory}/meta.properties. Expected other, but read cluster-1\n`,
    );
  });

  for (const [args, message] of [
    [['-r', '9.9'], "Unknown metadata.version '9.9'. Supported metadata.version are: 3.3-IV3, "],
    [['-f', 'nope.version=1'], 'Unsupported feature: nope.version. Supported features are: '],
    [['--standalone'], 'You cannot specify controller.quorum.voters and format the node with '],
    [['-f', 'kraft.version=1'], 'Cannot set kraft.version to 1 unless controller.quorum.voters is empty'],
    [
      ['-I', 'bad'],
      'Exception in thread "main" java.lang.IllegalArgumentException: No @ found in dynamic voter',
    ],
  ] as const) {
    it(`refuses ${args.join(' ')}`, async () => {
      const result = await run(storage, 'format', '-t', 'x', '-c', properties('combined', combined), ...args);
      expect(result).toMatchObject({ code: 1, out: '' });
      expect(result.err.startsWith(message)).toBe(true);
    });
  }

  it('knows which features belong to a release', async () => {
    expect((await run(storage, 'version-mapping', '-r', '4.0')).out).toBe(
      'metadata.version=25 (4.0)\nkraft.version=1\ntransaction.version=2\ngroup.version=1\neligible.leader.replicas.version=0\nshare.version=0\nstreams.version=0\n',
    );
    expect((await run(storage, 'feature-dependencies', '-f', 'group.version=9')).err).toBe(
      'Feature level 9 is not supported for feature group.version\n',
    );
  });
});

describe('kafka-server-start.sh', () => {
  const cases: [name: string, change: Record<string, string>, error: string][] = [
    [
      'an unformatted directory',
      { 'log.dirs': '/nowhere/at/all' },
      'java.lang.RuntimeException: No readable meta.properties files found.',
    ],
    [
      'a role there is not',
      { 'process.roles': 'foo' },
      'org.apache.kafka.common.config.ConfigException: Invalid value foo for configuration process.roles: String must be one of: broker, controller',
    ],
    [
      'a listener without a protocol',
      { listeners: 'X://:1,CONTROLLER://:2' },
      "java.lang.IllegalArgumentException: Error creating broker listeners from '[X://:1, CONTROLLER://:2]': No security protocol defined for listener X",
    ],
    [
      'a node that does not vote',
      { 'node.id': '5' },
      "java.lang.IllegalArgumentException: requirement failed: If process.roles contains the 'controller' role, the node id 5 must be included in the set of voters controller.quorum.voters=Set(1)",
    ],
  ];
  for (const [name, change, error] of cases) {
    it(`refuses ${name}`, async () => {
      const result = await run(startServer, properties('wrong', { ...combined, ...change }));
      expect(result.code).toBe(1);
      expect(result.err).toMatch(/^\[.*\] ERROR Exiting Kafka due to fatal exception \(kafka\.Kafka\$\)\n/);
      expect(result.err).toContain(`\n${error}\n`);
    });
  }

  it('runs a controller and a broker of its own, with two listeners, found by controller.quorum.bootstrap.servers', async () => {
    const [, , controllerPort, internal, external] = ports;
    const quorum = {
      'controller.quorum.bootstrap.servers': `127.0.0.1:${controllerPort}`,
      'controller.listener.names': 'CONTROLLER',
    };
    const controller = properties('controller', {
      ...quorum,
      ...{ 'process.roles': 'controller', 'node.id': '100', 'log.dirs': join(folder, 'controller') },
      listeners: `CONTROLLER://127.0.0.1:${controllerPort}`,
    });
    const broker = properties('broker', {
      ...quorum,
      ...{ 'process.roles': 'broker', 'node.id': '7', 'log.dirs': join(folder, 'broker') },
      listeners: `INTERNAL://127.0.0.1:${internal},EXTERNAL://127.0.0.1:${external}`,
      'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT',
      'inter.broker.listener.name': 'INTERNAL',
    });
    expect((await run(storage, 'format', '-t', 'two', '-c', controller, '--standalone')).out).toContain(
      'Formatting dynamic metadata voter directory ',
    );
    expect(
      existsSync(join(folder, 'controller/__cluster_metadata-0/00000000000000000000-0000000000.checkpoint')),
    ).toBe(true);
    expect((await run(storage, 'format', '-t', 'two', '-c', broker)).code).toBe(0);
    const servers = [launch(startServer, broker), launch(startServer, controller)];
    for (const server of servers) {
      await eventually(() =>
        expect(server.out()).toContain('Kafka Server started (kafka.server.KafkaRaftServer)'),
      );
    }
    for (const port of [internal!, external!]) {
      await using client = connectCluster({ bootstrap: `127.0.0.1:${port}` });
      // A broker says that it has started when it is unfenced; that reaches its own metadata a moment later.
      await eventually(async () => {
        const { brokers } = await client.describeCluster();
        expect(brokers.map((one) => [one.id, one.port])).toEqual([[7, port]]);
      });
      expect((await client.describeQuorum()).voters.map(({ id }) => id)).toEqual([100]);
    }
    servers[0]!.interrupt(143);
    expect(await servers[0]!.ended).toBe(143);
    servers[1]!.interrupt(130);
    expect(await servers[1]!.ended).toBe(130);
  });
});
