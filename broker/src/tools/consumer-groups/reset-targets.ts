/** Where `--reset-offsets` moves each partition to, by the specification given. */
import type { OffsetSpec, TopicPartition } from '../../client/main.ts';
import { readText } from '../framework/admin.ts';
import { log } from '../framework/log.ts';
import { hashOfTopicPartition, inHashOrder } from '../java/hash-order.ts';
import { illegalArgument, JavaError, runtime } from '../java/java-error.ts';
import { parseDateTime, parseDuration } from '../java/time.ts';
import { scenarios } from './options.ts';
import { committedOffsets, keyOf, offsetsAt, printError, type Service } from './service.ts';

export interface Target extends TopicPartition {
  readonly offset: number;
}

const logger = 'org.apache.kafka.tools.OffsetsUtils';

export async function prepareOffsets(
  service: Service,
  groupId: string,
  partitions: readonly TopicPartition[],
): Promise<Target[]> {
  const { set, usage, ports } = service;
  if (set.has('to-offset')) {
    const offset = set.number('to-offset')!;
    return withinRange(
      service,
      partitions.map((partition) => ({ ...partition, offset })),
    );
  }
  if (set.has('to-earliest')) return at(service, partitions, 'earliest');
  if (set.has('to-latest')) return at(service, partitions, 'latest');
  if (set.has('shift-by')) return shifted(service, groupId, partitions);
  if (set.has('to-datetime')) return atTime(service, partitions, parseDateTime(set.value('to-datetime')!));
  if (set.has('by-duration')) {
    return atTime(service, partitions, ports.now() - parseDuration(set.value('by-duration')!));
  }
  if (set.has('from-file')) return fromFile(service, groupId);
  if (set.has('to-current')) return current(service, groupId, partitions);
  const list = scenarios.map((scenario) => `[${scenario}]`).join(', ');
  return usage.fail(`Option '[reset-offsets]' requires one of the following scenarios: [${list}]`);
}

async function at(
  service: Service,
  partitions: readonly TopicPartition[],
  spec: OffsetSpec,
): Promise<Target[]> {
  const offsets = await offsetsAt(service, partitions, spec);
  return partitions.map((partition) => ({ ...partition, offset: offsets.get(keyOf(partition))! }));
}

async function shifted(
  service: Service,
  groupId: string,
  partitions: readonly TopicPartition[],
): Promise<Target[]> {
  const by = service.set.number('shift-by')!;
  const committed = new Map(
    (await committedOffsets(service, groupId)).map((entry) => [keyOf(entry), entry.offset!]),
  );
  const wanted = partitions.map((partition) => {
    const offset = committed.get(keyOf(partition));
    if (offset === undefined) {
      throw illegalArgument(
        `Cannot shift offset for partition ${keyOf(partition)} since there is no current committed offset`,
      );
    }
    return { ...partition, offset: offset + by };
  });
  return withinRange(service, wanted);
}

/** Where nothing is at or after the time, the end. */
async function atTime(
  service: Service,
  partitions: readonly TopicPartition[],
  time: number,
): Promise<Target[]> {
  const offsets = await offsetsAt(service, partitions, time);
  const without = inHashOrder(
    partitions.filter((partition) => offsets.get(keyOf(partition)) === -1),
    hashOfTopicPartition,
  );
  for (const { topic, partition } of without) {
    service.ports.out(
      `\nWarn: Partition ${partition} from topic ${topic} is empty. Falling back to latest known offset.\n`,
    );
  }
  const ends = await offsetsAt(service, without, 'latest');
  return partitions.map((partition) => {
    const key = keyOf(partition);
    return { ...partition, offset: ends.get(key) ?? offsets.get(key)! };
  });
}

