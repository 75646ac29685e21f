/**
 * kafka-verifiable-producer.sh: writes 0, 1, 2, … and tells of each record, as JSON lines, whether it was acknowledged.
 * Follows org.apache.kafka.tools.VerifiableProducer.
 */
import type { Producer } from '../client/main.ts';
import { openProducer } from './framework/open-client.ts';
import type { ToolPorts } from './framework/ports.ts';
import { nameOfKafkaError } from './java/java-error.ts';
import { verifiableProducerParser } from './verifiable/options.ts';
import { readConfigFile, runVerifiable, say, type Values } from './verifiable/run.ts';

export function run(ports: ToolPorts): Promise<number> {
  return runVerifiable(ports, verifiableProducerParser, (values) => produce(ports, values));
}

async function produce(ports: ToolPorts, values: Values): Promise<number> {
  const properties = new Map([
    ['acks', String(values.get('acks'))],
    ['retries', '0'],
    ...readConfigFile(ports, values, verifiableProducerParser),
  ]);
  const producer = await openProducer(ports, properties, values.get('bootstrapServer') as string);
  const run = new Run(ports, producer, values);
  let code = 0;
  ports.onInterrupt((signal) => {
    code = signal;
    run.stop();
  });
  await run.all();
  return code;
}

class Run {
  readonly #ports: ToolPorts;
  readonly #producer: Producer;
  readonly #values: Values;
  #stopped = false;
  #sent = 0;
  #acked = 0;

  constructor(ports: ToolPorts, producer: Producer, values: Values) {
    this.#ports = ports;
    this.#producer = producer;
    this.#values = values;
  }

  stop(): void {
    this.#stopped = true;
  }

  async all(): Promise<void> {
    const { now } = this.#ports;
    const max = this.#number('maxMessages');
    const throughput = this.#number('throughput');
    const startMs = now();
    this.#say({ name: 'startup_complete' });
    for (let index = 0; (max < 0 || index < max) && !this.#stopped; index++) {
      await this.#send(index, startMs);
      const dueMs = throughput > 0 ? startMs + ((index + 1) * 1000) / throughput - now() : 0;
      await new Promise((resolve) => (dueMs >= 1 ? setTimeout(resolve, dueMs) : setImmediate(resolve)));
    }
    await this.#producer.close();
    this.#say({ name: 'shutdown_complete' });
    this.#say({
      name: 'tool_data',
      ...{ sent: this.#sent, acked: this.#acked, target_throughput: throughput },
      avg_throughput: (1000 * this.#acked) / Math.max(now() - startMs, 1),
    });
  }

  async #send(index: number, startMs: number): Promise<void> {
    const prefix = this.#values.get('valuePrefix');
    const value = prefix === undefined ? String(index) : `${prefix}.${index}`;
    const keys = this.#values.get('repeatingKeys') as number | undefined;
    const key = keys === undefined ? null : String(keys > 0 ? index % keys : index);
    const topic = this.#values.get('topic') as string;
    const createTime = this.#number('createTime');
    const timestamp = createTime < 0 ? {} : { timestamp: createTime + (this.#ports.now() - startMs) };
    this.#sent++;
    const record = {
      topic,
      key: key === null ? null : Buffer.from(key),
      value: Buffer.from(value),
      ...timestamp,
    };
    await this.#producer.send(record, (outcome) => {
      if (outcome.ok) {
        const { offset, partition } = outcome.metadata;
        this.#acked++;
        this.#say({ name: 'producer_send_success', key, value, offset, topic, partition });
      } else {
        const { exception, message } = outcome.failure;
        const name = `class ${nameOfKafkaError(exception)}`;
        this.#say({ name: 'producer_send_error', topic, key, value, exception: name, message });
      }
    });
  }

  #number(name: string): number {
    return this.#values.get(name) as number;
  }

  #say(event: { readonly name: string } & Record<string, unknown>): void {
    say(this.#ports, event);
  }
}
