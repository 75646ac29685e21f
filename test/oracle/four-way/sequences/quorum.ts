/** The cluster as a whole: quorum, features, ids, transactions, ACLs, API versions. */
import { HELP, type Mask } from '../mask.ts';
import type { Sequence } from '../step.ts';

/** How far the metadata log is, and when a voter was last heard of. */
const QUORUM: readonly Mask[] = [
  [/^(LeaderId|LeaderEpoch|HighWatermark|MaxFollowerLag|MaxFollowerLagTimeMs):( +)-?\d+/gm, '$1:$2<number>'],
  [/\d+ ms ago/g, '<number> ms ago'],
  [/ +\t/g, '\t'],
  [/^\d\t.*$/gm, '<voter>'],
];
/** Which controller leads is left to chance. */
const CONTROLLER: readonly Mask[] = [[/Local controller \d/, 'Local controller <id>']];
const PORTS: readonly Mask[] = [[/localhost \d+ +/g, 'localhost <port> ']];
const NUMBERS: readonly Mask[] = [
  [/-?\b\d+\b/g, '<number>'],
  [/ +/g, ' '],
];
/** How often a client meets the end of its last transaction is a matter of time. */
const SENT: readonly Mask[] = [
  [/^(\d+ records sent), .*$/gm, '$1, <measured>'],
  [/^\[<time>\] WARN .*\n/gm, ''],
];
const STATUS: readonly Mask[] = [[/(Epoch: )\d+/g, '$1<number>']];
const QUORUM_TOOL = 'kafka-metadata-quorum $S';
const FEATURES = 'kafka-features $S';
const TRANSACTIONS = 'kafka-transactions $S';
const ACLS = 'kafka-acls $S';

