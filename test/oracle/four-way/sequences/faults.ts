/** Tools while a broker is down, a partition has no leader, or too few replicas are in sync; and when it is back. */
import { type Mask, ROWS } from '../mask.ts';
import type { Sequence } from '../step.ts';

const TOPICS = 'kafka-topics $S';
const MOVE = 'kafka-reassign-partitions $S';
const ELECT = 'kafka-leader-election $S';
const OFFSETS = 'kafka-get-offsets $S';
const GROUPS = 'kafka-consumer-groups $S';
const DESCRIBE = `${TOPICS} --describe --topic`;
const ASK_SHORTLY = '--command-config short.properties';
const FILES = {
  'short.properties': 'request.timeout.ms=3000\ndefault.api.timeout.ms=4000\n',
  'back.json': JSON.stringify({
    version: 1,
    partitions: [{ topic: 'pair', partition: 0, replicas: [2, 1] }],
  }),
  'away.json': JSON.stringify({
    version: 1,
    partitions: [{ topic: 'wide', partition: 0, replicas: [2, 3] }],
  }),
  'delete.json': JSON.stringify({ version: 1, partitions: [{ topic: 'alone', partition: 0, offset: 0 }] }),
};
const PRODUCE =
  '--producer-property retries=0 --producer-property delivery.timeout.ms=4000 --producer-property request.timeout.ms=3000 --producer-property max.block.ms=3000 --producer-property linger.ms=0';
/** Which broker a client asks first is left to chance, and so whether it meets the one that is down; how often it tries is measured. */
const CHANCE: readonly Mask[] = [
  [
    /^\[<time>\] WARN [^\n]*(?:could not be established|disconnected|reported a recoverable issue)[^\n]*\n/gm,
    '',
  ],
  [/(TimeoutException: )(?:Call\(|Timed out )[^\n]*/g, '$1<call>'],
];

/** The brokers in the order of their ids, without share and streams groups, which ours leaves out on purpose. */
const VERSIONS: readonly Mask[] = [
  [/^\t[^\n]*\((?:7[6-9]|8[3-9]|9[0-2])\)[^\n]*\n/gm, ''],
  [
    /[\s\S]+/,
    (text) =>
      text
        .split(/(?=^localhost:)/m)
        .sort()
        .join(''),
  ],
];

const steps: Sequence = [
  { run: `${TOPICS} --create --topic wide --replica-assignment 1:2:3,2:3:1`, files: FILES },
  `${TOPICS} --create --topic pair --replica-assignment 1:2 --config min.insync.replicas=2`,
  `${TOPICS} --create --topic alone --replica-assignment 1`,
  {
    run: 'kafka-console-producer $S --topic wide --reader-property parse.key=true --reader-property key.separator=:',
    input: 'a:one\na:two\n',
  },
  { run: 'kafka-console-producer $S --topic pair', input: 'one\n' },
  { run: 'kafka-console-producer $S --topic alone', input: 'one\n' },
  { broker: 'stop', id: 1 },
  { run: `${DESCRIBE} wide`, placed: true, until: /Isr: 2,3\s[\s\S]*Isr: 2,3\s/ },
  { run: `${DESCRIBE} pair`, placed: true },
  { run: `${DESCRIBE} alone`, placed: true },
  { run: `${TOPICS} --describe --under-replicated-partitions --topic wide`, placed: true },
  { run: `${TOPICS} --describe --unavailable-partitions --topic alone`, placed: true },
  { run: `${TOPICS} --describe --unavailable-partitions --topic wide`, placed: true },
  { run: `${TOPICS} --describe --under-min-isr-partitions --topic pair`, placed: true },
  { run: `${TOPICS} --describe --at-min-isr-partitions --topic wide`, placed: true },
  `${ELECT} --election-type preferred --topic wide --partition 0`,
  `${ELECT} --election-type unclean --topic alone --partition 0`,
  `${ELECT} --election-type unclean --topic wide --partition 0`,
  { run: `${OFFSETS} --topic wide` },
  { run: `${OFFSETS} --topic alone ${ASK_SHORTLY}` },
  { run: `kafka-delete-records $S --offset-json-file delete.json ${ASK_SHORTLY}` },
  'kafka-log-dirs $S --describe --broker-list 1 --topic-list wide',
  `${TOPICS} --create --topic late --replica-assignment 1`,
  `${TOPICS} --create --topic late --replica-assignment 1:2`,
  { run: `${DESCRIBE} late`, placed: true },
  `${TOPICS} --create --topic many --partitions 1 --replication-factor 4`,
  `${TOPICS} --alter --topic alone --partitions 2 --replica-assignment 1,2`,
  'kafka-configs $S --describe --entity-type brokers --entity-name 1',
  { run: 'kafka-cluster list-endpoints $S', masks: [...ROWS, [/localhost +\d+ +/g, 'localhost <port> ']] },
  {
    run: 'kafka-cluster list-endpoints $S --include-fenced-brokers',
    masks: [...ROWS, [/localhost +\d+ +/g, 'localhost <port> ']],
  },
  { run: `kafka-console-producer $S --topic pair ${PRODUCE}`, input: 'refused\n' },
  { run: `kafka-console-producer $S --topic alone ${PRODUCE}`, input: 'refused\n' },
  {
    run: `kafka-console-producer $S --topic pair ${PRODUCE} --producer-property acks=1 --producer-property enable.idempotence=false`,
    input: 'taken\n',
  },
  'kafka-console-consumer $S --topic wide --from-beginning --max-messages 2 --partition 0 --timeout-ms 3000',
  `${MOVE} --reassignment-json-file back.json --execute`,
  `${MOVE} --reassignment-json-file away.json --execute`,
  { run: `${MOVE} --reassignment-json-file away.json --verify`, until: /is completed/ },
  `${GROUPS} --list`,
  { broker: 'start', id: 1 },
  { run: `${DESCRIBE} pair`, placed: true, until: /Isr: [12],[12]\s/ },
  { run: `${DESCRIBE} alone`, placed: true, until: /Leader: 1/ },
  { run: `${DESCRIBE} wide`, placed: true, until: /Isr: 2,3\s[\s\S]*Isr: [123],[123],[123]\s/ },
  `${ELECT} --election-type preferred --topic pair --partition 0`,
  { run: `${OFFSETS} --topic pair` },
  { run: `${OFFSETS} --topic alone` },
  { run: 'kafka-console-producer $S --topic pair', input: 'again\n' },
  'kafka-console-consumer $S --topic pair --from-beginning --max-messages 3 --timeout-ms 6000',
  { run: 'kafka-broker-api-versions $S', masks: VERSIONS },
];

export const faults: Sequence = steps.map((step) => {
  if (typeof step === 'string') return { run: step, masks: CHANCE };
  return 'run' in step ? { ...step, masks: [...CHANCE, ...(step.masks ?? [])] } : step;
});
