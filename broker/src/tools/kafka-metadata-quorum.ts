/** kafka-metadata-quorum.sh: the KRaft quorum. Follows org.apache.kafka.tools.MetadataQuorumCommand. */
import type { Client, QuorumDescription, QuorumReplica } from '../client/main.ts';
import { ZERO_UUID } from '../wire/schema.ts';
import { createAdmin, getting } from './framework/admin.ts';
import type { Arguments } from './framework/argparse/parse.ts';
import { readArguments } from './framework/argparse/read.ts';
import { finish, Terse } from './framework/finish.ts';
import type { ToolPorts } from './framework/ports.ts';
import { printTable } from './framework/table.ts';
import { JavaError } from './java/java-error.ts';
import { parseProperties } from './java/properties.ts';
import { quorumParser } from './metadata-quorum/options.ts';
import { addController, removeController } from './metadata-quorum/voters.ts';

export async function run(ports: ToolPorts): Promise<number> {
  const args = readArguments(ports, quorumParser);
  return finish(ports, () => execute(ports, args));
}

async function execute(ports: ToolPorts, { command, values }: Arguments): Promise<void> {
  const text = (name: string) => (values.get(name) as string | undefined) ?? null;
  const file = text('command_config');
  const properties = file === null ? new Map<string, string>() : readConfig(ports, file);
  const controllers = text('bootstrap_controller') !== null;
  const bootstrap = (text('bootstrap_controller') ?? text('bootstrap_server'))!;
  await using admin = await createAdmin(ports, { bootstrap, properties, controllers });
  const dryRun = values.get('dry_run') === true;
  if (command === 'describe') {
    await describe(ports, admin, values);
  } else if (command === 'add-controller') {
    if (file === null) {
      throw new Terse(
        'You must supply the configuration file of the controller you are adding when using add-controller.',
      );
    }
    await addController({ ports, admin, dryRun, controllers }, properties);
  } else {
    const id = values.get('controller_id') as number;
    await removeController({ ports, admin, dryRun, controllers }, id, text('controller_directory_id')!);
  }
}

function readConfig(ports: ToolPorts, path: string): Map<string, string> {
  try {
    return parseProperties(ports.readFile(path));
  } catch {
    throw new Terse(`Properties file ${path} does not exists!`);
  }
}

async function describe(ports: ToolPorts, admin: Client, values: Arguments['values']): Promise<void> {
  const [status, replication, human] = ['status', 'replication', 'human_readable'].map(
    (name) => values.get(name) === true,
  );
  if (status && replication) {
    throw new Terse('Only one of --status or --replication should be specified with describe sub-command');
  }
  if (replication) return describeReplication(ports, admin, human === true);
  if (!status)
    throw new Terse('One of --status or --replication must be specified with describe sub-command');
  if (human) throw new Terse('The option --human-readable is only supported along with --replication');
  await describeStatus(ports, admin);
}

async function describeReplication(ports: ToolPorts, admin: Client, human: boolean): Promise<void> {
  const quorum = await getting('describeMetadataQuorum', admin.describeQuorum());
  const leader = leaderOf(quorum);
  const rowOf = (replica: QuorumReplica, status: string) => [
    String(replica.id),
    replica.directoryId,
    String(replica.logEndOffset),
    String(leader.logEndOffset - replica.logEndOffset),
    timeText(ports, replica.lastFetchTimestamp, human ? 'last fetch' : null),
    timeText(ports, replica.lastCaughtUpTimestamp, human ? 'last caught up' : null),
    status,
  ];
  const followers = quorum.voters.filter((voter) => voter !== leader);
  printTable(
    ports,
    ['NodeId', 'DirectoryId', 'LogEndOffset', 'Lag', 'LastFetchTimestamp', 'LastCaughtUpTimestamp', 'Status'],
    [
      rowOf(leader, 'Leader'),
      ...followers.map((replica) => rowOf(replica, 'Follower')),
      ...quorum.observers.map((replica) => rowOf(replica, 'Observer')),
    ],
  );
}

function leaderOf(quorum: QuorumDescription): QuorumReplica {
  const leader = quorum.voters.find(({ id }) => id === quorum.leader);
  if (leader === undefined) throw new JavaError('java.util.NoSuchElementException', 'No value present');
  return leader;
}

function timeText(ports: ToolPorts, time: number | null, humanAs: string | null): string {
  if (time === null) return '-1';
  if (humanAs === null) return String(time);
  const now = ports.now();
  if (time <= 0 || time > now) {
    const text = `Error while computing relative time, possible drift in system clock.\nCurrent timestamp is ${now}, ${humanAs} timestamp is ${time}`;
    throw new JavaError('org.apache.kafka.common.KafkaException', text);
  }
  return `${now - time} ms ago`;
}

async function describeStatus(ports: ToolPorts, admin: Client): Promise<void> {
  const { clusterId } = await getting('listNodes', admin.describeCluster());
  const quorum = await getting('describeMetadataQuorum', admin.describeQuorum());
  const leader = leaderOf(quorum);
  const last = quorum.voters.reduce((least, voter) =>
    voter.logEndOffset < least.logEndOffset ? voter : least,
  );
  const lines: [label: string, value: string | number][] = [
    ['ClusterId:', clusterId],
    ['LeaderId:', quorum.leader ?? -1],
    ['LeaderEpoch:', quorum.leaderEpoch],
    ['HighWatermark:', quorum.highWatermark],
    ['MaxFollowerLag:', leader.logEndOffset - last.logEndOffset],
    ['MaxFollowerLagTimeMs:', lagTimeMs(leader, last)],
    ['CurrentVoters:', replicasText(quorum, quorum.voters)],
    ['CurrentObservers:', replicasText(quorum, quorum.observers)],
  ];
  ports.out(lines.map(([label, value]) => `${label.padEnd(24)}${value}\n`).join(''));
}

function lagTimeMs(leader: QuorumReplica, last: QuorumReplica): number {
  if (leader === last) return 0;
  if (leader.lastCaughtUpTimestamp === null || last.lastCaughtUpTimestamp === null) return -1;
  return leader.lastCaughtUpTimestamp - last.lastCaughtUpTimestamp;
}

function replicasText(quorum: QuorumDescription, replicas: readonly QuorumReplica[]): string {
  const texts = replicas.map(({ id, directoryId }) => {
    const endpoints = quorum.endpoints.get(id) ?? [];
    const list = endpoints.map(
      ({ name, host, port }) => `"${name}://${host.includes(':') ? `[${host}]` : host}:${port}"`,
    );
    const directory = directoryId === ZERO_UUID ? '' : `, "directoryId": "${directoryId}"`;
    return `{"id": ${id}${directory}${list.length > 0 ? `, "endpoints": [${list.join(', ')}]` : ''}}`;
  });
  return `[${texts.join(', ')}]`;
}
