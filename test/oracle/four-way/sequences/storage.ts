/** A node's files: formatting, and what lies in a partition's. */
import { HELP, type Mask, ROWS } from '../mask.ts';
import type { Sequence } from '../step.ts';

const SEGMENT = '$L/orders-0/00000000000000000000';
const DUMP = 'kafka-dump-log --files';
const RECORDS: readonly Mask[] = [
  [/(CreateTime: |producerId: |crc: |timestamp: |lastTimestamp: |coordinatorEpoch: )-?\d+/g, '$1<number>'],
];

function properties(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

const NODE = [
  'process.roles=broker,controller',
  'node.id=1',
  'controller.quorum.voters=1@localhost:9093',
  'listeners=PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093',
  'controller.listener.names=CONTROLLER',
];

export const storage: Sequence = [
  'kafka-topics $S --create --topic orders --replica-assignment 1',
  {
    run: 'kafka-console-producer $S --topic orders --reader-property parse.key=true --reader-property key.separator=:',
    input: 'a:1\nb:2\n',
  },
  { run: 'kafka-console-producer $S --topic orders --compression-codec gzip', input: '한국어\n' },
  { run: `${DUMP} ${SEGMENT}.log`, masks: RECORDS },
  { run: `${DUMP} ${SEGMENT}.log --print-data-log`, masks: RECORDS },
  { run: `${DUMP} ${SEGMENT}.log --deep-iteration`, masks: RECORDS },
  { run: `${DUMP} ${SEGMENT}.log --print-data-log --skip-record-metadata`, masks: RECORDS },
  { run: `${DUMP} ${SEGMENT}.log --print-data-log --max-batches 1`, masks: RECORDS },
  `${DUMP} $L/orders-0/99.log`,
  `${DUMP} ${SEGMENT}.nonsense`,
  `${DUMP} $L/orders-0/partition.metadata`,
  { run: 'kafka-dump-log', masks: HELP },
  { run: `${DUMP} ${SEGMENT}.log --offsets-decoder --transaction-log-decoder`, masks: RECORDS },
  { run: `${DUMP} ${SEGMENT}.log --max-message-size x`, masks: RECORDS },
  { run: 'kafka-dump-log --help', masks: HELP },
  // Formatting.
  'kafka-storage random-uuid',
  {
    run: 'kafka-storage info -c one.properties',
    files: { 'one.properties': properties([...NODE, 'log.dirs=$W/one']) },
  },
  'kafka-storage format -c one.properties',
  'kafka-storage format -c one.properties -t AAAAAAAAAAAAAAAAAAAAAQ',
  'kafka-storage format -c one.properties -t AAAAAAAAAAAAAAAAAAAAAQ',
  'kafka-storage format -c one.properties -t AAAAAAAAAAAAAAAAAAAAAQ --ignore-formatted',
  'kafka-storage format -c one.properties -t AAAAAAAAAAAAAAAAAAAAAg --ignore-formatted',
  'kafka-storage info -c one.properties',
  'kafka-storage format -c one.properties -t nonsense',
  {
    run: 'kafka-storage format -c two.properties -t AAAAAAAAAAAAAAAAAAAAAQ --release-version 3.9-IV0',
    masks: ROWS,
    files: { 'two.properties': properties([...NODE, 'log.dirs=$W/two-a,$W/two-b']) },
  },
  'kafka-storage info -c two.properties',
  {
    run: 'kafka-storage format -c three.properties -t AAAAAAAAAAAAAAAAAAAAAQ --release-version 9.9',
    files: { 'three.properties': properties([...NODE, 'log.dirs=$W/three']) },
  },
  'kafka-storage format -c three.properties -t AAAAAAAAAAAAAAAAAAAAAQ --feature nope=1',
  'kafka-storage format -c three.properties -t AAAAAAAAAAAAAAAAAAAAAQ --feature transaction.version=9',
  'kafka-storage format -c three.properties -t AAAAAAAAAAAAAAAAAAAAAQ --standalone',
  'kafka-storage format -c three.properties -t AAAAAAAAAAAAAAAAAAAAAQ --standalone --no-initial-controllers',
  'kafka-storage format -c three.properties -t AAAAAAAAAAAAAAAAAAAAAQ --add-scram nonsense',
  'kafka-storage info -c three.properties',
  'kafka-storage format -c missing.properties -t AAAAAAAAAAAAAAAAAAAAAQ',
  {
    run: 'kafka-storage format -c roleless.properties -t AAAAAAAAAAAAAAAAAAAAAQ',
    files: { 'roleless.properties': 'node.id=1\nlog.dirs=$W/roleless\n' },
  },
  'kafka-storage version-mapping',
  'kafka-storage version-mapping --release-version 4.0',
  'kafka-storage feature-dependencies --feature transaction.version=2',
  'kafka-storage',
  'kafka-storage nothing',
];
