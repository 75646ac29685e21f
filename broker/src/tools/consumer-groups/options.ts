/** Options of kafka-consumer-groups.sh and the rules between them. */
import { type OptionSet, type OptionTable, parseOptions } from '../framework/options.ts';
import type { ToolPorts } from '../framework/ports.ts';
import { helpOptions, Usage } from '../framework/usage.ts';

export const groupsOptions = {
  ...helpOptions,
  'bootstrap-server': {
    argument: 'server to connect to',
    help: { en: 'REQUIRED: the broker(s) to ask.', ko: '필수: 접속할 브로커.' },
  },
  group: {
    argument: 'consumer group',
    help: {
      en: 'The consumer group; may be given several times.',
      ko: '컨슈머 그룹. 여러 번 쓸 수 있습니다.',
    },
  },
  topic: {
    argument: 'topic',
    help: {
      en: 'The topic whose offsets to delete or reset; for a reset also topic:0,1,2 for some of its partitions. May be given several times.',
      ko: '오프셋을 지우거나 되돌릴 토픽. 되돌릴 때는 topic:0,1,2처럼 일부 파티션만 고를 수 있습니다. 여러 번 쓸 수 있습니다.',
    },
  },
  'all-topics': {
    help: {
      en: 'With --reset-offsets: all topics the group has offsets of.',
      ko: '--reset-offsets와 함께: 그룹이 오프셋을 가진 모든 토픽.',
    },
  },
  list: { help: { en: 'List the consumer groups.', ko: '컨슈머 그룹을 나열합니다.' } },
  describe: {
    help: {
      en: 'Show a group: its offsets and how far it is behind, or its members, or its state.',
      ko: '그룹을 보여 줍니다: 오프셋과 밀린 양(LAG), 멤버, 또는 상태.',
    },
  },
  'all-groups': { help: { en: 'All consumer groups.', ko: '모든 컨슈머 그룹.' } },
  delete: {
    help: {
      en: 'Delete the groups with their offsets. Only groups without members.',
      ko: '그룹과 그 오프셋을 지웁니다. 멤버가 없는 그룹만 됩니다.',
    },
  },
  timeout: {
    argument: 'timeout (ms)',
    type: 'Long',
    default: '30000',
    help: { en: 'How long to wait for answers.', ko: '응답을 기다리는 시간.' },
  },
  'command-config': {
    argument: 'command config property file',
    help: { en: 'File with settings for the admin client.', ko: '관리 클라이언트 설정이 담긴 파일.' },
  },
  'reset-offsets': {
    help: {
      en: 'Move the offsets of groups without active members. Say which (--topic or --all-topics), where to (--to-earliest, --to-latest, --to-offset, --shift-by, --to-datetime, --by-duration, --to-current, --from-file) and whether only to look (--dry-run) or to do it (--execute).',
      ko: '활동 중인 멤버가 없는 그룹의 오프셋을 옮깁니다. 대상(--topic, --all-topics), 목적지(--to-earliest, --to-latest, --to-offset, --shift-by, --to-datetime, --by-duration, --to-current, --from-file), 보기만 할지(--dry-run) 실행할지(--execute)를 정합니다.',
    },
  },
  'delete-offsets': {
    help: {
      en: 'Delete the offsets of one group for the topics given.',
      ko: '한 그룹에서 지정한 토픽의 오프셋을 지웁니다.',
    },
  },
  'dry-run': {
    help: {
      en: 'With --reset-offsets: only show what would be.',
      ko: '--reset-offsets와 함께: 결과만 보여 줍니다.',
    },
  },
  execute: { help: { en: 'With --reset-offsets: do it.', ko: '--reset-offsets와 함께: 실행합니다.' } },
  export: {
    help: { en: 'With --reset-offsets: print it as CSV.', ko: '--reset-offsets와 함께: CSV로 출력합니다.' },
  },
  'to-offset': {
    argument: 'offset',
    type: 'Long',
    help: { en: 'Reset to this offset.', ko: '이 오프셋으로 되돌립니다.' },
  },
  'from-file': {
    argument: 'path to CSV file',
    help: { en: 'Reset to the offsets in a CSV file.', ko: 'CSV 파일에 있는 오프셋으로 되돌립니다.' },
  },
  'to-datetime': {
    argument: 'datetime',
    help: {
      en: "Reset to the first record at or after a time. Format: 'YYYY-MM-DDThh:mm:ss.sss'",
      ko: "어떤 시각 이후 첫 레코드로 되돌립니다. 형식: 'YYYY-MM-DDThh:mm:ss.sss'",
    },
  },
  'by-duration': {
    argument: 'duration',
    help: {
      en: "Reset to the first record since so long ago. Format: 'PnDTnHnMnS'",
      ko: "지금부터 그만큼 전 이후 첫 레코드로 되돌립니다. 형식: 'PnDTnHnMnS'",
    },
  },
  'to-earliest': { help: { en: 'Reset to the oldest records.', ko: '가장 오래된 레코드로 되돌립니다.' } },
  'to-latest': { help: { en: 'Reset to the end.', ko: '끝으로 옮깁니다.' } },
  'to-current': { help: { en: 'Reset to where the group is now.', ko: '그룹의 현재 위치로 정합니다.' } },
  'shift-by': {
    argument: 'number-of-offsets',
    type: 'Long',
    help: {
      en: 'Move by so many offsets, forwards or (negative) backwards.',
      ko: '오프셋을 이만큼 옮깁니다. 음수면 뒤로.',
    },
  },
  members: {
    availableIf: ['describe'],
    help: { en: 'With --describe: show the members.', ko: '--describe와 함께: 멤버를 보여 줍니다.' },
  },
  verbose: {
    availableIf: ['describe'],
    help: {
      en: 'With --describe: show more columns.',
      ko: '--describe와 함께: 더 많은 열을 보여 줍니다.',
    },
  },
  offsets: {
    availableIf: ['describe'],
    help: {
      en: 'With --describe: show partitions, offsets and lag; that is the default.',
      ko: '--describe와 함께: 파티션, 오프셋, LAG을 보여 줍니다(기본).',
    },
  },
  state: {
    availableIf: ['describe', 'list'],
    argument: '',
    optional: true,
    help: {
      en: 'With --describe: show the state. With --list: show states, or only groups in the states given, such as stable,empty.',
      ko: '--describe와 함께: 상태를 보여 줍니다. --list와 함께: 상태를 보여 주거나, stable,empty처럼 지정한 상태의 그룹만 나열합니다.',
    },
  },
  type: {
    availableIf: ['list'],
    argument: '',
    optional: true,
    help: {
      en: 'With --list: show types, or only groups of the types given, such as classic,consumer.',
      ko: '--list와 함께: 종류를 보여 주거나, classic,consumer처럼 지정한 종류의 그룹만 나열합니다.',
    },
  },
  'validate-regex': {
    argument: 'regex',
    help: { en: 'Say whether this is a regular expression.', ko: '올바른 정규식인지 알려 줍니다.' },
  },
} as const satisfies OptionTable;

