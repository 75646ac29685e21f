/** Command line of kafka-reassign-partitions.sh, with the checks Kafka makes of it. */
import { type OptionSet, type OptionTable, parseOptions } from '../framework/options.ts';
import type { ToolPorts } from '../framework/ports.ts';
import { helpOptions, Usage } from '../framework/usage.ts';

const options = {
  ...helpOptions,
  verify: {
    help: {
      en: 'Say whether the moves of --reassignment-json-file are done; when all are, take the throttles away.',
      ko: '--reassignment-json-file에 적힌 재할당이 끝났는지 확인하고, 모두 끝났으면 대역폭 제한을 풉니다.',
    },
  },
  generate: {
    help: {
      en: 'Propose an assignment of the topics of --topics-to-move-json-file to --broker-list; nothing is moved.',
      ko: '--topics-to-move-json-file의 토픽을 --broker-list에 나누는 계획을 제안합니다. 옮기지는 않습니다.',
    },
  },
  execute: {
    help: {
      en: 'Start moving as --reassignment-json-file says.',
      ko: '--reassignment-json-file대로 재할당을 시작합니다.',
    },
  },
  cancel: { help: { en: 'Stop moves that go on.', ko: '진행 중인 재할당을 취소합니다.' } },
  list: { help: { en: 'List the moves that go on.', ko: '진행 중인 재할당을 나열합니다.' } },
  'bootstrap-server': {
    argument: 'Server(s) to use for bootstrapping',
    optional: true,
    help: { en: 'Brokers to connect to, HOST:PORT,…', ko: '접속할 브로커, HOST:PORT,…' },
  },
  'bootstrap-controller': {
    argument: 'bootstrap controller to connect to',
    optional: true,
    help: {
      en: 'Controllers to connect to, for --list and --cancel.',
      ko: '접속할 컨트롤러. --list와 --cancel에서만 씁니다.',
    },
  },
  'command-config': {
    argument: 'Admin client property file',
    help: { en: 'Properties file for the admin client.', ko: '관리 클라이언트의 설정 파일.' },
  },
  'reassignment-json-file': {
    argument: 'manual assignment json file path',
    help: {
      en: 'A JSON file with the replicas wanted:\n{"partitions":\n\t[{"topic": "orders",\n\t  "partition": 0,\n\t  "replicas": [1,2,3],\n\t  "log_dirs": ["any","any","any"]\n  }],\n"version":1\n}\n"log_dirs" may be left out; it names one directory for each replica, or "any".',
      ko: '원하는 복제본을 적은 JSON 파일:\n{"partitions":\n\t[{"topic": "orders",\n\t  "partition": 0,\n\t  "replicas": [1,2,3],\n\t  "log_dirs": ["any","any","any"]\n  }],\n"version":1\n}\n"log_dirs"는 없어도 됩니다. 복제본마다 디렉터리 하나 또는 "any"를 적습니다.',
    },
  },
  'topics-to-move-json-file': {
    argument: 'topics to reassign json file path',
    help: {
      en: 'With --generate: a JSON file with the topics:\n{"topics":\n\t[{"topic": "orders"},{"topic": "carts"}],\n"version":1\n}',
      ko: '--generate와 함께: 토픽을 적은 JSON 파일:\n{"topics":\n\t[{"topic": "orders"},{"topic": "carts"}],\n"version":1\n}',
    },
  },
  'broker-list': {
    argument: 'brokerlist',
    help: { en: 'With --generate: brokers to use, 1,2,3.', ko: '--generate와 함께: 쓸 브로커, 1,2,3.' },
  },
  'disable-rack-aware': {
    help: {
      en: 'With --generate: pay no attention to racks.',
      ko: '--generate와 함께: 랙을 고려하지 않습니다.',
    },
  },
  throttle: {
    argument: 'throttle',
    type: 'Long',
    default: '-1',
    help: {
      en: 'With --execute: most bytes per second between brokers. Together with --additional it changes the throttle of moves that go on.',
      ko: '--execute와 함께: 브로커 사이 초당 최대 바이트. --additional과 함께 쓰면 진행 중인 재할당의 제한을 바꿉니다.',
    },
  },
  'replica-alter-log-dirs-throttle': {
    argument: 'replicaAlterLogDirsThrottle',
    type: 'Long',
    default: '-1',
    help: {
      en: 'With --execute: most bytes per second between log directories of one broker.',
      ko: '--execute와 함께: 한 브로커의 로그 디렉터리 사이 초당 최대 바이트.',
    },
  },
  timeout: {
    argument: 'timeout',
    type: 'Long',
    default: '10000',
    help: {
      en: 'Milliseconds to wait until moves between log directories have begun.',
      ko: '로그 디렉터리 사이 이동이 시작되기를 기다리는 밀리초.',
    },
  },
  additional: {
    help: {
      en: 'With --execute: even while other moves go on.',
      ko: '--execute와 함께: 다른 재할당이 진행 중이어도 시작합니다.',
    },
  },
  'disallow-replication-factor-change': {
    help: {
      en: 'With --execute: refuse a plan that changes how many replicas there are.',
      ko: '--execute와 함께: 복제본 수가 바뀌는 계획은 거절합니다.',
    },
  },
  'preserve-throttles': {
    help: { en: 'Leave throttles as they are.', ko: '대역폭 제한을 그대로 둡니다.' },
  },
} as const satisfies OptionTable;

