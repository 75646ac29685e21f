/** Options of kafka-topics.sh and the rules between them. */
import { topicConfigs } from '../../messages/configs/config-table.ts';
import { type OptionSet, type OptionTable, parseOptions } from '../framework/options.ts';
import type { ToolPorts } from '../framework/ports.ts';
import { helpOptions, Usage } from '../framework/usage.ts';
import { illegalArgument } from '../java/java-error.ts';

const configNames = [...topicConfigs.values()]
  .filter((config) => !config.internal)
  .map((config) => `\t${config.name}`)
  .sort()
  .join('\n');

export const topicsOptions = {
  ...helpOptions,
  'bootstrap-server': {
    argument: 'server to connect to',
    help: {
      en: 'REQUIRED: the broker (or several, host:port with commas) to ask.',
      ko: '필수: 접속할 브로커(host:port, 여러 개면 쉼표로 구분).',
    },
  },
  'command-config': {
    argument: 'command config property file',
    help: { en: 'File with settings for the admin client.', ko: '관리 클라이언트 설정이 담긴 파일.' },
  },
  list: { help: { en: 'Print the names of all topics.', ko: '모든 토픽의 이름을 출력합니다.' } },
  create: { help: { en: 'Make a new topic.', ko: '새 토픽을 만듭니다.' } },
  delete: { help: { en: 'Remove a topic with its records.', ko: '토픽과 그 레코드를 지웁니다.' } },
  alter: {
    help: {
      en: 'Add partitions to a topic. (Its settings are changed with kafka-configs.sh.)',
      ko: '토픽의 파티션을 늘립니다. (설정은 kafka-configs.sh로 바꿉니다.)',
    },
  },
  describe: {
    help: {
      en: 'Show the topics with their partitions, leaders, replicas and in-sync replicas.',
      ko: '토픽의 파티션, 리더, 복제본, ISR을 보여 줍니다.',
    },
  },
  topic: {
    argument: 'topic',
    help: {
      en: 'Name of the topic. Except with --create it may be a regular expression.',
      ko: '토픽 이름. --create가 아니면 정규식도 됩니다.',
    },
  },
  'topic-id': {
    argument: 'topic-id',
    help: { en: 'Id of the topic to describe.', ko: '보여 줄 토픽의 id.' },
  },
  config: {
    argument: 'name=value',
    help: {
      en: `A setting for the topic being created; may be given several times. Only with --create. There are:\n${configNames}`,
      ko: `만들 토픽의 설정. 여러 번 쓸 수 있고 --create와 함께만 씁니다. 쓸 수 있는 이름:\n${configNames}`,
    },
  },
  'delete-config': {
    argument: 'name',
    help: { en: 'Not supported any more since 4.0.', ko: '4.0부터 지원하지 않습니다.' },
  },
  partitions: {
    argument: '# of partitions',
    type: 'Integer',
    help: {
      en: "Number of partitions to create, or to grow to; else the cluster's default. Growing changes which partition a key goes to.",
      ko: '만들거나 늘릴 파티션 수. 없으면 클러스터의 기본값. 늘리면 같은 키가 다른 파티션으로 갈 수 있습니다.',
    },
  },
  'replication-factor': {
    argument: 'replication factor',
    type: 'Integer',
    help: {
      en: "Number of copies of each partition; else the cluster's default. At most the number of brokers.",
      ko: '파티션마다 둘 복제본 수. 없으면 클러스터의 기본값. 브로커 수를 넘을 수 없습니다.',
    },
  },
  'replica-assignment': {
    argument:
      'broker_id_for_part1_replica1 : broker_id_for_part1_replica2 , broker_id_for_part2_replica1 : broker_id_for_part2_replica2 , ...',
    help: {
      en: 'Says by hand which brokers hold each partition.',
      ko: '각 파티션을 어느 브로커에 둘지 직접 정합니다.',
    },
  },
  'under-replicated-partitions': {
    help: {
      en: 'With --describe: only partitions with fewer in-sync replicas than replicas.',
      ko: '--describe와 함께: ISR이 복제본보다 적은 파티션만.',
    },
  },
  'unavailable-partitions': {
    help: {
      en: 'With --describe: only partitions whose leader is not there.',
      ko: '--describe와 함께: 리더가 없는 파티션만.',
    },
  },
  'under-min-isr-partitions': {
    help: {
      en: 'With --describe: only partitions with fewer in-sync replicas than min.insync.replicas.',
      ko: '--describe와 함께: ISR이 min.insync.replicas보다 적은 파티션만.',
    },
  },
  'at-min-isr-partitions': {
    help: {
      en: 'With --describe: only partitions with exactly min.insync.replicas in sync.',
      ko: '--describe와 함께: ISR이 min.insync.replicas와 같은 파티션만.',
    },
  },
  'topics-with-overrides': {
    help: {
      en: 'With --describe: only topics with settings of their own.',
      ko: '--describe와 함께: 자체 설정이 있는 토픽만.',
    },
  },
  'if-exists': {
    help: {
      en: 'With --alter, --delete or --describe: do nothing when there is no such topic.',
      ko: '--alter, --delete, --describe와 함께: 그런 토픽이 없으면 아무것도 하지 않습니다.',
    },
  },
  'if-not-exists': {
    help: {
      en: 'With --create: do nothing when there is such a topic already.',
      ko: '--create와 함께: 이미 있으면 아무것도 하지 않습니다.',
    },
  },
  'exclude-internal': {
    help: {
      en: "With --list or --describe: leave out Kafka's own topics.",
      ko: '--list, --describe와 함께: 카프카 내부 토픽은 뺍니다.',
    },
  },
  'partition-size-limit-per-response': {
    argument: 'maximum number of partitions per response',
    type: 'Integer',
    help: {
      en: 'With --describe: most partitions asked for at a time.',
      ko: '--describe와 함께: 한 번에 물어볼 파티션 수의 최댓값.',
    },
  },
} as const satisfies OptionTable;

