/** Options of kafka-console-producer.sh. */
import { bootstrapError } from '../framework/bootstrap.ts';
import { OptionError, type OptionSet, type OptionTable, parseOptions } from '../framework/options.ts';
import type { ToolPorts } from '../framework/ports.ts';
import { helpOptions, Usage } from '../framework/usage.ts';

const readerProperties = `\n parse.key=false\n parse.headers=false\n ignore.error=false\n key.separator=\\t\n headers.delimiter=\\t\n headers.separator=,\n headers.key.separator=:\n null.marker=`;

export const producerOptionTable = {
  ...helpOptions,
  topic: {
    argument: 'topic',
    help: { en: 'REQUIRED: the topic to write to.', ko: '필수: 메시지를 보낼 토픽.' },
  },
  'bootstrap-server': {
    argument: 'server to connect to',
    help: {
      en: 'REQUIRED: the broker (or several, HOST1:PORT1,HOST2:PORT2) to connect to.',
      ko: '필수: 접속할 브로커(HOST1:PORT1,HOST2:PORT2).',
    },
  },
  sync: {
    help: {
      en: 'Wait for the answer to each line before the next is sent.',
      ko: '한 줄을 보내고 응답을 받은 뒤에 다음 줄을 보냅니다.',
    },
  },
  'compression-codec': {
    argument: 'compression-codec',
    optional: true,
    help: {
      en: "Compress with 'none', 'gzip', 'snappy', 'lz4' or 'zstd'; named without a value it is 'gzip'.",
      ko: "압축 방식: 'none', 'gzip', 'snappy', 'lz4', 'zstd'. 값 없이 쓰면 'gzip'.",
    },
  },
  'batch-size': {
    argument: 'size',
    type: 'Integer',
    default: '16384',
    help: {
      en: 'Bytes collected for one partition before they are sent (batch.size).',
      ko: '파티션 하나에 보내기 전에 모을 바이트 수(batch.size).',
    },
  },
  'message-send-max-retries': {
    argument: '',
    type: 'Integer',
    default: '3',
    help: {
      en: 'How often a message is sent again before it is given up (retries).',
      ko: '포기하기 전에 다시 보내는 횟수(retries).',
    },
  },
  'retry-backoff-ms': {
    argument: '',
    type: 'Long',
    default: '100',
    help: {
      en: 'Pause before sending again (retry.backoff.ms).',
      ko: '다시 보내기 전에 쉬는 시간(retry.backoff.ms).',
    },
  },
  timeout: {
    argument: 'timeout_ms',
    type: 'Long',
    default: '1000',
    help: {
      en: 'How long a line may wait for others to be sent with it (linger.ms).',
      ko: '다른 줄과 함께 보내려고 기다리는 시간(linger.ms).',
    },
  },
  'request-required-acks': {
    argument: 'request required acks',
    default: '-1',
    help: {
      en: 'Which acknowledgement is wanted (acks): 0, 1 or all.',
      ko: '받을 확인 응답(acks): 0, 1, all.',
    },
  },
  'request-timeout-ms': {
    argument: 'request timeout ms',
    type: 'Integer',
    default: '1500',
    help: { en: 'How long an answer may take; more than 0.', ko: '응답을 기다리는 시간. 0보다 커야 합니다.' },
  },
  'metadata-expiry-ms': {
    argument: 'metadata expiration interval',
    type: 'Long',
    default: '300000',
    help: {
      en: 'After how long metadata is asked for again even without a reason (metadata.max.age.ms).',
      ko: '별일이 없어도 메타데이터를 다시 묻는 간격(metadata.max.age.ms).',
    },
  },
  'max-block-ms': {
    argument: 'max block on send',
    type: 'Long',
    default: '60000',
    help: {
      en: 'How long sending may wait (max.block.ms).',
      ko: '보내기가 기다릴 수 있는 시간(max.block.ms).',
    },
  },
  'max-memory-bytes': {
    argument: 'total memory in bytes',
    type: 'Long',
    default: '33554432',
    help: {
      en: 'Memory for lines that are not sent yet (buffer.memory).',
      ko: '아직 보내지 않은 줄에 쓸 메모리(buffer.memory).',
    },
  },
  'max-partition-memory-bytes': {
    argument: 'memory in bytes per partition',
    type: 'Integer',
    default: '16384',
    help: {
      en: '(Deprecated) The old name of --batch-size; goes away in 5.0.',
      ko: '(사용 중단 예정) --batch-size의 옛 이름. 5.0에서 없어집니다.',
    },
  },
  'line-reader': {
    argument: 'reader_class',
    default: 'org.apache.kafka.tools.LineMessageReader',
    help: {
      en: 'Class that turns standard input into messages. Only the line reader is there.',
      ko: '표준 입력을 메시지로 바꾸는 클래스. 줄 단위 리더만 있습니다.',
    },
  },
  'socket-buffer-size': {
    argument: 'size',
    type: 'Integer',
    default: '102400',
    help: {
      en: 'Bytes of the TCP buffer (send.buffer.bytes).',
      ko: 'TCP 버퍼의 바이트 수(send.buffer.bytes).',
    },
  },
  property: {
    argument: 'prop',
    help: {
      en: '(DEPRECATED) The old name of --reader-property.',
      ko: '(사용 중단 예정) --reader-property의 옛 이름.',
    },
  },
  'reader-property': {
    argument: 'prop',
    help: {
      en: `How a line is read, as key=value. There are, with their defaults:${readerProperties}\nWith parse.key a line is "key<separator>value"; with parse.headers it begins with "h1:v1,h2:v2<delimiter>". What equals null.marker becomes null.`,
      ko: `한 줄을 읽는 방법을 key=value로 정합니다. 이름과 기본값:${readerProperties}\nparse.key를 켜면 한 줄은 "키<구분자>값"이고, parse.headers를 켜면 앞에 "h1:v1,h2:v2<구분자>"가 옵니다. null.marker와 같은 것은 null이 됩니다.`,
    },
  },
  'reader-config': {
    argument: 'config file',
    help: {
      en: 'File with such properties; --reader-property wins.',
      ko: '위 속성을 담은 파일. --reader-property가 우선합니다.',
    },
  },
  'producer-property': {
    argument: 'producer_prop',
    help: {
      en: '(DEPRECATED) The old name of --command-property.',
      ko: '(사용 중단 예정) --command-property의 옛 이름.',
    },
  },
  'command-property': {
    argument: 'producer_prop',
    help: { en: 'A setting of the producer, as key=value.', ko: '프로듀서 설정(key=value).' },
  },
  'producer.config': {
    argument: 'config file',
    help: {
      en: '(DEPRECATED) The old name of --command-config.',
      ko: '(사용 중단 예정) --command-config의 옛 이름.',
    },
  },
  'command-config': {
    argument: 'config file',
    help: {
      en: 'File with settings of the producer; --command-property wins.',
      ko: '프로듀서 설정 파일. --command-property가 우선합니다.',
    },
  },
} as const satisfies OptionTable;

