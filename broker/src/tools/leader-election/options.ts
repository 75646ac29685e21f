/** Command line of kafka-leader-election.sh, with the checks Kafka makes of it. */
import { connectionOptions } from '../framework/common-options.ts';
import { conversionError, type OptionSet, type OptionTable, parseOptions } from '../framework/options.ts';
import type { ToolPorts } from '../framework/ports.ts';
import { Usage } from '../framework/usage.ts';
import { JavaError } from '../java/java-error.ts';
import { commandFailed } from '../java/json.ts';

const options = {
  ...connectionOptions,
  'admin.config': {
    argument: 'config file',
    help: { en: 'Deprecated: use --command-config.', ko: '사용 중단 예정: --command-config를 쓰세요.' },
  },
  'path-to-json-file': {
    argument: 'Path to JSON file',
    help: {
      en: 'Elect for the partitions in this JSON file:\n{"partitions":\n\t[{"topic": "orders", "partition": 1},\n\t {"topic": "orders", "partition": 2}]\n}\nNot together with --topic or --all-topic-partitions.',
      ko: '이 JSON 파일에 적힌 파티션의 리더를 뽑습니다:\n{"partitions":\n\t[{"topic": "orders", "partition": 1},\n\t {"topic": "orders", "partition": 2}]\n}\n--topic, --all-topic-partitions와 함께 쓸 수 없습니다.',
    },
  },
  topic: {
    argument: 'topic name',
    help: {
      en: 'Topic of the partition, with --partition.',
      ko: '파티션의 토픽. --partition과 함께 씁니다.',
    },
  },
  partition: {
    argument: 'partition id',
    type: 'Integer',
    help: { en: 'The partition of --topic.', ko: '--topic의 파티션 번호.' },
  },
  'all-topic-partitions': {
    help: { en: 'Elect wherever it is needed.', ko: '필요한 모든 파티션의 리더를 뽑습니다.' },
  },
  'election-type': {
    argument: '[PREFERRED,UNCLEAN]: election type',
    help: {
      en: 'Required: "preferred" gives the lead back to the first replica, if another has it; "unclean" makes a replica that is not in sync the leader, where there is none: records may be lost.',
      ko: '필수: "preferred"는 첫 번째 복제본에게 리더를 돌려주고, "unclean"은 리더가 없는 파티션에서 동기화되지 않은 복제본을 리더로 뽑습니다(레코드를 잃을 수 있습니다).',
    },
  },
} as const satisfies OptionTable;

export type ElectionOptions = OptionSet<typeof options>;
export type ElectionType = 'PREFERRED' | 'UNCLEAN';

export function readElectionOptions(ports: ToolPorts): ElectionOptions {
  const set = parseOptions(options, ports.args);
  const usage = new Usage(ports, options);
  usage.helpOrVersion(set, {
    en: 'Elects leaders of partitions: the preferred one, or an unclean one.',
    ko: '파티션의 리더를 다시 뽑습니다: 선호 리더(preferred) 또는 unclean 리더.',
  });
  const missing = (['bootstrap-server', 'election-type'] as const).filter((name) => !set.has(name));
  if (missing.length > 0) throw commandFailed(`Missing required option(s): ${missing.join(', ')}`);
  const ways = ['topic', 'all-topic-partitions', 'path-to-json-file'] as const;
  if (ways.filter((name) => set.has(name)).length !== 1) {
    throw commandFailed(`One and only one of the following options is required: ${ways.join(', ')}`);
  }
  if (set.has('topic') && !set.has('partition')) throw commandFailed('Missing required option(s): partition');
  if (!set.has('topic') && set.has('partition')) {
    throw commandFailed('Option partition is only allowed if topic is used');
  }
  usage.invalid(set, 'admin.config', ['command-config']);
  if (set.has('admin.config')) {
    ports.out(
      'Option --admin.config has been deprecated and will be removed in a future version. Use --command-config instead.\n',
    );
  }
  return set;
}

export function electionType(set: ElectionOptions): ElectionType {
  const text = set.value('election-type')!;
  const type = text.toUpperCase();
  if (type === 'PREFERRED' || type === 'UNCLEAN') return type;
  const reason = `Value [${text}] is not one of [[PREFERRED,UNCLEAN]]`;
  throw conversionError('election-type', text, new JavaError('joptsimple.ValueConversionException', reason));
}
