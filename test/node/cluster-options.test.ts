import { describe, expect, it } from 'vitest';
import { parseClusterCommand } from '../../broker/src/node/cluster-options.ts';

describe('the command line of npm run cluster', () => {
  it('has defaults, and takes each option with a space or an equals sign', () => {
    expect(parseClusterCommand([])).toMatchObject({
      brokers: 3,
      port: 9092,
      firstId: 1,
      advertise: 'localhost',
    });
    const command = parseClusterCommand([
      ...['--brokers', '5', '--port=19092', '--first-id', '10', '--data', '/d', '--advertise', 'kafka'],
      ...['--set', 'num.partitions=3', '--set=log.retention.hours=1'],
    ]);
    expect(command).toEqual({
      packing: 'one',
      control: false,
      brokers: 5,
      port: 19092,
      firstId: 10,
      dataDir: '/d',
      advertise: 'kafka',
      config: { 'num.partitions': '3', 'log.retention.hours': '1' },
    });
  });

  for (const [args, message] of [
    [['--brokers', 'x'], '--brokers must be a whole number from 1 to 100, not "x"'],
    [['--port'], '--port needs a value'],
    [['--set', 'novalue'], '--set takes key=value, not "novalue"'],
    [['--config', '/no/such/file'], 'cannot read the properties file /no/such/file'],
    [['--wat'], 'unknown option --wat'],
    [['--set', 'num.partition=3'], 'there is no configuration num.partition; did you mean num.partitions?'],
    [['--set', 'retention.ms=3'], 'there is no configuration retention.ms; did you mean log.retention.ms?'],
    [['--set', 'node.id=3'], 'node.id differs from broker to broker: use --first-id instead of setting it'],
    [['--set', 'leader.replication.throttled.rate=3'], 'can only be set while the cluster runs'],
  ] as const) {
    it(`says what is wrong with ${args.join(' ')}`, () => {
      expect(() => parseClusterCommand(args)).toThrow(message);
    });
  }
});