export type GroupsOptions = OptionSet<typeof groupsOptions>;
export type GroupsUsage = Usage<typeof groupsOptions>;

const scopes = ['group', 'all-groups'] as const;
const levels = ['list', 'describe', 'delete', 'reset-offsets'] as const;
const actions = ['list', 'describe', 'delete', 'reset-offsets', 'delete-offsets', 'validate-regex'] as const;

export const scenarios = [
  'to-offset',
  'shift-by',
  'to-datetime',
  'by-duration',
  'to-earliest',
  'to-latest',
  'to-current',
  'from-file',
] as const;

const noAction =
  'WARN: No action will be performed as the --execute option is missing. In version 5.0, this command will require either --dry-run or --execute to be specified. You should add the --dry-run option explicitly if you are scripting this command and want to keep the current default behavior without prompting.\n';

export function readGroupsOptions(ports: ToolPorts): { set: GroupsOptions; usage: GroupsUsage } {
  const set = parseOptions(groupsOptions, ports.args);
  const usage = new Usage(ports, groupsOptions);
  usage.helpOrVersion(set, {
    en: 'Lists, describes and deletes consumer groups, and resets or deletes their offsets.',
    ko: '컨슈머 그룹을 나열하고, 보여 주고, 지우고, 오프셋을 되돌리거나 지웁니다.',
  });
  if (!set.has('validate-regex')) usage.required(set, 'bootstrap-server');
  if (set.has('describe')) checkDescribe(set, usage);
  if (set.has('delete')) checkDelete(set, usage);
  if (set.has('delete-offsets') && (!set.has('group') || !set.has('topic'))) {
    usage.fail('Option [delete-offsets] takes the following options: [group], [topic]');
  }
  if (set.has('reset-offsets')) checkReset(ports, set, usage);
  usage.invalid(set, 'group', ['all-groups']);
  usage.invalid(set, 'group', without(levels, ['describe', 'delete', 'reset-offsets']));
  usage.invalid(set, 'topic', without(levels, ['delete', 'reset-offsets']));
  if (actions.filter((action) => set.has(action)).length !== 1) {
    const list = actions.map((action) => `--${action}`).join(', ');
    usage.fail(`Command must include exactly one action: ${list}`);
  }
  return { set, usage };
}

function checkScope(set: GroupsOptions, usage: GroupsUsage, action: string): void {
  if (scopes.some((scope) => set.has(scope))) return;
  usage.fail(
    `Option [${action}] takes one of these options: ${scopes.map((scope) => `[${scope}]`).join(', ')}`,
  );
}

function checkDescribe(set: GroupsOptions, usage: GroupsUsage): void {
  checkScope(set, usage, 'describe');
  const views = ['members', 'offsets', 'state'] as const;
  if (views.filter((view) => set.has(view)).length > 1) {
    usage.fail('Option [describe] takes at most one of these options: [members], [offsets], [state]');
  }
  if (set.has('state') && set.value('state') !== null) {
    usage.fail('Option [describe] does not take a value for [state]');
  }
}

function checkDelete(set: GroupsOptions, usage: GroupsUsage): void {
  checkScope(set, usage, 'delete');
  if (set.has('topic')) {
    usage.fail('The consumer does not support topic-specific offset deletion from a consumer group.');
  }
}

function checkReset(ports: ToolPorts, set: GroupsOptions, usage: GroupsUsage): void {
  if (set.has('dry-run') && set.has('execute')) {
    usage.fail('Option [reset-offsets] only accepts one of [execute] and [dry-run]');
  }
  if (!set.has('dry-run') && !set.has('execute')) ports.err(noAction);
  checkScope(set, usage, 'reset-offsets');
  for (const scenario of scenarios) usage.invalid(set, scenario, without(scenarios, [scenario]));
}

function without<T extends string>(all: readonly T[], removed: readonly string[]): T[] {
  return all.filter((name) => !removed.includes(name));
}
