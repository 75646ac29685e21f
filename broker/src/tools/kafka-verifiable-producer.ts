/**
 * kafka-verifiable-producer.sh: writes 0, 1, 2, … and tells of each record, as JSON lines, whether it was acknowledged.
 * Follows org.apache.kafka.tools.VerifiableProducer.
 */
import { Producer } from '../client/main.ts';
import { loadProperties } from './framework/admin.ts';
import { type Argument, helpArgument, type Parser } from './framework/argparse/declaration.ts';
import { readArguments } from './framework/argparse/read.ts';
import type { ToolPorts } from './framework/ports.ts';
import { producerOptions } from './framework/producer-configs.ts';
import { JavaError } from './java/java-error.ts';

const number = (flag: string, name: string, help: Argument['help']): Argument => ({
  flags: [flag],
  name,
  help,
  type: 'Integer',
  default: '-1',
});

const parser: Parser = {
  name: 'verifiable-producer',
  description: {
    en: 'Writes growing numbers to a topic and tells of each, as JSON, whether it was acknowledged.',
    ko: '토픽에 커지는 숫자를 쓰고, 하나하나 확인되었는지 JSON으로 알려 줍니다.',
  },
  arguments: [
    helpArgument,
    { flags: ['--topic'], name: 'topic', required: true, help: { en: 'topic to write to', ko: '쓸 토픽' } },
    {
      ...number('--max-messages', 'maxMessages', {
        en: 'records to write; -1: until stopped',
        ko: '쓸 레코드 수. -1이면 멈출 때까지',
      }),
      metavar: 'MAX-MESSAGES',
    },
    {
      ...number('--throughput', 'throughput', {
        en: 'records a second; -1: no limit',
        ko: '초당 레코드 수. -1이면 제한 없음',
      }),
    },
    {
      ...number('--acks', 'acks', { en: '0, 1 or -1 (all)', ko: '0, 1 또는 -1(all)' }),
      choices: ['0', '1', '-1'],
    },
    {
      flags: ['--producer.config'],
      name: 'producer.config',
      metavar: 'CONFIG-FILE',
      help: { en: 'deprecated: use --command-config', ko: '사용 중단 예정: --command-config를 쓰세요' },
    },
    {
      ...number('--message-create-time', 'createTime', {
        en: 'time of the first record, in milliseconds',
        ko: '첫 레코드의 시각(밀리초)',
      }),
      type: 'Long',
      metavar: 'CREATE-TIME',
    },
    {
      flags: ['--value-prefix'],
      name: 'valuePrefix',
      metavar: 'VALUE-PREFIX',
      type: 'Integer',
      help: { en: 'what stands, with a dot, before each value', ko: '값 앞에 점과 함께 붙일 숫자' },
    },
    {
      flags: ['--repeating-keys'],
      name: 'repeatingKeys',
      metavar: 'REPEATING-KEYS',
      type: 'Integer',
      help: { en: 'keys 0 to below this, again and again', ko: '0부터 이 수 미만의 키를 되풀이합니다' },
    },
    {
      flags: ['--command-config'],
      name: 'command.config',
      metavar: 'CONFIG-FILE',
      help: { en: 'properties file of the producer', ko: '프로듀서 설정 파일' },
    },
    {
      flags: ['--bootstrap-server'],
      name: 'bootstrapServer',
      metavar: 'HOST1:PORT1[,HOST2:PORT2[...]]',
      required: true,
      help: { en: 'brokers to connect to', ko: '접속할 브로커' },
    },
  ],
};

type Values = ReturnType<typeof readArguments>['values'];

export async function run(ports: ToolPorts): Promise<number> {
  const args = ports.args.length === 0 ? ['--help'] : ports.args;
  const { values } = readArguments({ ...ports, args }, parser);
  try {
    return await produce(ports, values);
  } catch (error) {
    if (!(error instanceof JavaError)) throw error;
    ports.err(`Exception in thread "main" ${error.trace}`);
    return 1;
  }
}

async function produce(ports: ToolPorts, values: Values): Promise<number> {
  const file = (values.get('command.config') ?? values.get('producer.config')) as string | undefined;
  const properties = new Map([
    ['acks', String(values.get('acks'))],
    ['retries', '0'],
    ...loadProperties(ports, file ?? null),
  ]);
  const producer = new Producer(producerOptions(ports, properties, values.get('bootstrapServer') as string));
  await producer.network.checkNames();
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
    const key = keys === undefined ? null : String(index % keys);
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
        const name = `class org.apache.kafka.common.errors.${exception}`;
        this.#say({ name: 'producer_send_error', topic, key, value, exception: name, message });
      }
    });
  }

  #number(name: string): number {
    return this.#values.get(name) as number;
  }

  #say(event: object): void {
    this.#ports.out(`${JSON.stringify({ timestamp: this.#ports.now(), ...event })}\n`);
    this.#ports.flush();
  }
}
