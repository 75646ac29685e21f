import { Kafka, logLevel } from 'kafkajs';

const kafka = new Kafka({ brokers: process.env.KAFKA_BOOTSTRAP.split(','), logLevel: logLevel.NOTHING });
const consumer = kafka.consumer({ groupId: process.env.GROUP_ID, sessionTimeout: 6000 });
const producer = kafka.producer();
await producer.connect();
await consumer.connect();
await consumer.subscribe({ topic: process.env.INPUT_TOPIC, fromBeginning: true });
await consumer.run({
  autoCommit: false,
  eachMessage: async ({ topic, partition, message }) => {
    await producer.send({
      topic: process.env.OUTPUT_TOPIC,
      messages: [{ key: message.key, value: message.value }],
    });
    await consumer.commitOffsets([{ topic, partition, offset: String(Number(message.offset) + 1) }]);
  },
});
