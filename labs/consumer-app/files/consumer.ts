import { connect, makeReceipt, orders, receipts, settings } from './shop.ts';

async function main() {
  const kafka = connect();
  const producer = kafka.producer({});
  const consumer = kafka.consumer(settings);
  await producer.connect();
  await consumer.connect();
  await consumer.subscribe({ topic: orders, fromBeginning: false });

  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch, heartbeat }) => {
      const { topic, partition, messages } = batch;
      const next = String(Number(batch.lastOffset()) + 1);
      await consumer.commitOffsets([{ topic, partition, offset: next }]);
      for (const message of messages) {
        const receipt = await makeReceipt(message);
        await producer.send({ topic: receipts, messages: [receipt] });
        await heartbeat();
      }
    },
  });
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
