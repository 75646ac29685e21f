/** Options of kafka-configs.sh and the rules between them. */
import { groupConfigs, topicConfigs } from '../../messages/configs/config-table.ts';
import { type OptionSet, type OptionTable, parseOptions } from '../framework/options.ts';
import type { ToolPorts } from '../framework/ports.ts';
import { helpOptions, Usage } from '../framework/usage.ts';
import { illegalArgument } from '../java/java-error.ts';

const names = (table: typeof topicConfigs) =>
  [...table.values()]
    .filter((config) => !config.internal)
    .map((config) => `\t${config.name}`)
    .sort()
    .join('\n');

const settings = `\ntopics:\n${names(topicConfigs)}\ngroups:\n${names(groupConfigs)}\nclients, users:\n\tconsumer_byte_rate\n\tcontroller_mutation_rate\n\tproducer_byte_rate\n\trequest_percentage\nusers:\n\tSCRAM-SHA-256\n\tSCRAM-SHA-512\nips:\n\tconnection_creation_rate`;

export const configsOptions = {
  ...helpOptions,
  'bootstrap-server': {
    argument: 'server to connect to',
    help: { en: 'The broker(s) to ask.', ko: '접속할 브로커.' },
  },
  'bootstrap-controller': {
    argument: 'controller to connect to',
    help: { en: 'The controller(s) to ask instead.', ko: '브로커 대신 접속할 컨트롤러.' },
  },
  'command-config': {
    argument: 'command config property file',
    help: { en: 'File with settings for the admin client.', ko: '관리 클라이언트 설정이 담긴 파일.' },
  },
  alter: { help: { en: 'Change settings.', ko: '설정을 바꿉니다.' } },
  describe: { help: { en: 'Show settings.', ko: '설정을 보여 줍니다.' } },
  all: {
    help: {
      en: 'With --describe: also settings that were not changed.',
      ko: '--describe와 함께: 바꾸지 않은 설정도 보여 줍니다.',
    },
  },
  'entity-type': {
    argument: '',
    help: {
      en: 'Whose settings: topics, clients, users, brokers, broker-loggers, ips, client-metrics or groups.',
      ko: '무엇의 설정인지: topics, clients, users, brokers, broker-loggers, ips, client-metrics, groups.',
    },
  },
  'entity-name': {
    argument: '',
    help: { en: 'Its name (for a broker its id).', ko: '그 이름(브로커는 id).' },
  },
  'entity-default': {
    help: {
      en: 'The default of all clients, users, brokers or ips instead of one name.',
      ko: '이름 하나가 아니라 모든 clients, users, brokers, ips의 기본값.',
    },
  },
  'add-config': {
    argument: '',
    help: {
      en: `Settings to set, as k1=v1,k2=[v2,v3],k4=v4: brackets hold values with commas. There are:${settings}`,
      ko: `정할 설정. k1=v1,k2=[v2,v3],k4=v4 꼴이고 쉼표가 든 값은 대괄호로 묶습니다. 쓸 수 있는 이름:${settings}`,
    },
  },
  'add-config-file': {
    argument: '',
    help: { en: 'Properties file with settings to set.', ko: '정할 설정이 담긴 속성 파일.' },
  },
  'delete-config': {
    argument: '',
    separator: ',',
    help: { en: 'Names of settings to take back: k1,k2', ko: '기본값으로 되돌릴 설정 이름: k1,k2' },
  },
  topic: { argument: '', help: { en: 'Name of a topic.', ko: '토픽 이름.' } },
  client: { argument: '', help: { en: 'Id of a client.', ko: '클라이언트 id.' } },
  'client-defaults': { help: { en: 'The default of all clients.', ko: '모든 클라이언트의 기본값.' } },
  user: { argument: '', help: { en: 'Name of a user.', ko: '사용자 이름.' } },
  'user-defaults': { help: { en: 'The default of all users.', ko: '모든 사용자의 기본값.' } },
  broker: { argument: '', help: { en: 'Id of a broker.', ko: '브로커 id.' } },
  'broker-defaults': { help: { en: 'The default of all brokers.', ko: '모든 브로커의 기본값.' } },
  'broker-logger': {
    argument: '',
    help: { en: 'Id of a broker whose loggers are meant.', ko: '로거 설정을 볼 브로커 id.' },
  },
  'ip-defaults': { help: { en: 'The default of all IPs.', ko: '모든 IP의 기본값.' } },
  ip: { argument: '', help: { en: 'An IP address.', ko: 'IP 주소.' } },
  group: { argument: '', help: { en: 'Id of a group.', ko: '그룹 id.' } },
  'client-metrics': {
    argument: '',
    help: { en: 'Name of a client metrics subscription.', ko: '클라이언트 메트릭 구독 이름.' },
  },
} as const satisfies OptionTable;

export type ConfigsOptions = OptionSet<typeof configsOptions>;

export interface Entities {
  readonly types: readonly string[];
  /** `''` stands for the default of all. */
  readonly names: readonly string[];
}

const flags = [
  ['topic', 'topics'],
  ['client', 'clients'],
  ['user', 'users'],
  ['broker', 'brokers'],
  ['broker-logger', 'broker-loggers'],
  ['ip', 'ips'],
  ['client-metrics', 'client-metrics'],
  ['group', 'groups'],
] as const;

