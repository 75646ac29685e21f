/** Options of kafka-get-offsets.sh. */
import type { OptionTable } from '../framework/options.ts';
import { helpOptions } from '../framework/usage.ts';

export const getOffsetsOptions = {
  ...helpOptions,
  'bootstrap-server': {
    argument: 'HOST1:PORT1,...,HOST3:PORT3',
    help: { en: 'REQUIRED: the broker(s) to ask.', ko: '필수: 접속할 브로커.' },
  },
  'topic-partitions': {
    argument: 'topic1:1,topic2:0-3,topic3,topic4:5-,topic5:-3',
    help: {
      en: 'Rules with commas between: a topic (a regular expression, or nothing for all), then after a colon one partition, a range N-M (without M), N- or -M, or nothing for all.',
      ko: '쉼표로 나눈 규칙: 토픽(정규식, 비우면 모두) 뒤에 콜론과 파티션 하나, 범위 N-M(M 제외), N-, -M, 비우면 모두.',
    },
  },
  topic: {
    argument: 'topic',
    help: {
      en: 'The topic, or a regular expression; left out: all topics. Not with --topic-partitions.',
      ko: '토픽 또는 정규식. 없으면 모든 토픽. --topic-partitions와 함께 쓸 수 없습니다.',
    },
  },
  partitions: {
    argument: 'partition ids',
    help: {
      en: 'Partition numbers with commas between; left out: all. Not with --topic-partitions.',
      ko: '쉼표로 나눈 파티션 번호. 없으면 모두. --topic-partitions와 함께 쓸 수 없습니다.',
    },
  },
  time: {
    argument:
      '<timestamp> / -1 or latest / -2 or earliest / -3 or max-timestamp / -4 or earliest-local / -5 or latest-tiered / -6 or earliest-pending-upload',
    default: 'latest',
    help: {
      en: 'Which offset: a name, or a time in milliseconds (the first record at or after it; none: no line).',
      ko: '어떤 오프셋인지: 이름, 또는 밀리초 시각(그 시각 이후 첫 레코드. 없으면 출력하지 않음).',
    },
  },
  'command-config': {
    argument: 'config file',
    help: { en: 'File with settings for the admin client.', ko: '관리 클라이언트 설정이 담긴 파일.' },
  },
  'exclude-internal-topics': {
    help: { en: "Leave out Kafka's own topics.", ko: '카프카 내부 토픽은 뺍니다.' },
  },
} as const satisfies OptionTable;
