/** Command line of kafka-consumer-perf-test.sh. */
import type { OptionTable } from '../framework/options.ts';
import { helpOptions } from '../framework/usage.ts';

export const consumerPerfOptions = {
  ...helpOptions,
  'bootstrap-server': {
    argument: 'server to connect to',
    help: { en: 'REQUIRED: the broker(s) to connect to.', ko: '필수: 접속할 브로커.' },
  },
  'command-config': {
    argument: 'config file',
    help: { en: 'File with settings for the consumer.', ko: '컨슈머 설정이 담긴 파일.' },
  },
  'command-property': {
    argument: 'prop1=val1',
    help: { en: 'A setting of the consumer, over the file’s.', ko: '컨슈머 설정. 파일보다 우선합니다.' },
  },
  'consumer.config': {
    argument: 'config file',
    help: { en: 'Deprecated: use --command-config.', ko: '사용 중단 예정: --command-config를 쓰세요.' },
  },
  'date-format': {
    argument: 'date format',
    default: 'yyyy-MM-dd HH:mm:ss:SSS',
    help: { en: 'How times are written.', ko: '시각의 표기 형식.' },
  },
  'fetch-size': {
    argument: 'size',
    type: 'Integer',
    default: '1048576',
    help: { en: 'Bytes of one fetch.', ko: '한 번에 가져올 바이트.' },
  },
  'from-latest': {
    help: {
      en: 'Without a committed offset, begin at the end.',
      ko: '커밋된 오프셋이 없으면 끝에서 시작합니다.',
    },
  },
  group: {
    argument: 'gid',
    help: { en: 'Id of the group; left out: a random one.', ko: '그룹 ID. 없으면 무작위.' },
  },
  'hide-header': { help: { en: 'Leave out the header.', ko: '머리글을 뺍니다.' } },
  include: {
    argument: 'Java regex (String)',
    help: {
      en: 'Topics by a regular expression. Not with --topic.',
      ko: '정규식으로 고른 토픽. --topic과 함께 쓸 수 없습니다.',
    },
  },
  messages: {
    argument: 'count',
    type: 'Long',
    help: { en: 'Deprecated: use --num-records.', ko: '사용 중단 예정: --num-records를 쓰세요.' },
  },
  'num-records': {
    argument: 'count',
    type: 'Long',
    help: { en: 'REQUIRED: number of records to read.', ko: '필수: 읽을 레코드 수.' },
  },
  'print-metrics': { help: { en: 'Print what the consumer counted.', ko: '컨슈머의 지표를 출력합니다.' } },
  'reporting-interval': {
    argument: 'interval_ms',
    type: 'Long',
    default: '5000',
    help: { en: 'Milliseconds between lines.', ko: '출력 간격(밀리초).' },
  },
  'show-detailed-stats': {
    help: { en: 'A line for each interval.', ko: '간격마다 한 줄씩 출력합니다.' },
  },
  'socket-buffer-size': {
    argument: 'size',
    type: 'Integer',
    default: '2097152',
    help: { en: 'Bytes of the receive buffer.', ko: '수신 버퍼 크기.' },
  },
  timeout: {
    argument: 'milliseconds',
    optional: true,
    type: 'Long',
    default: '10000',
    help: { en: 'Longest time without a record.', ko: '레코드 없이 기다릴 최대 시간.' },
  },
  topic: {
    argument: 'topic',
    help: {
      en: 'REQUIRED, unless --include: the topic to read.',
      ko: '필수(--include가 없으면): 읽을 토픽.',
    },
  },
} as const satisfies OptionTable;
