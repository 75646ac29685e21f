// Reads the shop's waiting orders, and notes which of them are sent. Nothing to change here.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';

export interface Order {
  readonly customer: string;
  readonly text: string;
}

export async function readOrders(kafka: Kafka): Promise<Order[]> {
  const topic = process.env.INPUT_TOPIC;
  if (topic === undefined) throw new Error('Start this with: lab run (it says where the orders are)');
  const admin = kafka.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const total = offsets.reduce((sum, { high }) => sum + Number(high), 0);
  const consumer = kafka.consumer({
    groupId: `${process.env.GROUP_ID}-orders`,
    // Disconnecting waits for the fetch under way.
    maxWaitTimeInMs: 50,
  });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const orders: Order[] = [];
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        // Reading leaves no trace: whoever starts again finds every order again.
        autoCommit: false,
        eachMessage: async ({ message }) => {
          orders.push({ customer: String(message.key), text: String(message.value) });
          if (orders.length === total) resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return orders;
}

/** Where the orders that are sent are noted: the orders' topic, and how many of it. Outlives the program. */
const NOTES = 'shop/sent.txt';

/** How many orders, from the first one on, are marked as sent. */
export function sentBefore(): number {
  try {
    const [topic, count] = readFileSync(NOTES, 'utf8').split(' ');
    return topic === process.env.INPUT_TOPIC ? Number(count) : 0;
  } catch {
    return 0;
  }
}

/** Marks the next order as sent. */
export function markSent(): void {
  // In one piece, so that no crash leaves half a note.
  writeFileSync(`${NOTES}.new`, `${process.env.INPUT_TOPIC} ${sentBefore() + 1}`);
  renameSync(`${NOTES}.new`, NOTES);
}

/** Wraps an order up, which takes a moment. */
export async function pack(order: Order): Promise<{ key: string; value: string }> {
  await setTimeout(200);
  return { key: order.customer, value: order.text };
}

export function connect(): Kafka {
  const brokers = (process.env.KAFKA_BOOTSTRAP ?? 'localhost:9092').split(',');
  return new Kafka({ clientId: 'shop', brokers, logLevel: logLevel.NOTHING });
}
