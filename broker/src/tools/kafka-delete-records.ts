/** kafka-delete-records.sh: moves log start offsets. Follows org.apache.kafka.tools.DeleteRecordsCommand. */
import { toApiError } from '../client/client-error.ts';
import { type Client, ClientError } from '../client/main.ts';
import { DeleteRecordsRequest, DeleteRecordsResponse } from '../messages/21-delete-records.ts';
import { createAdmin, exhausted, failureOf } from './framework/admin.ts';
import { connectionOptions } from './framework/common-options.ts';
import { readConnected } from './framework/connected.ts';
import { finish } from './framework/finish.ts';
import { readWhole } from './framework/json-file.ts';
import { log } from './framework/log.ts';
import type { OptionTable } from './framework/options.ts';
import type { ToolPorts } from './framework/ports.ts';
import { hashOfTopicPartition, inHashOrder } from './java/hash-order.ts';
import { fromApiError } from './java/java-error.ts';
import {
  asArray,
  asInt,
  asObject,
  commandFailed,
  intField,
  type Json,
  longField,
  operationError,
  parseJson,
  textField,
} from './java/json.ts';

const options = {
  ...connectionOptions,
  'offset-json-file': {
    argument: 'Offset json file path',
    help: {
      en: 'Required: a JSON file that says up to which offset the records of which partition go:\n{"partitions":\n  [{"topic": "orders", "partition": 0, "offset": 5}],\n "version":1\n}\nOffset -1 means all of them.',
      ko: '필수: 어느 파티션의 어느 오프셋 앞까지 지울지 적은 JSON 파일:\n{"partitions":\n  [{"topic": "orders", "partition": 0, "offset": 5}],\n "version":1\n}\n오프셋 -1은 전부라는 뜻입니다.',
    },
  },
} as const satisfies OptionTable;

interface Target {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

const logger = 'org.apache.kafka.clients.admin.internals.DeleteRecordsHandler';
const requestTimeoutMs = 30_000;

export async function run(ports: ToolPorts): Promise<number> {
  return finish(ports, () => execute(ports));
}

async function execute(ports: ToolPorts): Promise<void> {
  const { set, properties } = readConnected(ports, options, {
    about: {
      en: 'Deletes the oldest records of partitions, up to an offset.',
      ko: '파티션의 오래된 레코드를 어느 오프셋 앞까지 지웁니다.',
    },
    required: ['bootstrap-server', 'offset-json-file'],
  });
  await using admin = await createAdmin(ports, { bootstrap: set.value('bootstrap-server')!, properties });
  const targets = readTargets(readWhole(ports, set.value('offset-json-file')!));
  ports.out('Executing records delete operation\nRecords delete operation completed:\n');
  const inOrder = inHashOrder(targets, hashOfTopicPartition);
  const lines = await Promise.all(inOrder.map((target) => deleteBefore(ports, admin, target)));
  ports.out(lines.join(''));
}

function readTargets(text: string): Target[] {
  const json = parseJson(text);
  if (json === null) throw operationError('The input string is not a valid JSON');
  const file = asObject(json);
  const version = file.version === undefined ? 1 : asInt(file.version);
  if (version !== 1) throw operationError(`Not supported version field value ${version}`);
  if (file.partitions === undefined) throw operationError('Missing partitions field');
  const targets = asArray(file.partitions).map(readTarget);
  const keys = targets.map(keyOf);
  const twice = [...new Set(keys.filter((key, index) => keys.indexOf(key) !== index))];
  if (twice.length > 0)
    throw commandFailed(`Offset json file contains duplicate topic partitions: ${twice.join(',')}`);
  return targets;
}

function readTarget(value: Json): Target {
  const entry = asObject(value);
  const topic = textField(entry, 'topic');
  const partition = intField(entry, 'partition');
  return { topic, partition, offset: longField(entry, 'offset') };
}

function keyOf({ topic, partition }: Target): string {
  return `${topic}-${partition}`;
}

async function deleteBefore(ports: ToolPorts, admin: Client, target: Target): Promise<string> {
  const where = `partition: ${keyOf(target)}`;
  try {
    const { topic, partition, offset } = target;
    const answer = await admin.request(
      { leader: { topic, partition } },
      {
        request: DeleteRecordsRequest,
        response: DeleteRecordsResponse,
        body: {
          topics: [{ name: topic, partitions: [{ partitionIndex: partition, offset: BigInt(offset) }] }],
          timeoutMs: requestTimeoutMs,
        },
      },
    );
    const result = answer.topics[0]?.partitions[0];
    const error = toApiError(result?.errorCode ?? -1);
    if (error === null) return `${where}\tlow_watermark: ${result!.lowWatermark}\n`;
    const about = `[AdminClient clientId=adminclient-1] DeleteRecords request for topic partition ${keyOf(target)} failed due to an unexpected error ${error.name}`;
    log(ports, 'ERROR', about, logger);
    return `${where}\terror: ${fromApiError(error).line}\n`;
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    const failure = error.canRetry ? exhausted(ports, 'deleteRecords') : failureOf(error, 'deleteRecords');
    return `${where}\terror: ${failure.line}\n`;
  }
}