export type ProducerOptionSet = OptionSet<typeof producerOptionTable>;

const together = [
  ['command-config', 'producer.config'],
  ['command-property', 'producer-property'],
  ['reader-property', 'property'],
] as const;

const renamed = [
  ['producer-property', 'command-property'],
  ['producer.config', 'command-config'],
  ['property', 'reader-property'],
] as const;

export function readProducerOptions(ports: ToolPorts): ProducerOptionSet {
  const usage = new Usage(ports, producerOptionTable);
  const set = parse(ports, usage);
  usage.helpOrVersion(set, {
    en: 'Reads lines from standard input and writes them to a topic.',
    ko: '표준 입력에서 읽은 줄을 토픽에 보냅니다.',
  });
  usage.required(set, 'topic');
  for (const [name, old] of together) {
    if (set.has(name) && set.has(old)) {
      usage.fail(`Options --${name} and --${old} cannot be specified together.`);
    }
  }
  for (const [old, name] of renamed) {
    if (set.has(old)) {
      ports.out(
        `Warning: --${old} is deprecated and will be removed in a future version. Use --${name} instead.\n`,
      );
    }
  }
  if (set.has('max-partition-memory-bytes')) {
    ports.out(
      'Warning: --max-partition-memory-bytes is deprecated and will be removed in Apache Kafka 5.0. Use --batch-size instead.\n',
    );
  }
  const wrong = bootstrapError(set.value('bootstrap-server'));
  if (wrong !== null) usage.fail(wrong);
  return set;
}

function parse(ports: ToolPorts, usage: Usage<typeof producerOptionTable>): ProducerOptionSet {
  try {
    return parseOptions(producerOptionTable, ports.args);
  } catch (error) {
    if (error instanceof OptionError) usage.fail(error.text);
    throw error;
  }
}
