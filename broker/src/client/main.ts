/** A small client of the Kafka protocol: the calls that tools, grader and console need. */
export { type AtBroker, atBroker, type TopicAtBroker } from './at-broker/at-broker.ts';
export type { GroupAtBroker } from './at-broker/groups.ts';
export type { Client } from './client.ts';
export { ClientError, type ClientErrorCode } from './client-error.ts';
export { defaultConfigValue } from './config-defaults.ts';
export { connectCluster } from './connect.ts';
export type { Call } from './connection.ts';
export { Consumer, type RebalanceListener, WakeupError } from './consumer/consumer.ts';
export type { ConsumerOptions } from './consumer/options.ts';
export type { Target } from './network.ts';
export { partitionForKey } from './producer/murmur2.ts';
export type {
  ProducerOptions,
  ProducerRecord,
  RecordMetadata,
  SendFailure,
  SendOutcome,
} from './producer/options.ts';
export { Producer } from './producer/producer.ts';
export type * from './types.ts';
export {
  type ConsumeWork,
  type ProduceWork,
  startWorkload,
  type Workload,
  type WorkloadOptions,
  type WorkloadReport,
} from './workload/workload.ts';
