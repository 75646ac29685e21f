/** A Java consumer's properties → our consumer's options. */

import type { AssignorName } from '../../client/consumer/assignors/registry.ts';
import type { ConsumerOptions } from '../../client/main.ts';
import { hashOfTopicPartition, inHashOrder } from '../java/hash-order.ts';
import { illegalArgument, JavaError, kafkaError } from '../java/java-error.ts';
import { type ConfigRule, Configs, configError, constructing } from './client-configs.ts';
import type { ToolPorts } from './ports.ts';
import { warn } from './producer-configs.ts';

const rules: Readonly<Record<string, ConfigRule>> = {
  'allow.auto.create.topics': { kind: 'BOOLEAN' },
  'auto.commit.interval.ms': { kind: 'INT', least: 0 },
  'client.id': { kind: 'STRING' },
  'enable.auto.commit': { kind: 'BOOLEAN' },
  'exclude.internal.topics': { kind: 'BOOLEAN' },
  'fetch.max.bytes': { kind: 'INT', least: 0 },
  'fetch.max.wait.ms': { kind: 'INT', least: 0 },
  'fetch.min.bytes': { kind: 'INT', least: 0 },
  'group.id': { kind: 'STRING' },
  'group.instance.id': { kind: 'STRING' },
  'group.protocol': { kind: 'STRING', choices: ['CONSUMER', 'CLASSIC'], ignoreCase: true },
  'group.remote.assignor': { kind: 'STRING' },
  'heartbeat.interval.ms': { kind: 'INT' },
  'isolation.level': { kind: 'STRING', choices: ['read_committed', 'read_uncommitted'] },
  'max.partition.fetch.bytes': { kind: 'INT', least: 0 },
  'max.poll.interval.ms': { kind: 'INT', least: 1 },
  'max.poll.records': { kind: 'INT', least: 1 },
  'metadata.max.age.ms': { kind: 'LONG', least: 0 },
  'partition.assignment.strategy': { kind: 'STRING' },
  'request.timeout.ms': { kind: 'INT', least: 0 },
  'retry.backoff.max.ms': { kind: 'LONG', least: 0 },
  'retry.backoff.ms': { kind: 'LONG', least: 0 },
  'session.timeout.ms': { kind: 'INT' },
};

const assignorClasses: Readonly<Record<string, AssignorName>> = {
  'org.apache.kafka.clients.consumer.RangeAssignor': 'range',
  'org.apache.kafka.clients.consumer.RoundRobinAssignor': 'roundrobin',
  'org.apache.kafka.clients.consumer.StickyAssignor': 'sticky',
  'org.apache.kafka.clients.consumer.CooperativeStickyAssignor': 'cooperative-sticky',
};
const assignorsByDefault =
  'org.apache.kafka.clients.consumer.RangeAssignor,org.apache.kafka.clients.consumer.CooperativeStickyAssignor';

export function consumerOptions(
  ports: ToolPorts,
  properties: ReadonlyMap<string, string>,
  bootstrap: string,
): ConsumerOptions {
  const configs = new Configs(properties, rules);
  const groupId = configs.has('group.id') ? configs.text('group.id', '') : null;
  const instanceId = configs.text('group.instance.id', '');
  const clientId = configs.text('client.id', `consumer-${groupId}-${instanceId || '1'}`);
  const remoteAssignor = configs.text('group.remote.assignor', '');
  const instance = instanceId === '' ? '' : `instanceId=${instanceId}, `;
  const prefix = `[Consumer ${instance}clientId=${clientId}, groupId=${groupId}] `;
  checkGroup(configs, groupId);
  return {
    bootstrap,
    clientId,
    ...(groupId === null ? {} : { groupId }),
    ...(instanceId === '' ? {} : { groupInstanceId: instanceId }),
    ...(remoteAssignor === '' ? {} : { remoteAssignor }),
    groupProtocol:
      configs.text('group.protocol', 'classic').toLowerCase() === 'consumer' ? 'consumer' : 'classic',
    assignors: assignors(configs.text('partition.assignment.strategy', assignorsByDefault)),
    offsetReset: offsetReset(configs.text('auto.offset.reset', 'latest')),
    isolation:
      configs.text('isolation.level', 'read_uncommitted') === 'read_committed'
        ? 'read_committed'
        : 'read_uncommitted',
    autoCommit: configs.flag('enable.auto.commit', true),
    autoCommitIntervalMs: configs.number('auto.commit.interval.ms', 5_000),
    sessionTimeoutMs: configs.number('session.timeout.ms', 45_000),
    heartbeatIntervalMs: configs.number('heartbeat.interval.ms', 3_000),
    pollIntervalMaxMs: configs.number('max.poll.interval.ms', 300_000),
    pollRecordsMax: configs.number('max.poll.records', 500),
    fetchWaitMsMax: configs.number('fetch.max.wait.ms', 500),
    fetchBytesMin: configs.number('fetch.min.bytes', 1),
    fetchBytesMax: configs.number('fetch.max.bytes', 52_428_800),
    partitionBytesMax: configs.number('max.partition.fetch.bytes', 1_048_576),
    metadataAgeMsMax: configs.number('metadata.max.age.ms', 300_000),
    autoCreateTopics: configs.flag('allow.auto.create.topics', true),
    excludeInternalTopics: configs.flag('exclude.internal.topics', true),
    requestTimeoutMs: configs.number('request.timeout.ms', 30_000),
    retryBackoffMs: configs.number('retry.backoff.ms', 100),
    retryBackoffMaxMs: configs.number('retry.backoff.max.ms', 1_000),
    order: (partitions) => inHashOrder(partitions, hashOfTopicPartition),
    onWarning: (warning) => warn(ports, prefix, warning),
  };
}

/** What belongs to the other group protocol, and what no group can be. */
function checkGroup(configs: Configs, groupId: string | null): void {
  const protocol = configs.text('group.protocol', 'classic').toUpperCase();
  const foreign =
    protocol === 'CONSUMER'
      ? ['partition.assignment.strategy', 'heartbeat.interval.ms', 'session.timeout.ms']
      : ['group.remote.assignor'];
  for (const name of foreign) {
    if (configs.has(name)) throw configError(`${name} cannot be set when group.protocol=${protocol}`);
  }
  if (groupId?.trim() === '') {
    const text = 'The configured group.id should not be an empty string or whitespace.';
    throw constructing('consumer', kafkaError('InvalidGroupIdException', text));
  }
  const sessionMs = configs.number('session.timeout.ms', 45_000);
  if (protocol === 'CLASSIC' && configs.number('heartbeat.interval.ms', 3_000) >= sessionMs) {
    throw constructing('consumer', illegalArgument('Heartbeat must be set lower than the session timeout'));
  }
}

function assignors(text: string): AssignorName[] {
  return text.split(',').map((part) => {
    const name = assignorClasses[part.trim()];
    if (name === undefined) {
      throw constructing(
        'consumer',
        new JavaError(
          'org.apache.kafka.common.KafkaException',
          `${part.trim()} ClassNotFoundException exception occurred`,
          new JavaError('java.lang.ClassNotFoundException', part.trim()),
        ),
      );
    }
    return name;
  });
}

function offsetReset(text: string): 'earliest' | 'latest' | 'none' {
  const word = text.toLowerCase();
  if (word === 'earliest' || word === 'latest' || word === 'none') return word;
  throw configError(
    `Invalid value ${text} for configuration auto.offset.reset: Invalid value \`${text}\` for configuration auto.offset.reset. The value must be either 'earliest', 'latest', 'none' or of the format 'by_duration:<PnDTnHnMn.nS.>'.`,
  );
}