const defaultFlags = [
  ['client-defaults', 'clients'],
  ['user-defaults', 'users'],
  ['broker-defaults', 'brokers'],
  ['ip-defaults', 'ips'],
] as const;

const knownTypes = [
  'topics',
  'clients',
  'users',
  'brokers',
  'ips',
  'client-metrics',
  'groups',
  'broker-loggers',
];
const withDefaults = ['users', 'clients', 'brokers', 'ips'];

export function readConfigsOptions(ports: ToolPorts): ConfigsOptions {
  const set = parseOptions(configsOptions, ports.args);
  const usage = new Usage(ports, configsOptions);
  usage.helpOrVersion(set, {
    en: 'Shows and changes settings of topics, brokers, groups, clients, users and others.',
    ko: '토픽, 브로커, 그룹, 클라이언트, 사용자 등의 설정을 보여 주고 바꿉니다.',
  });
  if (set.has('alter') === set.has('describe')) {
    usage.fail('Command must include exactly one action: --describe, --alter');
  }
  usage.invalid(set, 'describe', ['alter', 'add-config', 'delete-config']);
  const entities = readEntities(set);
  checkTypes(set, entities.types);
  checkFlags(set);
  if (set.has('bootstrap-server') && set.has('bootstrap-controller')) {
    throw illegalArgument('Only one of --bootstrap-server or --bootstrap-controller can be specified');
  }
  checkNames(set, entities);
  if (set.has('describe')) checkDescribe(set, entities);
  else checkAlter(set, entities);
  return set;
}

export function readEntities(set: ConfigsOptions): Entities {
  const given = flags.filter(([flag]) => set.has(flag));
  const defaults = defaultFlags.filter(([flag]) => set.has(flag));
  const named = set.values('entity-name');
  const general = set.order
    .filter((name) => name === 'entity-name' || name === 'entity-default')
    .map((name) => (name === 'entity-name' ? (named.shift() ?? '') : ''));
  return {
    types: [...set.values('entity-type'), ...[...given, ...defaults].map(([, type]) => type)],
    names: [...general, ...given.map(([flag]) => set.value(flag)!), ...defaults.map(() => '')],
  };
}

function checkTypes(set: ConfigsOptions, types: readonly string[]): void {
  const twice = types.filter((type, index) => types.indexOf(type) !== index);
  if (twice.length > 0) throw illegalArgument(`Duplicate entity type(s) specified: ${twice.join(',')}`);
  if (!set.has('bootstrap-server') && !set.has('bootstrap-controller')) {
    throw illegalArgument('Either --bootstrap-server or --bootstrap-controller must be specified.');
  }
  const unknown = types.find((type) => !knownTypes.includes(type));
  if (unknown !== undefined) {
    const list = knownTypes.join(', ');
    throw illegalArgument(
      `Invalid entity type ${unknown}, the entity type must be one of ${list} with a --bootstrap-server or --bootstrap-controller argument`,
    );
  }
  if (types.length === 0) throw illegalArgument('At least one entity type must be specified');
  if (types.length > 1 && [...types].sort().join() !== 'clients,users') {
    throw illegalArgument("Only 'users' and 'clients' entity types may be specified together");
  }
}

function checkFlags(set: ConfigsOptions): void {
  const general = set.has('entity-name') || set.has('entity-type') || set.has('entity-default');
  if (general && [...flags, ...defaultFlags].some(([flag]) => set.has(flag))) {
    throw illegalArgument(
      '--entity-{type,name,default} should not be used in conjunction with specific entity flags',
    );
  }
}

function checkNames(set: ConfigsOptions, { types, names }: Entities): void {
  if (!names.some((name) => name !== '')) return;
  if (types.includes('brokers') || types.includes('broker-loggers')) {
    for (const option of ['entity-name', 'broker', 'broker-logger'] as const) {
      const id = set.has(option) ? set.value(option)! : '0';
      if (!/^[+-]?\d{1,10}$/.test(id)) {
        throw illegalArgument(
          `The entity name for ${types[0]} must be a valid integer broker id, but it is: ${id}`,
        );
      }
    }
  }
}

function checkDescribe(set: ConfigsOptions, { types, names }: Entities): void {
  if (set.has('entity-default') && !types.some((type) => withDefaults.includes(type))) {
    throw illegalArgument(`--entity-default must not be specified with --describe of ${types.join(',')}`);
  }
  if (types.includes('broker-loggers') && !names.some((name) => name !== '')) {
    throw illegalArgument(`An entity name must be specified with --describe of ${types.join(',')}`);
  }
}

function checkAlter(set: ConfigsOptions, { types, names }: Entities): void {
  if (types.some((type) => withDefaults.includes(type))) {
    if (names.length === 0) {
      throw illegalArgument(
        'An entity-name or default entity must be specified with --alter of users, clients, brokers or ips',
      );
    }
  } else if (!names.some((name) => name !== '')) {
    throw illegalArgument(`An entity name must be specified with --alter of ${types.join(',')}`);
  }
  if (set.has('add-config') && set.has('add-config-file')) {
    throw illegalArgument('Only one of --add-config or --add-config-file must be specified');
  }
  if (!set.has('add-config') && !set.has('add-config-file') && !set.has('delete-config')) {
    throw illegalArgument(
      'At least one of --add-config, --add-config-file, or --delete-config must be specified with --alter',
    );
  }
}