async function current(
  service: Service,
  groupId: string,
  partitions: readonly TopicPartition[],
): Promise<Target[]> {
  const committed = new Map(
    (await committedOffsets(service, groupId)).map((entry) => [keyOf(entry), entry.offset!]),
  );
  const without = partitions.filter((partition) => !committed.has(keyOf(partition)));
  const ends = await offsetsAt(service, without, 'latest');
  return partitions.map((partition) => {
    const key = keyOf(partition);
    return { ...partition, offset: committed.get(key) ?? ends.get(key)! };
  });
}

async function withinRange(service: Service, wanted: readonly Target[]): Promise<Target[]> {
  const starts = await offsetsAt(service, wanted, 'earliest');
  const ends = await offsetsAt(service, wanted, 'latest');
  return wanted.map((target) => {
    const start = starts.get(keyOf(target))!;
    const end = ends.get(keyOf(target))!;
    const { offset } = target;
    if (offset >= start && offset <= end) return target;
    const [how, limit] = offset > end ? ['higher than latest', end] : ['lower than earliest', start];
    const place = `offset for topic partition ${keyOf(target)}`;
    const text = `New offset (${offset}) is ${how} ${place}. Value will be set to ${limit}`;
    log(service.ports, 'WARN', text, logger);
    return { ...target, offset: Number(limit) };
  });
}

async function fromFile(service: Service, groupId: string): Promise<Target[]> {
  const plan = readPlan(service, groupId);
  if (plan === null) {
    printError(service.ports, `No reset plan for group ${groupId} found`);
    return [];
  }
  return withinRange(service, plan);
}

/** `topic,partition,offset` lines for one group, else with the group in front. */
function readPlan({ ports, set }: Service, groupId: string): Target[] | null {
  const text = readPlanText(ports, set.value('from-file')!);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const problem = lines[0] === undefined ? undefined : lineProblem(lines[0], 'CsvRecordNoGroup');
  // Java looks whether the first line is one without a group, twice, and shows what it stumbled over.
  if (problem !== undefined) ports.err(`${problem.trace}${problem.trace}`);
  const single = problem === undefined && set.values('group').length === 1;
  const targets = lines.flatMap((line) => {
    const wrong = lineProblem(line, single ? 'CsvRecordNoGroup' : 'CsvRecordWithGroup');
    if (wrong !== undefined) throw runtime(wrong);
    const cells = cellsOf(line);
    const [group, topic, partition, offset] = single ? [groupId, ...cells] : cells;
    if (topic === undefined || group !== groupId) return [];
    // What is left out is 0.
    return [{ topic, partition: Number(partition ?? 0), offset: Number(offset ?? 0) }];
  });
  return targets.length === 0 ? null : targets;
}

function cellsOf(line: string): string[] {
  return line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
}

function lineProblem(line: string, record: 'CsvRecordNoGroup' | 'CsvRecordWithGroup'): JavaError | undefined {
  const cells = cellsOf(line);
  const [partition, offset] = record === 'CsvRecordNoGroup' ? cells.slice(1) : cells.slice(2);
  for (const [cell, field, kind] of [
    [partition, 'partition', 'int'],
    [offset, 'offset', 'long'],
  ] as const) {
    if (cell === undefined || /^-?\d+$/.test(cell)) continue;
    const column = Math.max(1, line.indexOf(`"${cell}"`) + 1 || line.indexOf(cell) + 1);
    return new JavaError(
      'com.fasterxml.jackson.databind.exc.InvalidFormatException',
      `Cannot deserialize value of type \`${kind}\` from String "${cell}": not a valid \`${kind}\` value\n` +
        ` at [Source: (StringReader); line: 1, column: ${column}] (through reference chain: org.apache.kafka.tools.consumer.group.CsvUtils$${record}["${field}"])`,
    );
  }
  return undefined;
}

function readPlanText(ports: Service['ports'], path: string): string {
  try {
    return readText(ports, path);
  } catch (error) {
    if (!(error instanceof JavaError)) throw error;
    throw runtime(new JavaError('java.io.IOException', `Unable to read file ${path}`, error));
  }
}
