import { connect, markSent, pack, readOrders, sentBefore } from './orders.ts';

async function main() {
  const kafka = connect();
  const topic = process.env.OUTPUT_TOPIC ?? '{{topic}}';
  const orders = await readOrders(kafka);

  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  for (const order of orders.slice(sentBefore())) {
    markSent();
    const message = await pack(order);
    await producer.send({ topic, acks: -1, messages: [message] });
  }
  await producer.disconnect();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
