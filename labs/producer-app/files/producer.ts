import { connect, readOrders } from './orders.ts';

async function main() {
  const kafka = connect();
  const topic = process.env.OUTPUT_TOPIC ?? '{{topic}}';
  const orders = await readOrders(kafka);

  const producer = kafka.producer({});
  await producer.connect();
  for (const order of orders) {
    await producer.send({
      topic,
      acks: 1,
      messages: [{ value: order.text }],
    });
  }
  await producer.disconnect();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