export type TopicsOptions = OptionSet<typeof topicsOptions>;

const actions = ['alter', 'create', 'describe', 'list', 'delete'] as const;
const reports = [
  'under-replicated-partitions',
  'under-min-isr-partitions',
  'at-min-isr-partitions',
  'unavailable-partitions',
] as const;
const configsElsewhere = ' (To alter topic configurations, the kafka-configs tool can be used.)';

export function readTopicsOptions(ports: ToolPorts): TopicsOptions {
  const set = parseOptions(topicsOptions, ports.args);
  const usage = new Usage(ports, topicsOptions);
  usage.helpOrVersion(set, {
    en: 'Creates, lists, describes, changes and deletes topics.',
    ko: '토픽을 만들고, 나열하고, 보여 주고, 바꾸고, 지웁니다.',
  });
  if (actions.filter((action) => set.has(action)).length !== 1) {
    usage.fail('Command must include exactly one action: --list, --describe, --create, --alter or --delete');
  }
  if (set.has('delete-config')) {
    ports.err(
      'delete-config option is no longer supported and deprecated since version 4.0. The config will be fully removed in future releases.\n',
    );
  }
  checkRequired(ports, set, usage);
  checkInvalid(set, usage);
  return set;
}

function checkRequired(ports: ToolPorts, set: TopicsOptions, usage: Usage<typeof topicsOptions>): void {
  if (!set.has('bootstrap-server')) throw illegalArgument('--bootstrap-server must be specified');
  if (set.has('describe') && set.has('if-exists')) {
    if (!set.has('topic') && !set.has('topic-id')) {
      usage.fail('--topic or --topic-id is required to describe a topic');
    }
    if (set.has('topic') && set.has('topic-id')) {
      ports.out(
        'Only topic id will be used when both --topic and --topic-id are specified and topicId is not Uuid.ZERO_UUID\n',
      );
    }
  }
  if (!set.has('list') && !set.has('describe')) usage.required(set, 'topic');
  if (set.has('alter')) {
    if (set.has('config')) {
      usage.fail(
        `Option combination "[[bootstrap-server], [config]]" can't be used with option "[alter]"${configsElsewhere}`,
      );
    }
    usage.required(set, 'partitions');
  }
}

function checkInvalid(set: TopicsOptions, usage: Usage<typeof topicsOptions>): void {
  const except = (...kept: string[]) => actions.filter((action) => !kept.includes(action));
  usage.invalid(set, 'config', except('alter', 'create'));
  usage.invalid(set, 'partitions', except('alter', 'create'));
  usage.invalid(set, 'replication-factor', except('create'));
  usage.invalid(set, 'replica-assignment', except('alter', 'create'));
  if (set.has('create')) usage.invalid(set, 'replica-assignment', ['partitions', 'replication-factor']);
  for (const report of reports) {
    usage.invalid(set, report, [...except('describe'), 'topics-with-overrides']);
  }
  usage.invalid(set, 'topics-with-overrides', [...except('describe'), ...reports]);
  usage.invalid(set, 'if-exists', except('alter', 'delete', 'describe'));
  usage.invalid(set, 'if-not-exists', except('create'));
  usage.invalid(set, 'exclude-internal', except('list', 'describe'));
}
