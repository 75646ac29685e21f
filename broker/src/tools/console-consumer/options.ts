/** Options of kafka-console-consumer.sh. */
import { OptionError, type OptionSet, type OptionTable, parseOptions } from '../framework/options.ts';
import type { ToolPorts } from '../framework/ports.ts';
import { helpOptions, Usage } from '../framework/usage.ts';

const formatterProperties = `\n print.timestamp=true|false\n print.key=true|false\n print.offset=true|false\n print.epoch=true|false\n print.partition=true|false\n print.headers=true|false\n print.value=true|false\n key.separator=<key.separator>\n line.separator=<line.separator>\n headers.separator=<headers.separator>\n null.literal=<null.literal>\n key.deserializer=<key.deserializer>\n value.deserializer=<value.deserializer>\n header.deserializer=<header.deserializer>`;

export const consumerOptionTable = {
  ...helpOptions,
  topic: { argument: 'topic', help: { en: 'The topic to read.', ko: '읽을 토픽.' } },
  include: {
    argument: 'Java regex (String)',
    help: {
      en: 'Read all topics whose names this regular expression matches.',
      ko: '이름이 이 정규식과 맞는 모든 토픽을 읽습니다.',
    },
  },
  partition: {
    argument: 'partition',
    type: 'Integer',
    help: {
      en: 'Read this partition only, outside any group; from its end unless --offset says otherwise.',
      ko: '그룹 없이 이 파티션만 읽습니다. --offset이 없으면 끝에서부터.',
    },
  },
  offset: {
    argument: 'consume offset',
    default: 'latest',
    help: {
      en: "With --partition: the offset to begin at, a number, 'earliest' or 'latest'.",
      ko: "--partition과 함께: 시작할 오프셋. 숫자, 'earliest', 'latest'.",
    },
  },
  'consumer-property': {
    argument: 'consumer_prop',
    help: {
      en: '(DEPRECATED) The old name of --command-property.',
      ko: '(사용 중단 예정) --command-property의 옛 이름.',
    },
  },
  'command-property': {
    argument: 'consumer_prop',
    help: { en: 'A setting of the consumer, as key=value.', ko: '컨슈머 설정(key=value).' },
  },
  'consumer.config': {
    argument: 'config file',
    help: {
      en: '(DEPRECATED) The old name of --command-config.',
      ko: '(사용 중단 예정) --command-config의 옛 이름.',
    },
  },
  'command-config': {
    argument: 'config file',
    help: {
      en: 'File with settings of the consumer; --command-property wins.',
      ko: '컨슈머 설정 파일. --command-property가 우선합니다.',
    },
  },
  formatter: {
    argument: 'class',
    default: 'org.apache.kafka.tools.consumer.DefaultMessageFormatter',
    help: { en: 'Class that writes the records.', ko: '레코드를 출력하는 클래스.' },
  },
  property: {
    argument: 'prop',
    help: {
      en: '(DEPRECATED) The old name of --formatter-property.',
      ko: '(사용 중단 예정) --formatter-property의 옛 이름.',
    },
  },
  'formatter-property': {
    argument: 'prop',
    help: {
      en: `How records are written, as key=value. There are:${formatterProperties}`,
      ko: `레코드를 출력하는 방법을 key=value로 정합니다. 쓸 수 있는 이름:${formatterProperties}`,
    },
  },
  'formatter-config': {
    argument: 'config file',
    help: {
      en: 'File with such properties; --formatter-property wins.',
      ko: '위 속성을 담은 파일. --formatter-property가 우선합니다.',
    },
  },
  'from-beginning': {
    help: {
      en: 'Where the group has no offset yet, begin with the oldest record instead of the next new one.',
      ko: '그룹에 저장된 오프셋이 없으면 새 레코드가 아니라 가장 오래된 레코드부터 읽습니다.',
    },
  },
  'max-messages': {
    argument: 'num_messages',
    type: 'Integer',
    help: { en: 'Stop after so many records.', ko: '레코드를 이만큼 읽으면 끝냅니다.' },
  },
  'timeout-ms': {
    argument: 'timeout_ms',
    type: 'Long',
    help: { en: 'Stop when no record came for so long.', ko: '이 시간 동안 레코드가 오지 않으면 끝냅니다.' },
  },
  'skip-message-on-error': {
    help: {
      en: 'Pass over a record that cannot be written instead of stopping.',
      ko: '출력할 수 없는 레코드는 멈추지 않고 건너뜁니다.',
    },
  },
  'bootstrap-server': {
    argument: 'server to connect to',
    help: { en: 'REQUIRED: the broker(s) to connect to.', ko: '필수: 접속할 브로커.' },
  },
  'key-deserializer': {
    argument: 'deserializer for keys',
    help: { en: 'Class that reads keys.', ko: '키를 읽는 클래스.' },
  },
  'value-deserializer': {
    argument: 'deserializer for values',
    help: { en: 'Class that reads values.', ko: '값을 읽는 클래스.' },
  },
  'enable-systest-events': {
    help: {
      en: 'Also say when the consumer ends (for system tests).',
      ko: '컨슈머가 끝날 때도 알립니다(시스템 테스트용).',
    },
  },
  'isolation-level': {
    argument: '',
    default: 'read_uncommitted',
    help: {
      en: 'read_committed leaves out records of transactions that were not committed; read_uncommitted shows all.',
      ko: 'read_committed는 커밋되지 않은 트랜잭션의 레코드를 빼고, read_uncommitted는 모두 보여 줍니다.',
    },
  },
  group: {
    argument: 'consumer group id',
    help: { en: 'The consumer group to read as a member of.', ko: '참여할 컨슈머 그룹.' },
  },
} as const satisfies OptionTable;

