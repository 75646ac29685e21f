/** Command line of kafka-acls.sh, with the checks Kafka makes of it. */
import { OptionError, type OptionSet, type OptionTable, parseOptions } from '../framework/options.ts';
import type { ToolPorts } from '../framework/ports.ts';
import { helpOptions, Usage } from '../framework/usage.ts';

const options = {
  ...helpOptions,
  'bootstrap-server': {
    argument: 'server to connect to',
    help: { en: 'Brokers to connect to, HOST:PORT,…', ko: '접속할 브로커, HOST:PORT,…' },
  },
  'bootstrap-controller': {
    argument: 'controller to connect to',
    help: { en: 'Controllers to connect to, HOST:PORT,…', ko: '접속할 컨트롤러, HOST:PORT,…' },
  },
  'command-config': {
    argument: 'command-config',
    optional: true,
    help: { en: 'Properties file for the admin client.', ko: '관리 클라이언트의 설정 파일.' },
  },
  'resource-pattern-type': {
    argument: '',
    default: 'LITERAL',
    help: {
      en: 'How names of resources are meant: LITERAL or PREFIXED; with --list and --remove also ANY and MATCH.',
      ko: '리소스 이름의 뜻: LITERAL 또는 PREFIXED. --list와 --remove에서는 ANY와 MATCH도.',
    },
  },
  add: { help: { en: 'Add rules.', ko: '규칙을 더합니다.' } },
  remove: { help: { en: 'Remove rules.', ko: '규칙을 지웁니다.' } },
  list: { help: { en: 'List the rules.', ko: '규칙을 나열합니다.' } },
  topic: { argument: 'topic', help: { en: 'A topic; * means all.', ko: '토픽. *는 전부.' } },
  cluster: { help: { en: 'The cluster itself.', ko: '클러스터 자체.' } },
  group: { argument: 'group', help: { en: 'A consumer group; * means all.', ko: '컨슈머 그룹. *는 전부.' } },
  'transactional-id': {
    argument: 'transactional-id',
    help: { en: 'A transactional id; * means all.', ko: '트랜잭션 ID. *는 전부.' },
  },
  'delegation-token': {
    argument: 'delegation-token',
    help: { en: 'A delegation token; * means all.', ko: '위임 토큰. *는 전부.' },
  },
  'user-principal': {
    argument: 'user-principal',
    help: { en: 'A user as a resource; * means all.', ko: '리소스로서의 사용자. *는 전부.' },
  },
  operation: {
    argument: '',
    help: {
      en: 'What is allowed or denied: Read, Write, Create, Delete, Alter, Describe, ClusterAction, DescribeConfigs, AlterConfigs, IdempotentWrite, CreateTokens, DescribeTokens, TwoPhaseCommit or All. All without it.',
      ko: '허용하거나 막을 동작: Read, Write, Create, Delete, Alter, Describe, ClusterAction, DescribeConfigs, AlterConfigs, IdempotentWrite, CreateTokens, DescribeTokens, TwoPhaseCommit, All. 없으면 All.',
    },
  },
  'allow-principal': {
    argument: 'allow-principal',
    help: { en: 'Who is allowed: User:NAME.', ko: '허용할 사용자: User:이름.' },
  },
  'deny-principal': {
    argument: 'deny-principal',
    help: {
      en: 'Who is denied, whatever else allows it: User:NAME.',
      ko: '다른 허용보다 먼저 막을 사용자: User:이름.',
    },
  },
  principal: {
    argument: 'principal',
    optional: true,
    help: { en: 'With --list: only rules of this user.', ko: '--list와 함께: 이 사용자의 규칙만.' },
  },
  'allow-host': {
    argument: 'allow-host',
    help: { en: 'From which host it is allowed; any without it.', ko: '허용할 호스트. 없으면 모두.' },
  },
  'deny-host': {
    argument: 'deny-host',
    help: { en: 'From which host it is denied; any without it.', ko: '막을 호스트. 없으면 모두.' },
  },
  producer: {
    help: {
      en: 'What a producer needs: Write, Describe and Create on the topic.',
      ko: '프로듀서에게 필요한 것: 토픽의 Write, Describe, Create.',
    },
  },
  consumer: {
    help: {
      en: 'What a consumer needs: Read and Describe on the topic, Read on the group.',
      ko: '컨슈머에게 필요한 것: 토픽의 Read, Describe와 그룹의 Read.',
    },
  },
  idempotent: {
    help: { en: 'With --producer: idempotence, too.', ko: '--producer와 함께: 멱등성(idempotence)도.' },
  },
  force: { help: { en: 'Do not ask back.', ko: '되묻지 않습니다.' } },
} as const satisfies OptionTable;

export type AclsOptions = OptionSet<typeof options>;

export function aclsUsage(ports: ToolPorts): Usage<typeof options> {
  return new Usage(ports, options);
}

export function readAclsOptions(ports: ToolPorts): AclsOptions {
  const usage = aclsUsage(ports);
  const set = parse(ports, usage);
  usage.helpOrVersion(set, {
    en: 'Lists, adds and removes rules about who may do what.',
    ko: '누가 무엇을 할 수 있는지에 대한 규칙을 나열하고, 더하고, 지웁니다.',
  });
  check(set, usage);
  return set;
}

function parse(ports: ToolPorts, usage: Usage<typeof options>): AclsOptions {
  try {
    return parseOptions(options, ports.args);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    return usage.fail(error.text);
  }
}

function check(set: AclsOptions, usage: Usage<typeof options>): void {
  const [server, controller] = [set.has('bootstrap-server'), set.has('bootstrap-controller')];
  if (server && controller)
    usage.fail('Only one of --bootstrap-server or --bootstrap-controller must be specified');
  if (!server && !controller)
    usage.fail('One of --bootstrap-server or --bootstrap-controller must be specified');
  if ((['add', 'remove', 'list'] as const).filter((action) => set.has(action)).length !== 1) {
    usage.fail('Command must include exactly one action: --list, --add, --remove. ');
  }
  const forListing = [
    'producer',
    'consumer',
    'allow-host',
    'allow-principal',
    'deny-host',
    'deny-principal',
  ] as const;
  usage.invalid(set, 'list', forListing);
  usage.invalid(set, 'producer', ['operation', 'deny-principal', 'deny-host']);
  usage.invalid(set, 'consumer', ['operation', 'deny-principal', 'deny-host']);
  if (set.has('principal') && !set.has('list'))
    usage.fail('The --principal option is only available if --list is set');
  if (set.has('producer') && !set.has('topic')) usage.fail('With --producer you must specify a --topic');
  if (set.has('idempotent') && !set.has('producer')) {
    usage.fail('The --idempotent option is only available if --producer is set');
  }
  const incomplete = !set.has('topic') || !set.has('group');
  const foreign = !set.has('producer') && (set.has('cluster') || set.has('transactional-id'));
  if (set.has('consumer') && (incomplete || foreign)) {
    usage.fail(
      'With --consumer you must specify a --topic and a --group and no --cluster or --transactional-id option should be specified.',
    );
  }
}
