// Reads the shop's waiting orders, all of them, once. Nothing to change here.
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

export function connect(): Kafka {
  const brokers = (process.env.KAFKA_BOOTSTRAP ?? 'localhost:9092').split(',');
  return new Kafka({ clientId: 'shop', brokers, logLevel: logLevel.NOTHING });
}
