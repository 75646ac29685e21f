/** Options of kafka-dump-log.sh. */
import type { OptionTable } from '../framework/options.ts';
import { helpOptions } from '../framework/usage.ts';

const decoderClass = 'org.apache.kafka.tools.api.StringDecoder';

export const dumpLogOptions = {
  ...helpOptions,
  files: {
    argument: 'file1, file2, ...',
    help: {
      en: 'REQUIRED: the segments, indexes and snapshots to show, with commas between.',
      ko: '필수: 보여 줄 세그먼트, 인덱스, 스냅샷 파일. 쉼표로 나눕니다.',
    },
  },
  'print-data-log': {
    help: {
      en: 'Show what the records hold, too. Any decoder option does so as well.',
      ko: '레코드 내용도 보여 줍니다. 디코더 옵션을 주면 저절로 켜집니다.',
    },
  },
  'deep-iteration': {
    help: {
      en: 'Show each record, not only each batch. --print-data-log does so as well.',
      ko: '배치뿐 아니라 레코드도 하나씩 보여 줍니다. --print-data-log를 주면 저절로 켜집니다.',
    },
  },
  'verify-index-only': {
    help: {
      en: 'Compare indexes with their log and show only what does not fit.',
      ko: '인덱스를 로그와 견주어 맞지 않는 것만 보여 줍니다.',
    },
  },
  'index-sanity-check': {
    help: {
      en: 'Make only the check that a broker makes at its start to see whether an index must be rebuilt.',
      ko: '브로커가 시작할 때 인덱스를 다시 만들지 정하는 검사만 합니다.',
    },
  },
  'max-message-size': {
    argument: 'size',
    type: 'Integer',
    default: '5242880',
    help: { en: 'Bytes of the largest batch.', ko: '가장 큰 배치의 바이트 수.' },
  },
  'max-bytes': {
    argument: 'size',
    type: 'Integer',
    default: '2147483647',
    help: {
      en: 'Read only so many bytes of each log, whole batches of them.',
      ko: '로그마다 이만큼의 바이트 안에 드는 배치까지만 읽습니다.',
    },
  },
  'value-decoder-class': {
    argument: '',
    optional: true,
    default: decoderClass,
    help: {
      en: 'What turns values into text: StringDecoder, IntegerDecoder, LongDecoder or DefaultDecoder of org.apache.kafka.tools.api.',
      ko: '값을 글자로 바꾸는 클래스: org.apache.kafka.tools.api의 StringDecoder, IntegerDecoder, LongDecoder, DefaultDecoder.',
    },
  },
  'key-decoder-class': {
    argument: '',
    optional: true,
    default: decoderClass,
    help: { en: 'The same for keys.', ko: '키에 쓰는 같은 클래스.' },
  },
  'offsets-decoder': {
    help: {
      en: 'Read the records as those of __consumer_offsets.',
      ko: '레코드를 __consumer_offsets의 것으로 읽습니다.',
    },
  },
  'transaction-log-decoder': {
    help: {
      en: 'Read the records as those of __transaction_state.',
      ko: '레코드를 __transaction_state의 것으로 읽습니다.',
    },
  },
  'cluster-metadata-decoder': {
    help: {
      en: 'Read the records as those of the metadata log.',
      ko: '레코드를 메타데이터 로그의 것으로 읽습니다.',
    },
  },
  'remote-log-metadata-decoder': {
    help: {
      en: 'Read the records as those of tiered storage. Such records are counted, not decoded, by this tool.',
      ko: '레코드를 계층형 저장소의 것으로 읽습니다. 이 도구는 내용을 풀지 않습니다.',
    },
  },
  'share-group-state-decoder': {
    help: {
      en: 'Read the records as those of __share_group_state. Such records are counted, not decoded, by this tool.',
      ko: '레코드를 __share_group_state의 것으로 읽습니다. 이 도구는 내용을 풀지 않습니다.',
    },
  },
  'skip-record-metadata': {
    help: {
      en: 'Leave out what is known of each record besides its content; control records as well.',
      ko: '레코드 내용 말고는 보여 주지 않습니다. 제어 레코드도 뺍니다.',
    },
  },
} as const satisfies OptionTable;