export type ConsumerOptionSet = OptionSet<typeof consumerOptionTable>;
export type ConsumerUsage = Usage<typeof consumerOptionTable>;

export function readConsumerOptions(ports: ToolPorts): { set: ConsumerOptionSet; usage: ConsumerUsage } {
  const usage = new Usage(ports, consumerOptionTable);
  const set = parse(ports, usage);
  usage.helpOrVersion(set, {
    en: 'Reads records of topics and writes them to standard output.',
    ko: '토픽의 레코드를 읽어 표준 출력에 씁니다.',
  });
  checkRequired(set, usage);
  if (set.has('consumer-property') && set.has('command-property')) {
    usage.fail('Options --consumer-property and --command-property cannot be specified together.');
  }
  if (set.has('consumer.config') && set.has('command-config')) {
    usage.fail('Options --consumer.config and --command-config cannot be specified together.');
  }
  for (const [old, name] of [
    ['consumer-property', 'command-property'],
    ['consumer.config', 'command-config'],
  ] as const) {
    if (set.has(old)) ports.out(deprecated(old, name));
  }
  return { set, usage };
}

export function deprecated(old: string, name: string): string {
  return `Option --${old} is deprecated and will be removed in a future version. Use --${name} instead.\n`;
}

function checkRequired(set: ConsumerOptionSet, usage: ConsumerUsage): void {
  usage.exactlyOne(set, 'topic', 'include');
  if (set.has('partition')) {
    set.number('partition');
    if (!set.has('topic')) usage.fail('The topic is required when partition is specified.');
    if (set.has('from-beginning') && set.has('offset')) {
      usage.fail('Options from-beginning and offset cannot be specified together.');
    }
  } else if (set.has('offset')) {
    usage.fail('The partition is required when offset is specified.');
  }
  usage.required(set, 'bootstrap-server');
}

function parse(ports: ToolPorts, usage: ConsumerUsage): ConsumerOptionSet {
  try {
    return parseOptions(consumerOptionTable, ports.args);
  } catch (error) {
    if (error instanceof OptionError) usage.fail(error.text);
    throw error;
  }
}

/** Where to begin in a partition read by hand. */
export function readOffset(set: ConsumerOptionSet, usage: ConsumerUsage): number | 'earliest' | 'latest' {
  if (!set.has('offset')) return set.has('from-beginning') ? 'earliest' : 'latest';
  const text = set.value('offset')!;
  const word = text.toLowerCase();
  if (word === 'earliest' || word === 'latest') return word;
  if (/^\+?\d{1,18}$/.test(text)) return Number(text);
  return usage.fail(
    `The provided offset value '${text}' is incorrect. Valid values are 'earliest', 'latest', or a non-negative long.`,
  );
}
