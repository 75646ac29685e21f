/** Reassignment, elections, log directories. */
import { HELP, type Mask } from '../mask.ts';
import type { Sequence } from '../step.ts';

const MOVE = 'kafka-reassign-partitions $S';
const ELECT = 'kafka-leader-election $S';
const DESCRIBE = 'kafka-topics $S --topic skew --describe';

function plan(...replicas: readonly (readonly number[])[]): string {
  const partitions = replicas.map((list, partition) => ({ topic: 'skew', partition, replicas: list }));
  return JSON.stringify({ version: 1, partitions });
}

const PATH = JSON.stringify({ partitions: [{ topic: 'skew', partition: 1 }] });

/** Where the directories are, and how full the disk is. */
const LOG_DIRS: readonly Mask[] = [
  [/"logDir":"[^"]*"/g, '"logDir":"<folder>"'],
  [/"(totalBytes|usableBytes)":\d+/g, '"$1":<bytes>'],
];

export const moves: Sequence = [
  'kafka-topics $S --topic skew --create --replica-assignment 1:2:3,1:2:3,1:2:3',
  { run: DESCRIBE, placed: true },
  // Where a rotation begins is left to chance.
  {
    run: `${MOVE} --topics-to-move-json-file topics.json --broker-list 1,2,3 --generate`,
    files: { 'topics.json': '{"topics":[{"topic":"skew"}],"version":1}' },
    masks: [[/^(Proposed partition reassignment configuration\n).*$/m, '$1<proposal>']],
  },
  {
    run: `${MOVE} --reassignment-json-file plan.json --execute`,
    files: { 'plan.json': plan([1, 2, 3], [2, 3, 1], [3, 1, 2]) },
  },
  { run: `${MOVE} --reassignment-json-file plan.json --verify`, until: /(completed[\s\S]*){3}/ },
  `${MOVE} --list`,
  `${MOVE} --reassignment-json-file plan.json --cancel`,
  { run: DESCRIBE, placed: true },
  `${ELECT} --election-type preferred --topic skew --partition 1`,
  `${ELECT} --election-type PREFERRED --all-topic-partitions`,
  `${ELECT} --election-type preferred --topic skew --partition 1`,
  `${ELECT} --election-type preferred --topic nope --partition 0`,
  `${ELECT} --election-type sideways --all-topic-partitions`,
  { run: DESCRIBE, placed: true },
  { run: `${MOVE} --reassignment-json-file bad.json --execute`, files: { 'bad.json': plan([1, 2, 9]) } },
  {
    run: `${MOVE} --reassignment-json-file broken.json --execute`,
    files: { 'broken.json': '{"version":1,"partitions":[{"topic":"skew","partition":0,"replicas":[1,2' },
  },
  `${MOVE} --reassignment-json-file missing.json --execute`,
  {
    run: `${MOVE} --reassignment-json-file shrink.json --execute --throttle 1000000`,
    files: { 'shrink.json': plan([1, 2]) },
  },
  { run: `${MOVE} --reassignment-json-file shrink.json --verify`, until: /0 is completed/ },
  { run: DESCRIBE, placed: true },
  // Beyond the recordings.
  {
    run: `${MOVE} --reassignment-json-file wide.json --execute --throttle 500000 --replica-alter-log-dirs-throttle 700000`,
    files: { 'wide.json': plan([3, 2, 1], [2, 3], [3]) },
  },
  'kafka-configs $S --entity-type brokers --entity-name 1 --describe',
  'kafka-configs $S --entity-type topics --entity-name skew --describe',
  {
    run: `${MOVE} --reassignment-json-file wide.json --verify --preserve-throttles`,
    until: /(completed[\s\S]*){3}/,
  },
  'kafka-configs $S --entity-type brokers --entity-name 1 --describe',
  { run: `${MOVE} --reassignment-json-file wide.json --verify`, until: /(completed[\s\S]*){3}/ },
  'kafka-configs $S --entity-type brokers --entity-name 1 --describe',
  'kafka-configs $S --entity-type topics --entity-name skew --describe',
  { run: DESCRIBE, placed: true },
  `${MOVE} --reassignment-json-file shrink.json --verify`,
  {
    run: `${MOVE} --reassignment-json-file p9.json --execute`,
    files: { 'p9.json': plan([1], [2], [3], [1]) },
  },
  {
    run: `${MOVE} --reassignment-json-file nope.json --execute`,
    files: { 'nope.json': '{"version":1,"partitions":[{"topic":"nope","partition":0,"replicas":[1]}]}' },
  },
  `${MOVE} --reassignment-json-file nope.json --verify`,
  `${MOVE} --reassignment-json-file nope.json --cancel`,
  {
    run: `${MOVE} --reassignment-json-file twice.json --execute`,
    files: {
      'twice.json':
        '{"version":1,"partitions":[{"topic":"skew","partition":0,"replicas":[1]},{"topic":"skew","partition":0,"replicas":[2]}]}',
    },
  },
  { run: `${MOVE} --reassignment-json-file same.json --execute`, files: { 'same.json': plan([1, 1]) } },
  { run: `${MOVE} --reassignment-json-file none.json --execute`, files: { 'none.json': plan([]) } },
  {
    run: `${MOVE} --reassignment-json-file empty.json --execute`,
    files: { 'empty.json': '{"version":1,"partitions":[]}' },
  },
  {
    run: `${MOVE} --reassignment-json-file v2.json --execute`,
    files: { 'v2.json': '{"version":2,"partitions":[]}' },
  },
  { run: `${MOVE} --reassignment-json-file blank.json --execute`, files: { 'blank.json': '' } },
  {
    run: `${MOVE} --reassignment-json-file dirs.json --execute`,
    files: {
      'dirs.json':
        '{"version":1,"partitions":[{"topic":"skew","partition":0,"replicas":[1,2],"log_dirs":["any"]}]}',
    },
  },
  {
    run: `${MOVE} --topics-to-move-json-file unknown.json --broker-list 1,2 --generate`,
    files: { 'unknown.json': '{"topics":[{"topic":"nope"}],"version":1}' },
  },
  `${MOVE} --topics-to-move-json-file topics.json --broker-list 1,1 --generate`,
  `${MOVE} --topics-to-move-json-file topics.json --broker-list 1,x --generate`,
  `${MOVE} --topics-to-move-json-file topics.json --broker-list 1,9 --generate`,
  `${MOVE} --topics-to-move-json-file topics.json --generate`,
  `${MOVE} --execute`,
  `${MOVE} --verify`,
  `${MOVE} --cancel`,
  `${MOVE} --execute --verify --reassignment-json-file plan.json`,
  `${MOVE} --list --throttle 5`,
  `${MOVE} --reassignment-json-file plan.json --execute --throttle x`,
  `${MOVE} --reassignment-json-file plan.json --execute --broker-list 1`,
  MOVE,
  'kafka-reassign-partitions --list',
  { run: 'kafka-reassign-partitions --help', masks: HELP },
  // Elections.
  `${ELECT} --election-type unclean --topic skew --partition 0`,
  `${ELECT} --election-type preferred --topic skew --partition 9`,
  `${ELECT} --election-type preferred --topic skew`,
  `${ELECT} --election-type preferred --partition 0`,
  `${ELECT} --election-type preferred`,
  `${ELECT} --all-topic-partitions`,
  `${ELECT} --election-type preferred --all-topic-partitions --topic skew --partition 0`,
  `${ELECT} --election-type preferred --topic skew --partition zero`,
  {
    run: `${ELECT} --election-type preferred --path-to-json-file path.json`,
    files: { 'path.json': PATH },
  },
  {
    run: `${ELECT} --election-type preferred --path-to-json-file twice-path.json`,
    files: {
      'twice-path.json': '{"partitions":[{"topic":"skew","partition":1},{"topic":"skew","partition":1}]}',
    },
  },
  {
    run: `${ELECT} --election-type preferred --path-to-json-file wrong-path.json`,
    files: { 'wrong-path.json': '{"partitions":[{"topic":"skew"}]}' },
  },
  `${ELECT} --election-type preferred --path-to-json-file missing.json`,
  'kafka-leader-election --election-type preferred --all-topic-partitions',
  { run: 'kafka-leader-election --help', masks: HELP },
  // Log directories.
  'kafka-topics $S --topic placed --create --replica-assignment 1:2,2:3',
  { run: 'kafka-log-dirs $S --describe --topic-list placed', masks: LOG_DIRS },
  { run: 'kafka-log-dirs $S --describe --topic-list placed --broker-list 2', masks: LOG_DIRS },
  { run: 'kafka-log-dirs $S --describe --topic-list nope', masks: LOG_DIRS },
  { run: 'kafka-log-dirs $S --describe --topic-list placed,nope', masks: LOG_DIRS },
  { run: 'kafka-log-dirs $S --describe --broker-list 9', masks: LOG_DIRS },
  'kafka-log-dirs $S --describe --broker-list x',
  'kafka-log-dirs $S',
  'kafka-log-dirs --describe',
  { run: 'kafka-log-dirs --help', masks: HELP },
];
