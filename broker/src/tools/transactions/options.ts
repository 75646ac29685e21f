/** Command line of kafka-transactions.sh. */
import { bootstrapServer, commandConfig } from '../framework/argparse/client-arguments.ts';
import {
  type Argument,
  helpArgument,
  type Parser,
  versionArgument,
} from '../framework/argparse/declaration.ts';

const topic: Argument = {
  flags: ['--topic'],
  name: 'topic',
  required: true,
  help: { en: 'the topic', ko: '토픽' },
};
const partition: Argument = {
  flags: ['--partition'],
  name: 'partition',
  type: 'Integer',
  required: true,
  help: { en: 'the partition', ko: '파티션 번호' },
};
const { required: _topicRequired, ...someTopic } = topic;
const { required: _partitionRequired, ...somePartition } = partition;

export const transactionsParser: Parser = {
  name: 'kafka-transactions.sh',
  description: {
    en: 'Shows transactions and the producers behind them, finds those that hang, and ends them.',
    ko: '트랜잭션과 그 프로듀서를 보여 주고, 끝나지 않고 멈춘 트랜잭션을 찾아 끝냅니다.',
  },
  commandsTitle: { en: 'commands', ko: '명령' },
  commandsMetavar: 'COMMAND',
  arguments: [
    helpArgument,
    versionArgument,
    commandConfig('admin', { metavar: 'FILE' }),
    bootstrapServer({ metavar: 'host:port', required: true }),
  ],
  commands: [
    {
      name: 'list',
      summary: { en: 'list transactions', ko: '트랜잭션을 나열합니다' },
      arguments: [
        helpArgument,
        {
          flags: ['--duration-filter'],
          name: 'duration_filter',
          type: 'Long',
          help: {
            en: 'only those that run longer than so many milliseconds; below 0: all',
            ko: '이 밀리초보다 오래 걸리고 있는 것만. 0보다 작으면 전부',
          },
        },
        {
          flags: ['--transactional-id-pattern'],
          name: 'transactional_id_pattern',
          help: {
            en: 'only those whose id matches this regular expression',
            ko: 'ID가 이 정규식에 맞는 것만',
          },
        },
      ],
    },
    {
      name: 'describe',
      summary: { en: 'show one transactional id', ko: '트랜잭션 ID 하나를 보여 줍니다' },
      description: { en: 'Shows the state of a transactional id.', ko: '트랜잭션 ID의 상태를 보여 줍니다.' },
      arguments: [
        helpArgument,
        {
          flags: ['--transactional-id'],
          name: 'transactional_id',
          required: true,
          help: { en: 'the id', ko: '트랜잭션 ID' },
        },
      ],
    },
    {
      name: 'describe-producers',
      summary: {
        en: 'show the producers that write to a partition',
        ko: '파티션에 쓰는 프로듀서를 보여 줍니다',
      },
      arguments: [
        helpArgument,
        {
          flags: ['--broker-id'],
          name: 'broker_id',
          type: 'Integer',
          help: { en: 'ask this replica instead of the leader', ko: '리더 대신 이 복제본에게 물어봅니다' },
        },
        topic,
        partition,
      ],
    },
    {
      name: 'abort',
      summary: { en: 'end a hanging transaction', ko: '멈춘 트랜잭션을 끝냅니다' },
      arguments: [
        helpArgument,
        topic,
        partition,
        {
          flags: ['--start-offset'],
          name: 'start_offset',
          type: 'Long',
          group: 'newer',
          help: { en: 'first offset of the transaction', ko: '트랜잭션의 첫 오프셋' },
        },
        {
          flags: ['--producer-id'],
          name: 'producer_id',
          type: 'Long',
          group: 'older',
          help: { en: 'producer id', ko: '프로듀서 ID' },
        },
        {
          flags: ['--producer-epoch'],
          name: 'producer_epoch',
          type: 'Short',
          group: 'older',
          help: { en: 'producer epoch', ko: '프로듀서 에폭' },
        },
        {
          flags: ['--coordinator-epoch'],
          name: 'coordinator_epoch',
          type: 'Integer',
          group: 'older',
          help: { en: 'coordinator epoch', ko: '코디네이터 에폭' },
        },
      ],
      groups: {
        newer: {
          title: { en: 'Brokers on versions 3.0 and above', ko: '3.0 이후 브로커' },
          description: { en: 'The start offset is enough.', ko: '시작 오프셋이면 됩니다.' },
        },
        older: {
          title: { en: 'Brokers on versions older than 3.0', ko: '3.0보다 오래된 브로커' },
          description: { en: 'All three are needed.', ko: '셋 다 필요합니다.' },
        },
      },
    },
    {
      name: 'find-hanging',
      summary: { en: 'find hanging transactions', ko: '멈춘 트랜잭션을 찾습니다' },
      arguments: [
        helpArgument,
        {
          flags: ['--broker-id'],
          name: 'broker_id',
          type: 'Integer',
          help: { en: 'only partitions of this broker', ko: '이 브로커의 파티션만' },
        },
        {
          flags: ['--max-transaction-timeout'],
          name: 'max_transaction_timeout',
          type: 'Integer',
          default: '15',
          help: {
            en: 'minutes after which one may hang; 15 without it',
            ko: '몇 분이 지나야 멈춘 것으로 볼지. 없으면 15',
          },
        },
        { ...someTopic, help: { en: 'only this topic', ko: '이 토픽만' } },
        { ...somePartition, help: { en: 'only this partition of --topic', ko: '--topic의 이 파티션만' } },
      ],
    },
    {
      name: 'forceTerminateTransaction',
      summary: { en: 'end the transaction of an id by force', ko: '어떤 ID의 트랜잭션을 강제로 끝냅니다' },
      description: {
        en: 'Aborts the transaction of an id and fences its producer.',
        ko: '어떤 ID의 트랜잭션을 중단하고 프로듀서를 막습니다.',
      },
      arguments: [
        helpArgument,
        {
          flags: ['--transactionalId'],
          name: 'transactionalId',
          required: true,
          help: { en: 'the transactional id', ko: '트랜잭션 ID' },
        },
      ],
    },
  ],
};
