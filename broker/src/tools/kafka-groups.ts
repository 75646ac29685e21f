/** kafka-groups.sh: groups of every type. Follows org.apache.kafka.tools.GroupsCommand. */
import type { GroupListing } from '../client/main.ts';
import { createAdmin, failureOf, getting, loadProperties } from './framework/admin.ts';
import { log } from './framework/log.ts';
import { OptionError, type OptionSet, type OptionTable, parseOptions } from './framework/options.ts';
import type { ToolPorts } from './framework/ports.ts';
import { helpOptions, Usage } from './framework/usage.ts';
import { hashOfString, inHashOrder } from './java/hash-order.ts';
import { illegalArgument, JavaError } from './java/java-error.ts';
import { left } from './java/printf.ts';

const logger = 'org.apache.kafka.tools.GroupsCommand';
const widthLeast = 20;
const types = ['Classic', 'Consumer', 'Share', 'Streams'] as const;

const options = {
  ...helpOptions,
  'bootstrap-server': {
    argument: 'server to connect to',
    required: true,
    help: { en: 'REQUIRED: the broker(s) to ask.', ko: '필수: 접속할 브로커.' },
  },
  'command-config': {
    argument: 'command config property file',
    help: { en: 'File with settings for the admin client.', ko: '관리 클라이언트 설정이 담긴 파일.' },
  },
  list: { help: { en: 'List the groups.', ko: '그룹을 나열합니다.' } },
  'group-type': {
    argument: 'type',
    help: {
      en: "Only groups of this type: 'classic', 'consumer', 'share' or 'streams'.",
      ko: "이 종류의 그룹만: 'classic', 'consumer', 'share', 'streams'.",
    },
  },
  protocol: {
    argument: 'protocol',
    help: {
      en: 'Only groups of this protocol, such as consumer or connect.',
      ko: 'consumer, connect처럼 이 프로토콜을 쓰는 그룹만.',
    },
  },
  consumer: {
    help: {
      en: "Only groups of consumers: of type 'consumer', and those of type 'classic' whose protocol is 'consumer' or not set.",
      ko: "컨슈머 그룹만: 'consumer' 종류와, 프로토콜이 'consumer'이거나 없는 'classic' 종류.",
    },
  },
  share: { help: { en: 'Only share groups.', ko: '공유 그룹만.' } },
  streams: { help: { en: 'Only streams groups.', ko: '스트림즈 그룹만.' } },
} as const satisfies OptionTable;

type Options = OptionSet<typeof options>;

const kinds = ['consumer', 'share', 'streams'] as const;

export async function run(ports: ToolPorts): Promise<number> {
  let set: Options;
  let properties: Map<string, string>;
  try {
    set = readOptions(ports);
    properties = loadProperties(ports, set.value('command-config'));
  } catch (error) {
    if (!(error instanceof JavaError)) throw error;
    ports.err(`${error.text}\n${error.trace}\n`);
    return 1;
  }
  try {
    await list(ports, set, properties);
    return 0;
  } catch (error) {
    const failure = error instanceof JavaError ? error : failureOf(error, 'listGroups');
    const shown = failure.className.endsWith('ExecutionException') ? failure.inner! : failure;
    ports.out(`Error while executing groups command : ${shown.text}\n`);
    log(ports, 'ERROR', shown.trace, logger);
    return 1;
  }
}

function readOptions(ports: ToolPorts): Options {
  const usage = new Usage(ports, options);
  let set: Options;
  try {
    set = parseOptions(options, ports.args);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    return usage.fail(error.text);
  }
  usage.helpOrVersion(set, { en: 'Lists groups of every type.', ko: '모든 종류의 그룹을 나열합니다.' });
  if (!set.has('list')) usage.fail('Command must include exactly one action: --list.');
  if (set.has('group-type') && typeAsked(set) === undefined) {
    throw illegalArgument('--group-type must be a valid group type.');
  }
  for (const kind of kinds) {
    const others = kinds.filter((other) => other !== kind);
    usage.invalid(set, kind, ['group-type', 'protocol', ...others]);
  }
  return set;
}

function typeAsked(set: Options): string | undefined {
  const asked = set.value('group-type')?.toLowerCase();
  return types.find((type) => type.toLowerCase() === asked);
}

async function list(ports: ToolPorts, set: Options, properties: ReadonlyMap<string, string>): Promise<void> {
  await using admin = await createAdmin(ports, { bootstrap: set.value('bootstrap-server')!, properties });
  const found = await getting('listGroups', admin.listGroups());
  const rows = inHashOrder(found, ({ groupId }) => hashOfString(groupId))
    .filter((group) => isWanted(group, set))
    .map(({ groupId, type, protocolType }) => [groupId, type, protocolType]);
  const width = Math.max(widthLeast, ...rows.flat().map((cell) => cell.length));
  ports.out(`${['GROUP', 'TYPE', 'PROTOCOL'].map((cell) => left(cell, width)).join(' ')}\n`);
  for (const row of rows) ports.out(`${row.map((cell) => `${left(cell, width)} `).join('')}\n`);
}

function isWanted({ type, protocolType }: GroupListing, set: Options): boolean {
  const asked = typeAsked(set);
  if (asked !== undefined && type !== asked) return false;
  if (set.has('protocol') && set.value('protocol') !== protocolType) return false;
  if (set.has('consumer')) return protocolType === 'consumer' || protocolType === '' || type === 'Consumer';
  if (set.has('share')) return type === 'Share';
  return !set.has('streams') || type === 'Streams';
}
