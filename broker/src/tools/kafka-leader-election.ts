/** kafka-leader-election.sh: preferred and unclean elections. Follows org.apache.kafka.tools.LeaderElectionCommand. */
import { toApiError } from '../client/client-error.ts';
import { type Client, ClientError, type TopicPartition } from '../client/main.ts';
import { ElectLeadersRequest, ElectLeadersResponse } from '../messages/43-elect-leaders.ts';
import { createAdmin, failureOf, loadProperties } from './framework/admin.ts';
import { finish } from './framework/finish.ts';
import { readWhole } from './framework/json-file.ts';
import type { ToolPorts } from './framework/ports.ts';
import { hashOfTopicPartition, inHashOrder } from './java/hash-order.ts';
import { execution, fromApiError, JavaError, runtime } from './java/java-error.ts';
import {
  asArray,
  asObject,
  commandFailed,
  intField,
  operationError,
  parseJson,
  textField,
} from './java/json.ts';
import {
  type ElectionOptions,
  type ElectionType,
  electionType,
  readElectionOptions,
} from './leader-election/options.ts';

const apiTimeoutMs = 30_000;
const electionNotNeeded = 84;

export async function run(ports: ToolPorts): Promise<number> {
  return finish(ports, () => execute(ports));
}

async function execute(ports: ToolPorts): Promise<void> {
  const set = readElectionOptions(ports);
  const type = electionType(set);
  const partitions = readPartitions(ports, set);
  const properties = loadProperties(ports, set.value('command-config') ?? set.value('admin.config'));
  if (!properties.has('default.api.timeout.ms'))
    properties.set('default.api.timeout.ms', String(apiTimeoutMs));
  if (!properties.has('request.timeout.ms')) properties.set('request.timeout.ms', String(apiTimeoutMs / 2));
  await using admin = await createAdmin(ports, { bootstrap: set.value('bootstrap-server')!, properties });
  await elect(ports, admin, { type, partitions });
}

/** `null`: all. */
function readPartitions(ports: ToolPorts, set: ElectionOptions): TopicPartition[] | null {
  const path = set.value('path-to-json-file');
  const topic = set.value('topic');
  const partition = set.number('partition');
  if (path !== null) {
    try {
      return readFile(readWhole(ports, path));
    } catch (error) {
      if (!(error instanceof JavaError) || error.className.endsWith('AdminOperationException')) throw error;
      throw runtime(error);
    }
  }
  return topic !== null && partition !== null ? [{ topic, partition }] : null;
}

function readFile(text: string): TopicPartition[] {
  const json = parseJson(text);
  if (json === null) throw operationError('Replica election data is empty');
  const list = asObject(json).partitions;
  if (list === undefined) throw operationError('Replica election data is missing "partitions" field');
  const partitions = asArray(list).map((value) => {
    const entry = asObject(value);
    return { topic: textField(entry, 'topic'), partition: intField(entry, 'partition') };
  });
  const keys = partitions.map(keyOf);
  const twice = [...new Set(keys.filter((key, index) => keys.indexOf(key) !== index))];
  if (twice.length > 0) {
    throw operationError(`Replica election data contains duplicate partitions: [${twice.join(', ')}]`);
  }
  return partitions;
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}

interface Election {
  readonly type: ElectionType;
  readonly partitions: readonly TopicPartition[] | null;
}

async function elect(ports: ToolPorts, admin: Client, election: Election): Promise<void> {
  const results = (await ask(ports, admin, election)).map((result) => ({ ...result, key: keyOf(result) }));
  const named = (keep: (code: number) => boolean) =>
    inHashOrder(results, hashOfTopicPartition).filter(({ errorCode }) => keep(errorCode));
  const succeeded = named((code) => code === 0);
  const needless = named((code) => code === electionNotNeeded);
  const failed = named((code) => code !== 0 && code !== electionNotNeeded);
  if (succeeded.length > 0) {
    const list = succeeded.map(({ key }) => key).join(', ');
    ports.out(`Successfully completed leader election (${election.type}) for partitions ${list}\n`);
  }
  if (needless.length > 0) {
    ports.out(`Valid replica already elected for partitions ${needless.map(({ key }) => key).join(', ')}\n`);
  }
  if (failed.length === 0) return;
  const errors = failed.map(({ key, errorCode, errorMessage }) => {
    const error = fromApiError(toApiError(errorCode, errorMessage)!);
    ports.out(`Error completing leader election (${election.type}) for partition: ${key}: ${error.line}\n`);
    return error;
  });
  throw commandFailed(`${failed.length} replica(s) could not be elected`, null, errors);
}

async function ask(ports: ToolPorts, admin: Client, { type, partitions }: Election) {
  const topics = new Map<string, number[]>();
  for (const { topic, partition } of partitions ?? []) {
    topics.set(topic, [...(topics.get(topic) ?? []), partition]);
  }
  try {
    const answer = await admin.request('any', {
      request: ElectLeadersRequest,
      response: ElectLeadersResponse,
      body: {
        electionType: type === 'PREFERRED' ? 0 : 1,
        topicPartitions:
          partitions === null ? null : [...topics].map(([topic, list]) => ({ topic, partitions: list })),
        timeoutMs: admin.network.limits.requestTimeoutMs,
      },
    });
    const error = toApiError(answer.errorCode);
    if (error !== null) throw runtime(execution(fromApiError(error)));
    return answer.replicaElectionResults.flatMap(({ topic, partitionResult }) =>
      partitionResult.map(({ partitionId, errorCode, errorMessage }) => ({
        topic,
        partition: partitionId,
        errorCode,
        errorMessage,
      })),
    );
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    const failure = failureOf(error, 'electLeaders');
    if (!failure.className.endsWith('TimeoutException')) throw runtime(execution(failure));
    ports.out('Timeout waiting for election results\n');
    throw commandFailed('Timeout waiting for election results', failure);
  }
}
