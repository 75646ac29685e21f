import { describe, expect, it } from 'vitest';
import { brokerChangeRefusal } from '../../broker/src/handlers/configs/broker-changes.ts';
import { Loggers } from '../../broker/src/handlers/configs/loggers.ts';

const fixed = new Map([
  ['process.roles', 'broker,controller'],
  ['listeners', 'PLAINTEXT://localhost:9092,CONTROLLER://localhost:10092'],
  ['listener.security.protocol.map', 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT'],
  ['controller.listener.names', 'CONTROLLER'],
  ['log.dirs', '/data'],
]);
const layers = { fixed, dynamicDefault: new Map(), dynamicBroker: new Map([['num.io.threads', '9']]) };
const invalid = (reason: string) =>
  `Invalid value org.apache.kafka.common.config.ConfigException: ${reason} for configuration Invalid dynamic configuration`;

type Scope = 'broker' | 'default';

/** As Apache Kafka 4.3.1 answers them. */
const cases: readonly (readonly [scope: Scope, name: string, value: string, message: string | null])[] = [
  ['broker', 'log.retention.ms', '5000', null],
  ['default', 'log.retention.ms', '5000', null],
  ['broker', 'nope', 'x', null],
  ['broker', 'node.id', '9', 'Cannot update these configs dynamically: [node.id]'],
  ['default', 'num.partitions', '3', 'Cannot update these configs dynamically: [num.partitions]'],
  [
    'broker',
    'log.retention.ms',
    'x',
    'Invalid value x for configuration log.retention.ms: Not a number of type LONG',
  ],
  [
    'broker',
    'log.cleaner.min.cleanable.ratio',
    '5',
    'Invalid value 5.0 for configuration log.cleaner.min.cleanable.ratio: Value must be no more than 1',
  ],
  [
    'broker',
    'leader.replication.throttled.rate',
    '-5',
    'Invalid value -5 for configuration leader.replication.throttled.rate: Value must be at least 0',
  ],
  [
    'broker',
    'ssl.keystore.password',
    'pw',
    'These security configs can be dynamically updated only per-listener using the listener prefix: [ssl.keystore.password]',
  ],
  ['broker', 'sasl.jaas.config', 'x', null],
  [
    'default',
    'sasl.jaas.config',
    'x',
    'Cannot update these configs at default cluster level, broker id must be specified: [sasl.jaas.config]',
  ],
  [
    'broker',
    'num.io.threads',
    '1',
    invalid(
      'Dynamic thread count update validation failed for num.io.threads=1, value should be at least half the current value 9',
    ),
  ],
  [
    'broker',
    'num.io.threads',
    '19',
    invalid(
      'Dynamic thread count update validation failed for num.io.threads=19, value should not be greater than double the current value 9',
    ),
  ],
  ['default', 'num.io.threads', '1', null],
  ['broker', 'log.cleaner.threads', '0', '/ by zero'],
  [
    'broker',
    'log.cleaner.threads',
    '100',
    invalid('Log cleaner threads cannot be increased to more than double the current value 1'),
  ],
  [
    'broker',
    'log.local.retention.ms',
    '900000000',
    invalid(
      'Invalid value 900000000 for configuration log.local.retention.ms: Value must not be more than log.retention.ms property value: 604800000',
    ),
  ],
  ['broker', 'log.roll.ms', '0', 'requirement failed: log.roll.ms must be greater than or equal to 1'],
  [
    'broker',
    'cordoned.log.dirs',
    '/nope',
    'requirement failed: All entries in cordoned.log.dirs must be present in log.dirs or log.dir. Missing entries : /nope',
  ],
  ['broker', 'cordoned.log.dirs', '/data', null],
  [
    'broker',
    'listener.security.protocol.map',
    'X:PLAINTEXT',
    "Error creating broker listeners from '[PLAINTEXT://localhost:9092, CONTROLLER://localhost:10092]': No security protocol defined for listener PLAINTEXT",
  ],
  [
    'broker',
    'principal.builder.class',
    'x.Y',
    'Invalid value x.Y for configuration principal.builder.class: Class x.Y could not be found.',
  ],
];

describe('a change of a running broker', () => {
  for (const [scope, name, value, message] of cases) {
    it(`${scope} ${name}=${value}: ${message ?? 'accepted'}`, () => {
      const refusal = brokerChangeRefusal(layers, [{ name, value, operation: 0 }], scope);
      expect(refusal?.errorMessage ?? null).toBe(message);
    });
  }
});

describe('broker loggers', () => {
  it('have their own level, or that of root', () => {
    const loggers = new Loggers();
    const levelOf = (name: string) => new Map(loggers.levels()).get(name);
    loggers.apply([
      { name: 'kafka.server.ReplicaManager', value: 'DEBUG', operation: 0 },
      { name: 'root', value: 'WARN', operation: 0 },
    ]);
    expect([levelOf('kafka.server.ReplicaManager'), levelOf('kafka.server.KafkaApis')]).toEqual([
      'DEBUG',
      'WARN',
    ]);
    loggers.apply([{ name: 'kafka.server.ReplicaManager', value: null, operation: 1 }]);
    expect(levelOf('kafka.server.ReplicaManager')).toBe('WARN');
  });

  for (const [name, value, operation, message] of [
    ['no.such.Logger', 'INFO', 0, 'Logger no.such.Logger does not exist!'],
    ['root', null, 1, 'Removing the log level of the root logger is not allowed'],
    ['root', 'x', 2, 'APPEND operation is not allowed for the BROKER_LOGGER resource'],
    [
      'root',
      'LOUD',
      0,
      'Cannot set the log level of root to LOUD as it is not a supported log level. Valid log levels are DEBUG, ERROR, FATAL, INFO, TRACE, WARN',
    ],
  ] as const) {
    it(`refuse: ${message}`, () => {
      expect(new Loggers().refusal([{ name, value, operation }])?.errorMessage).toBe(message);
    });
  }
});
