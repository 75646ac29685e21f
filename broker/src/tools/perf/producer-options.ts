/** Command line of kafka-producer-perf-test.sh. */
import { bootstrapServer, commandConfig, deprecated } from '../framework/argparse/client-arguments.ts';
import { type Argument, helpArgument, type Parser } from '../framework/argparse/declaration.ts';

const property = { count: '+', metavar: 'PROP-NAME=PROP-VALUE' } as const;

const options: readonly Argument[] = [
  {
    ...bootstrapServer({ name: 'bootstrapServers', metavar: 'BOOTSTRAP-SERVER' }),
    help: {
      en: 'brokers to connect to, over any bootstrap.servers',
      ko: '접속할 브로커. bootstrap.servers보다 우선합니다',
    },
  },
  {
    flags: ['--topic'],
    name: 'topic',
    required: true,
    help: { en: 'topic to write to', ko: '레코드를 쓸 토픽' },
  },
  {
    flags: ['--num-records'],
    name: 'numRecords',
    metavar: 'NUM-RECORDS',
    type: 'Long',
    required: true,
    help: { en: 'number of records to write', ko: '쓸 레코드 수' },
  },
  {
    flags: ['--payload-delimiter'],
    name: 'payloadDelimiter',
    metavar: 'PAYLOAD-DELIMITER',
    default: '\\n',
    help: {
      en: 'what stands between the payloads of --payload-file (default: \\n)',
      ko: '--payload-file의 페이로드 사이 구분자(기본값 \\n)',
    },
  },
  {
    flags: ['--throughput'],
    name: 'throughput',
    type: 'Double',
    required: true,
    help: {
      en: 'records a second, about; -1: as many as it takes',
      ko: '초당 레코드 수(대략). -1이면 제한 없음',
    },
  },
  { ...deprecated('--producer-props', '--command-property', { name: 'producerConfigs' }), ...property },
  {
    flags: ['--command-property'],
    name: 'commandProperties',
    ...property,
    help: {
      en: 'settings of the producer, over those of the file',
      ko: '프로듀서 설정. 파일의 설정보다 우선합니다',
    },
  },
  deprecated('--producer.config', '--command-config', {
    name: 'producerConfigFile',
    metavar: 'CONFIG-FILE',
  }),
  commandConfig('producer', { name: 'commandConfigFile', metavar: 'CONFIG-FILE' }),
  {
    flags: ['--print-metrics'],
    name: 'printMetrics',
    action: 'true',
    help: { en: 'print what the producer counted at the end', ko: '끝에 프로듀서의 지표를 출력합니다' },
  },
  {
    flags: ['--transactional-id'],
    name: 'transactionalId',
    metavar: 'TRANSACTIONAL-ID',
    help: { en: 'write in transactions under this id', ko: '이 ID로 트랜잭션 안에서 씁니다' },
  },
  {
    flags: ['--transaction-duration-ms'],
    name: 'transactionDurationMs',
    metavar: 'TRANSACTION-DURATION',
    type: 'Long',
    help: { en: 'commit after this long; default 3000', ko: '이만큼 지나면 커밋합니다. 기본값 3000' },
  },
  {
    flags: ['--warmup-records'],
    name: 'warmupRecords',
    metavar: 'WARMUP-RECORDS',
    type: 'Long',
    default: '0',
    help: {
      en: 'records at the start that a second summary leaves out',
      ko: '둘째 요약에서 뺄 처음 레코드 수',
    },
  },
  {
    flags: ['--reporting-interval'],
    name: 'reportingInterval',
    metavar: 'INTERVAL-MS',
    type: 'Long',
    default: '5000',
    help: { en: 'milliseconds between lines; default 5000', ko: '출력 간격(밀리초). 기본값 5000' },
  },
  {
    flags: ['--record-size'],
    name: 'recordSize',
    metavar: 'RECORD-SIZE',
    type: 'Integer',
    group: 'payload',
    help: { en: 'bytes in each record, drawn at random', ko: '레코드 크기(바이트). 내용은 무작위입니다' },
  },
  {
    flags: ['--payload-file'],
    name: 'payloadFile',
    metavar: 'PAYLOAD-FILE',
    group: 'payload',
    help: {
      en: 'UTF-8 file of payloads to choose from at random',
      ko: '무작위로 고를 페이로드가 담긴 UTF-8 파일',
    },
  },
  {
    flags: ['--payload-monotonic'],
    name: 'payloadMonotonic',
    action: 'true',
    group: 'payload',
    help: { en: 'payloads are 0, 1, 2, …', ko: '페이로드는 0, 1, 2, …입니다' },
  },
];

export const producerPerfParser: Parser = {
  name: 'kafka-producer-perf-test',
  description: {
    en: 'Measures how many records a producer writes, and how long each takes to be acknowledged.',
    ko: '프로듀서가 레코드를 얼마나 쓰는지, 확인까지 얼마나 걸리는지 잽니다.',
  },
  arguments: [helpArgument, ...options],
  groups: { payload: { exclusive: true, required: true } },
};