export const quorum: Sequence = [
  { run: `${QUORUM_TOOL} describe --status`, masks: QUORUM },
  { run: `${QUORUM_TOOL} describe --replication`, masks: QUORUM },
  { run: `${QUORUM_TOOL} describe --replication --human-readable`, masks: QUORUM },
  `${QUORUM_TOOL} describe`,
  { run: `${QUORUM_TOOL} describe --status --replication`, masks: QUORUM },
  `${QUORUM_TOOL} describe --status --human-readable`,
  QUORUM_TOOL,
  `${QUORUM_TOOL} explain`,
  `${QUORUM_TOOL} remove-controller --controller-id 9 --controller-directory-id AAAAAAAAAAAAAAAAAAAAAQ`,
  `${QUORUM_TOOL} remove-controller --controller-id 9`,
  `${QUORUM_TOOL} remove-controller --controller-id nine --controller-directory-id AAAAAAAAAAAAAAAAAAAAAQ`,
  'kafka-metadata-quorum describe --status',
  'kafka-metadata-quorum --bootstrap-server localhost:1 --bootstrap-controller localhost:2 describe --status',
  'kafka-metadata-quorum $S --command-config missing.properties describe --status',
  { run: `${FEATURES} describe`, masks: STATUS },
  FEATURES,
  `${FEATURES} upgrade`,
  { run: `${FEATURES} upgrade --feature nope=1`, masks: CONTROLLER },
  { run: `${FEATURES} upgrade --feature metadata.version=99`, masks: CONTROLLER },
  `${FEATURES} upgrade --feature metadata.version`,
  `${FEATURES} upgrade --feature metadata.version=x`,
  `${FEATURES} upgrade --metadata 4.9`,
  `${FEATURES} upgrade --metadata 4.3-IV0 --dry-run`,
  `${FEATURES} upgrade --release-version 9.9`,
  { run: `${FEATURES} downgrade --feature group.version=9`, masks: CONTROLLER },
  `${FEATURES} downgrade --metadata 1.0`,
  `${FEATURES} downgrade --metadata 3.3-IV3 --dry-run`,
  `${FEATURES} disable --feature nope`,
  `${FEATURES} disable --feature share.version --dry-run`,
  `${FEATURES} disable`,
  'kafka-features version-mapping',
  'kafka-features version-mapping --release-version 4.0',
  'kafka-features version-mapping --release-version 1.0',
  'kafka-features feature-dependencies --feature transaction.version=2',
  'kafka-features feature-dependencies --feature nope=2',
  'kafka-features describe',
  { run: 'kafka-cluster cluster-id $S', masks: [[/Cluster ID: .*/, 'Cluster ID: <id>']] },
  { run: 'kafka-cluster list-endpoints $S', masks: PORTS },
  { run: 'kafka-cluster list-endpoints $S --include-fenced-brokers', masks: PORTS },
  'kafka-cluster unregister $S --id 99',
  'kafka-cluster nothing $S',
  'kafka-cluster cluster-id $S --config missing.properties',
  // Transactions.
  'kafka-topics $S --create --topic orders --replica-assignment 1:2',
  `${TRANSACTIONS} list --transactional-id-pattern $P.*`,
  `${TRANSACTIONS} describe-producers --topic orders --partition 0`,
  {
    run: 'kafka-producer-perf-test $S --topic orders --num-records 20 --record-size 10 --throughput -1 --reporting-interval 600000 --transactional-id $P --transaction-duration-ms 1',
    masks: SENT,
  },
  {
    run: `${TRANSACTIONS} list --transactional-id-pattern $P.*`,
    until: /CompleteCommit/,
    masks: NUMBERS,
  },
  {
    run: `${TRANSACTIONS} describe --transactional-id $P`,
    masks: NUMBERS,
  },
  {
    run: `${TRANSACTIONS} describe-producers --topic orders --partition 0`,
    masks: NUMBERS,
  },
  {
    run: `${TRANSACTIONS} describe-producers --topic orders --partition 0 --broker-id 2`,
    masks: NUMBERS,
  },
  `${TRANSACTIONS} describe-producers --topic orders --partition 0 --broker-id 3`,
  `${TRANSACTIONS} describe-producers --topic orders`,
  `${TRANSACTIONS} describe --transactional-id absent`,
  `${TRANSACTIONS} describe`,
  `${TRANSACTIONS} list --duration-filter 100000 --transactional-id-pattern $P.*`,
  `${TRANSACTIONS} list --duration-filter x`,
  `${TRANSACTIONS} abort --topic orders --partition 0 --start-offset 3`,
  `${TRANSACTIONS} abort --topic orders --partition 0`,
  `${TRANSACTIONS} abort --topic orders --partition 0 --producer-id 1 --producer-epoch 0 --coordinator-epoch 0`,
  `${TRANSACTIONS} find-hanging --topic orders`,
  `${TRANSACTIONS} find-hanging --topic nope`,
  `${TRANSACTIONS} find-hanging`,
  `${TRANSACTIONS} find-hanging --broker-id 1 --topic orders --partition 0`,
  `${TRANSACTIONS} force-terminate --transactional-id $P`,
  `${TRANSACTIONS} force-terminate --transactional-id absent`,
  TRANSACTIONS,
  'kafka-transactions list',
  // ACLs: no authorizer.
  `${ACLS} --list`,
  `${ACLS} --list --topic orders`,
  `${ACLS} --add --allow-principal User:u --operation Read --topic orders`,
  { run: `${ACLS} --remove --allow-principal User:u --operation Read --topic orders --force` },
  `${ACLS} --add --allow-principal User:u --producer --topic orders`,
  `${ACLS} --add --allow-principal User:u --consumer --topic orders --group g`,
  `${ACLS} --add --operation Read --topic orders`,
  `${ACLS} --add --allow-principal User:u`,
  `${ACLS} --add --allow-principal nobody --topic orders`,
  `${ACLS} --add --list`,
  ACLS,
  'kafka-acls --list',
  { run: 'kafka-acls --help', masks: HELP },
  { run: 'kafka-broker-api-versions', masks: HELP },
  'kafka-broker-api-versions $S --nope',
  { run: 'kafka-broker-api-versions --help', masks: HELP },
];
