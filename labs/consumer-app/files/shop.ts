// How the shop's programs reach the cluster, and what they make of an order. Nothing to change here.
import type { KafkaMessage } from 'kafkajs';
import { Kafka, logLevel } from 'kafkajs';

export const group = process.env.GROUP_ID ?? 'receipts';
export const orders = process.env.INPUT_TOPIC ?? 'orders';
export const receipts = process.env.OUTPUT_TOPIC ?? 'receipts';
export const unreadable = process.env.DEAD_LETTER_TOPIC ?? 'unreadable';

export function connect(): Kafka {
  const brokers = (process.env.KAFKA_BOOTSTRAP ?? 'localhost:9092').split(',');
  return new Kafka({ clientId: 'shop', brokers, logLevel: logLevel.NOTHING });
}

/** Short times, so that a crash is noticed within two seconds; a few orders a time. */
export const settings = {
  groupId: group,
  sessionTimeout: 1500,
  heartbeatInterval: 300,
  maxWaitTimeInMs: 50,
  maxBytesPerPartition: 1,
};

/** Charges the customer, which takes a moment. Throws when the order cannot be read. */
export async function makeReceipt(message: KafkaMessage): Promise<{ key: Buffer | null; value: string }> {
  const { order, won } = JSON.parse(String(message.value)) as { order: string; won: number };
  await new Promise((resolve) => setTimeout(resolve, 30));
  return { key: message.key, value: JSON.stringify({ order, paid: won }) };
}
