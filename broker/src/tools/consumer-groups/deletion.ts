/** `--delete` and `--delete-offsets`. */
import type { TopicPartition } from '../../client/main.ts';
import { failureOf } from '../framework/admin.ts';
import { stringsInHashOrder } from '../java/hash-order.ts';
import { execution, fromApiError, type JavaError } from '../java/java-error.ts';
import { left } from '../java/printf.ts';
import { parsePartitionsOf } from './scope.ts';
import { chosenGroups, printError, type Service } from './service.ts';

export async function deleteGroups(service: Service): Promise<void> {
  const { ports, admin } = service;
  const groupIds = await chosenGroups(service);
  const outcomes = await Promise.all(
    groupIds.map(async (groupId) => {
      try {
        const [outcome] = await admin.deleteGroups([groupId]);
        return { groupId, failure: outcome?.error ? fromApiError(outcome.error) : null };
      } catch (error) {
        return { groupId, failure: failureOf(error, 'deleteConsumerGroups') };
      }
    }),
  );
  const quoted = (list: typeof outcomes) =>
    stringsInHashOrder(list.map(({ groupId }) => groupId))
      .map((groupId) => `'${groupId}'`)
      .join(', ');
  const failed = outcomes.filter(({ failure }) => failure !== null);
  const deleted = outcomes.filter(({ failure }) => failure === null);
  if (failed.length === 0) {
    ports.out(`Deletion of requested consumer groups (${quoted(deleted)}) was successful.\n`);
    return;
  }
  printError(ports, 'Deletion of some consumer groups failed:');
  for (const { groupId, failure } of failed) {
    ports.out(`* Group '${groupId}' could not be deleted due to: ${failure!.line}\n`);
  }
  if (deleted.length > 0) {
    ports.out(`\nThese consumer groups were deleted successfully: ${quoted(deleted)}\n`);
  }
}

interface OffsetFate extends TopicPartition {
  readonly failure: JavaError | null;
  /** Name of the error code, `NONE` for success. */
  readonly code: string;
}

const aboutGroup = [
  'INVALID_GROUP_ID',
  'GROUP_ID_NOT_FOUND',
  'GROUP_AUTHORIZATION_FAILED',
  'NON_EMPTY_GROUP',
];
const aboutPartitions = [
  'GROUP_SUBSCRIBED_TO_TOPIC',
  'TOPIC_AUTHORIZATION_FAILED',
  'UNKNOWN_TOPIC_OR_PARTITION',
];

export async function deleteOffsets(service: Service): Promise<void> {
  const { ports, set } = service;
  const groupId = set.value('group')!;
  const { partitions, unknown } = await findPartitions(service, set.values('topic'));
  const fates = await deleteThem(service, groupId, partitions);
  const first = fates.find(({ failure }) => failure !== null);
  if (first === undefined) ports.out(`Request succeeded for deleting offsets from group ${groupId}.\n`);
  else printError(ports, topLevelText(first));
  printFates(service, [...fates, ...unknown]);
}

function topLevelText({ code, failure }: OffsetFate): string {
  if (aboutGroup.includes(code)) return failure!.inner?.text ?? failure!.text ?? code;
  if (aboutPartitions.includes(code)) {
    return 'Encountered some partition-level error, see the follow-up details.';
  }
  return `Encountered some unknown error: ${code}`;
}

async function findPartitions(service: Service, topics: readonly string[]) {
  const explicit = topics.filter((topic) => topic.includes(':'));
  const whole = [...new Set(topics.filter((topic) => !topic.includes(':')))];
  const partitions = explicit.flatMap(parsePartitionsOf);
  const unknown: OffsetFate[] = [];
  if (whole.length > 0) {
    for (const { name, error, partitions: found } of await service.admin.describeTopicPartitions(whole)) {
      if (error !== null) {
        unknown.push({
          topic: name,
          partition: -1,
          failure: execution(fromApiError(error)),
          code: error.name,
        });
      }
      for (const { partition } of found) partitions.push({ topic: name, partition });
    }
  }
  return { partitions, unknown };
}

async function deleteThem(
  { admin }: Service,
  groupId: string,
  partitions: readonly TopicPartition[],
): Promise<OffsetFate[]> {
  try {
    const outcomes = await admin.offsetDelete(groupId, partitions);
    return outcomes.map(({ topic, partition, error }) => ({
      topic,
      partition,
      failure: error === null ? null : execution(fromApiError(error)),
      code: error?.name ?? 'NONE',
    }));
  } catch (error) {
    const failure = execution(failureOf(error, 'offsetDelete'));
    const code = codeOf(error);
    return partitions.map((partition) => ({ ...partition, failure, code }));
  }
}

function codeOf(error: unknown): string {
  const api = typeof error === 'object' && error !== null && 'api' in error ? error.api : null;
  return typeof api === 'object' && api !== null && 'name' in api ? String(api.name) : 'UNKNOWN_SERVER_ERROR';
}

function printFates({ ports }: Service, fates: readonly OffsetFate[]): void {
  const width = Math.max(15, ...fates.map(({ topic }) => topic.length));
  const line = (topic: string, ...[partition, status]: [string, string]) =>
    `\n${left(topic, width)} ${left(partition, 10)} ${left(status, 15)}`;
  ports.out(line('TOPIC', 'PARTITION', 'STATUS'));
  const keyOf = ({ topic, partition }: TopicPartition) => `${topic}${partition}`;
  for (const fate of [...fates].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))) {
    const status = fate.failure === null ? 'Successful' : `Error: ${fate.failure.text}`;
    ports.out(line(fate.topic, fate.partition >= 0 ? String(fate.partition) : '-', status));
  }
  ports.out('\n');
}