export type ReassignOptions = OptionSet<typeof options>;
type Name = keyof typeof options & string;
export type Action = 'generate' | 'execute' | 'verify' | 'cancel' | 'list';

const actions = ['generate', 'execute', 'verify', 'cancel', 'list'] as const satisfies readonly Action[];
const needed: Readonly<Record<Action, readonly Name[]>> = {
  verify: ['reassignment-json-file'],
  generate: ['topics-to-move-json-file', 'broker-list'],
  execute: ['reassignment-json-file'],
  cancel: ['reassignment-json-file'],
  list: [],
};
const permitted: Readonly<Record<Action, readonly Name[]>> = {
  verify: ['bootstrap-server', 'command-config', 'preserve-throttles'],
  generate: ['bootstrap-server', 'command-config', 'disable-rack-aware'],
  execute: [
    'additional',
    'bootstrap-server',
    'command-config',
    'throttle',
    'replica-alter-log-dirs-throttle',
    'timeout',
    'disallow-replication-factor-change',
  ],
  cancel: ['bootstrap-server', 'bootstrap-controller', 'command-config', 'preserve-throttles', 'timeout'],
  list: ['bootstrap-server', 'bootstrap-controller', 'command-config'],
};

export function readReassignOptions(ports: ToolPorts): {
  readonly set: ReassignOptions;
  readonly action: Action;
} {
  const set = parseOptions(options, ports.args);
  const usage = new Usage(ports, options);
  usage.helpOrVersion(set, {
    en: 'Moves partitions between brokers and log directories.',
    ko: '파티션의 복제본을 다른 브로커나 로그 디렉터리로 옮깁니다.',
  });
  const given = actions.filter((action) => set.has(action));
  const [action] = given;
  if (action === undefined || given.length > 1) {
    const list = actions.map((name) => `--${name}`).join(', ');
    return usage.fail(`Command must include exactly one action: ${list}`);
  }
  const [server, controller] = [set.has('bootstrap-server'), set.has('bootstrap-controller')];
  if (server && controller)
    usage.fail("Please don't specify both --bootstrap-server and --bootstrap-controller");
  if (!server && !controller)
    usage.fail('Please specify either --bootstrap-server or --bootstrap-controller');
  usage.required(set, ...needed[action]);
  for (const name of set.order as Name[]) {
    if (name !== action && !needed[action].includes(name) && !permitted[action].includes(name)) {
      usage.fail(`Option "[${name}]" can't be used with action "[${action}]"`);
    }
  }
  return { set, action };
}
