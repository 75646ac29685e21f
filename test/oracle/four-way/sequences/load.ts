/** Programs that make load and measure: what they print beside the figures. */
import { HELP, type Mask } from '../mask.ts';
import type { Sequence } from '../step.ts';

const TO = '$S --topic load';
const SENT: readonly Mask[] = [[/^(\d+ (?:steady state )?records sent), .*$/gm, '$1, <measured>']];
const PERF = `kafka-producer-perf-test ${TO}`;
const FEW = '--num-records 20 --record-size 10 --throughput -1 --reporting-interval 600000';
/** Times and rates; how much was read stays. */
const READ: readonly Mask[] = [
  [/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d:\d{3}/g, '<time>'],
  [/^(<time>, <time>, [\d.]+), .*?, (\d+), .*$/gm, '$1, <measured>, $2, <measured>'],
];
const TAKE = `kafka-consumer-perf-test ${TO} --num-records 20 --timeout 30000`;
const LATENCY: readonly Mask[] = [[/-?\d+(\.\d+)?/g, '<number>']];
const EVENTS: readonly Mask[] = [
  [/"(timestamp|avg_throughput)":[\d.]+/g, '"$1":<number>'],
  [/"value":"[A-Z]{10}"/g, '"value":"<random>"'],
  // As many as one fetch brought.
  [/("records_consumed","count":)\d+/g, '$1<number>'],
];
const WRITE = `kafka-verifiable-producer ${TO}`;
const VERIFY = `kafka-verifiable-consumer ${TO}`;

export const load: Sequence = [
  'kafka-topics $S --create --topic load --replica-assignment 1:2',
  { run: `${PERF} ${FEW}`, masks: SENT },
  { run: `${PERF} ${FEW} --print-metrics`, masks: [...SENT, [/^Metric Name[\s\S]*$/m, '<metrics>\n']] },
  { run: `${PERF} ${FEW} --command-property acks=1 linger.ms=1`, masks: SENT },
  { run: `${PERF} ${FEW} --producer-props acks=1`, masks: SENT },
  { run: `${PERF} ${FEW} --producer-props acks`, masks: SENT },
  { run: `${PERF} ${FEW} --command-property compression.type=brotli`, masks: SENT },
  { run: `${PERF} ${FEW} --warmup-records 5`, masks: SENT },
  { run: `${PERF} ${FEW} --warmup-records 25`, masks: SENT },
  {
    run: `${PERF} --num-records 3 --throughput -1 --payload-file lines.txt`,
    files: { 'lines.txt': 'one\ntwo\n' },
    masks: SENT,
  },
  { run: `${PERF} --num-records 3 --throughput -1 --payload-file void.txt`, files: { 'void.txt': '' } },
  `${PERF} --num-records 3 --throughput -1 --payload-file missing.txt`,
  `${PERF} --num-records 3 --throughput -1`,
  `${PERF} --num-records 3 --record-size 5`,
  `${PERF} --record-size 5 --throughput 1`,
  `${PERF} --num-records x --record-size 5 --throughput 1`,
  `${PERF} --num-records 0 --record-size 5 --throughput 1`,
  `${PERF} --num-records 3 --record-size 0 --throughput 1`,
  `${PERF} --num-records 3 --record-size 5 --payload-file lines.txt --throughput 1`,
  `${PERF} --num-records 3 --record-size 5 --payload-monotonic --throughput -1 --nope`,
  `${PERF} ${FEW} --transaction-duration-ms 0`,
  'kafka-producer-perf-test $S --num-records 3 --record-size 5 --throughput 1',
  'kafka-producer-perf-test --topic load --num-records 3 --record-size 5 --throughput 1',
  // What follows the usage is in our own words.
  { run: 'kafka-producer-perf-test', masks: [[/\n\n[\s\S]*/, '\n']] },
  { run: TAKE, masks: READ },
  { run: `${TAKE} --hide-header`, masks: READ },
  { run: `${TAKE} --show-detailed-stats --reporting-interval 600000`, masks: READ },
  {
    run: 'kafka-consumer-perf-test $S --topic load --num-records 20 --group g --from-latest --timeout 1500',
    masks: READ,
  },
  `${TAKE} --messages 3`,
  'kafka-consumer-perf-test $S --topic load --num-records x',
  'kafka-consumer-perf-test $S --topic load',
  'kafka-consumer-perf-test $S --num-records 3',
  'kafka-consumer-perf-test --topic load --num-records 3',
  { run: 'kafka-consumer-perf-test --help', masks: HELP },
  { run: `kafka-e2e-latency ${TO} --num-records 3 --producer-acks all --record-size 10`, masks: LATENCY },
  { run: 'kafka-e2e-latency $B load 3 all 10', masks: LATENCY },
  `kafka-e2e-latency ${TO} --num-records 3 --producer-acks 5 --record-size 10`,
  `kafka-e2e-latency ${TO} --num-records x --producer-acks 1 --record-size 10`,
  `kafka-e2e-latency ${TO}`,
  { run: `${WRITE} --max-messages 3`, masks: EVENTS },
  { run: `${WRITE} --max-messages 2 --value-prefix 7 --repeating-keys 1`, masks: EVENTS },
  `${WRITE} --max-messages x`,
  { run: `${VERIFY} --group-id vc --max-messages 3 --reset-policy earliest`, masks: EVENTS },
  { run: `${VERIFY} --group-id vd --max-messages 2 --reset-policy earliest --verbose`, masks: EVENTS },
  {
    run: `${VERIFY} --group-id vf --max-messages 2 --reset-policy earliest --group-protocol consumer`,
    masks: EVENTS,
  },
  `${VERIFY} --group-id vg --max-messages 2 --reset-policy sometimes`,
];
