/** Command lines of kafka-verifiable-producer.sh and kafka-verifiable-consumer.sh. */
import { bootstrapServer, commandConfig, deprecated } from '../framework/argparse/client-arguments.ts';
import { type Argument, helpArgument, type Parser } from '../framework/argparse/declaration.ts';

/** The key of the properties file, and of its older spelling. */
export const configFile = 'command.config';
export const oldConfigFile = 'old.config';

const topic = (help: Argument['help']): Argument => ({
  flags: ['--topic'],
  name: 'topic',
  required: true,
  help,
});
const maxMessages = (help: Argument['help']): Argument => ({
  flags: ['--max-messages'],
  name: 'maxMessages',
  metavar: 'MAX-MESSAGES',
  type: 'Integer',
  default: '-1',
  help,
});
const connection: Argument = {
  ...bootstrapServer({
    name: 'bootstrapServer',
    metavar: 'HOST1:PORT1[,HOST2:PORT2[...]]',
  }),
  group: 'connection',
};
const groups = { connection: { exclusive: true, required: true } } as const;
const oldConfig = (flag: string) =>
  deprecated(flag, '--command-config', { name: oldConfigFile, metavar: 'CONFIG-FILE' });
const config = { name: configFile, metavar: 'CONFIG-FILE' };

export const verifiableProducerParser: Parser = {
  name: 'verifiable-producer',
  description: {
    en: 'Writes growing numbers to a topic and tells of each, as JSON, whether it was acknowledged.',
    ko: '토픽에 커지는 숫자를 쓰고, 하나하나 확인되었는지 JSON으로 알려 줍니다.',
  },
  arguments: [
    helpArgument,
    topic({ en: 'topic to write to', ko: '쓸 토픽' }),
    maxMessages({ en: 'records to write; -1: until stopped', ko: '쓸 레코드 수. -1이면 멈출 때까지' }),
    {
      flags: ['--throughput'],
      name: 'throughput',
      type: 'Integer',
      default: '-1',
      help: { en: 'records a second; -1: no limit', ko: '초당 레코드 수. -1이면 제한 없음' },
    },
    {
      flags: ['--acks'],
      name: 'acks',
      metavar: 'ACKS',
      type: 'Integer',
      default: '-1',
      choices: ['0', '1', '-1'],
      help: { en: '0, 1 or -1 (all)', ko: '0, 1 또는 -1(all)' },
    },
    oldConfig('--producer.config'),
    {
      flags: ['--message-create-time'],
      name: 'createTime',
      metavar: 'CREATE-TIME',
      type: 'Long',
      default: '-1',
      help: { en: 'time of the first record, in milliseconds', ko: '첫 레코드의 시각(밀리초)' },
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
    commandConfig('producer', config),
    connection,
  ],
  groups,
};

export const verifiableConsumerParser: Parser = {
  name: 'verifiable-consumer',
  description: {
    en: 'Reads a topic in a group and tells, as JSON, what it was assigned, what came and what it committed.',
    ko: '그룹으로 토픽을 읽으며 무엇을 할당받고, 무엇이 오고, 무엇을 커밋했는지 JSON으로 알려 줍니다.',
  },
  arguments: [
    helpArgument,
    topic({ en: 'topic to read', ko: '읽을 토픽' }),
    {
      flags: ['--group-protocol'],
      name: 'groupProtocol',
      metavar: 'GROUP-PROTOCOL',
      default: 'classic',
      help: { en: 'protocol of the group: CLASSIC or CONSUMER', ko: '그룹 프로토콜: CLASSIC 또는 CONSUMER' },
    },
    {
      flags: ['--group-remote-assignor'],
      name: 'groupRemoteAssignor',
      metavar: 'GROUP-REMOTE-ASSIGNOR',
      help: { en: 'assignor of the broker; CONSUMER only', ko: '브로커의 할당자. CONSUMER에서만 씁니다' },
    },
    {
      flags: ['--group-id'],
      name: 'groupId',
      metavar: 'GROUP-ID',
      required: true,
      help: { en: 'id of the group', ko: '그룹 ID' },
    },
    {
      flags: ['--group-instance-id'],
      name: 'groupInstanceId',
      metavar: 'GROUP-INSTANCE-ID',
      help: { en: 'makes it a static member', ko: '정적 멤버로 참여할 인스턴스 ID' },
    },
    maxMessages({ en: 'records to read; -1: until stopped', ko: '읽을 레코드 수. -1이면 멈출 때까지' }),
    {
      flags: ['--session-timeout'],
      name: 'sessionTimeout',
      metavar: 'TIMEOUT-MS',
      type: 'Integer',
      help: {
        en: 'milliseconds without a heartbeat until it is out; CLASSIC only',
        ko: '하트비트 없이 견디는 시간(밀리초). CLASSIC에서만 씁니다',
      },
    },
    {
      flags: ['--verbose'],
      name: 'verbose',
      action: 'true',
      help: { en: 'tell of each record', ko: '레코드 하나하나를 알려 줍니다' },
    },
    {
      flags: ['--enable-autocommit'],
      name: 'useAutoCommit',
      action: 'true',
      help: {
        en: 'commit now and then instead of after each poll',
        ko: '폴링마다가 아니라 자동으로 커밋합니다',
      },
    },
    {
      flags: ['--reset-policy'],
      name: 'resetPolicy',
      metavar: 'RESET-POLICY',
      default: 'earliest',
      help: {
        en: 'where to begin without a committed offset: earliest, latest or none',
        ko: '커밋된 오프셋이 없을 때 시작할 곳: earliest, latest, none',
      },
    },
    {
      flags: ['--assignment-strategy'],
      name: 'assignmentStrategy',
      metavar: 'ASSIGNMENT-STRATEGY',
      default: 'org.apache.kafka.clients.consumer.RangeAssignor',
      help: {
        en: "class of the group's assignor; CLASSIC only",
        ko: '그룹의 할당자 클래스. CLASSIC에서만 씁니다',
      },
    },
    oldConfig('--consumer.config'),
    commandConfig('consumer', config),
    connection,
  ],
  groups,
};
