// node shop/bench.ts 0|1|all [messages]: sends one message after the other and tells how many a second went.
import { connect } from './orders.ts';

const NAMES: Record<string, string> = { 0: 'none', 1: 'leader' };

async function main() {
  const [acks = 'all', count = '300'] = process.argv.slice(2);
  const producer = connect().producer();
  await producer.connect();
  const began = performance.now();
  for (let n = 1; n <= Number(count); n++) {
    await producer.send({
      topic: '{{topic}}',
      acks: acks === 'all' ? -1 : Number(acks),
      messages: [{ value: `acks=${acks} n=${n}`, headers: { acks: NAMES[acks] ?? acks } }],
    });
  }
  const seconds = (performance.now() - began) / 1000;
  await producer.disconnect();
  console.log(`acks=${acks}: ${Math.round(Number(count) / seconds)} messages/s`);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
