/** The JSON files of kafka-reassign-partitions.sh: read, checked and written. */
import type { TopicPartition } from '../../client/main.ts';
import { JavaError } from '../java/java-error.ts';
import {
  asArray,
  asInt,
  asObject,
  asText,
  commandFailed,
  intField,
  type Json,
  operationError,
  parseJson,
  textField,
} from '../java/json.ts';
import { syntaxFault } from '../java/json-syntax.ts';

export interface Assignment extends TopicPartition {
  readonly replicas: readonly number[];
}

export interface ReplicaMove extends TopicPartition {
  readonly broker: number;
  readonly directory: string;
}

export interface Plan {
  readonly assignments: readonly Assignment[];
  /** Replicas whose log directory is named. */
  readonly moves: readonly ReplicaMove[];
}

const anyDirectory = 'any';

export function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}

export function replicaKey({
  topic,
  partition,
  broker,
}: TopicPartition & { readonly broker: number }): string {
  return `${topic}-${partition}-${broker}`;
}

export function byPartition(a: TopicPartition, b: TopicPartition): number {
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1;
  return a.partition - b.partition;
}

export function readPlan(text: string): Plan {
  const fault = syntaxFault(text);
  if (fault !== null) {
    const place = fault.kind === 'JsonEOFException' ? 'core.io' : 'core';
    const cause = new JavaError(`com.fasterxml.jackson.${place}.${fault.kind}`, fault.text);
    throw operationError(fault.text, cause);
  }
  const file = asObject(parseJson(text));
  checkVersion(file.version);
  const entries = file.partitions === undefined ? [] : asArray(file.partitions).map(readEntry);
  return {
    assignments: entries.map(({ assignment }) => assignment),
    moves: entries.flatMap(({ moves }) => moves),
  };
}

function checkVersion(value: Json | undefined): void {
  const version = value === undefined ? 1 : asInt(value);
  if (version !== 1) throw operationError(`Not supported version field value ${version}`);
}

function readEntry(value: Json): { readonly assignment: Assignment; readonly moves: readonly ReplicaMove[] } {
  const entry = asObject(value);
  const topic = textField(entry, 'topic');
  const partition = intField(entry, 'partition');
  if (entry.replicas === undefined) {
    throw new JavaError(
      'com.fasterxml.jackson.databind.JsonMappingException',
      'No such field exists: `replicas`',
    );
  }
  const replicas = asArray(entry.replicas).map(asInt);
  const directories =
    entry.log_dirs === undefined ? replicas.map(() => anyDirectory) : asArray(entry.log_dirs).map(asText);
  if (directories.length !== replicas.length) {
    throw commandFailed(
      `Size of replicas list [${replicas.join(', ')}] is different from size of log dirs list [${directories.join(', ')}] for partition ${topic}-${partition}`,
    );
  }
  const moves = directories.flatMap((directory, index) =>
    directory === anyDirectory ? [] : [{ topic, partition, broker: replicas[index]!, directory }],
  );
  return { assignment: { topic, partition, replicas }, moves };
}

/** The checks before anything is started. */
export function checkPlan({ assignments }: Plan): void {
  if (assignments.length === 0) throw commandFailed('Partition reassignment list cannot be empty');
  if (assignments.some(({ replicas }) => replicas.length === 0)) {
    throw commandFailed('Partition replica list cannot be empty');
  }
  const twice = duplicates(assignments.map(keyOf));
  if (twice.length > 0) {
    throw commandFailed(`Partition reassignment contains duplicate topic partitions: ${twice.join(',')}`);
  }
  const repeated = assignments
    .map((entry) => ({ entry, ids: duplicates(entry.replicas) }))
    .filter(({ ids }) => ids.length > 0)
    .map(({ entry, ids }) => `${keyOf(entry)} contains multiple entries for ${ids.join(',')}`);
  if (repeated.length > 0) {
    throw commandFailed(`Partition replica lists may not contain duplicate entries: ${repeated.join('. ')}`);
  }
}

export function duplicates<T>(items: readonly T[]): T[] {
  return [...new Set(items.filter((item, index) => items.indexOf(item) !== index))];
}

/** The topics of a topics-to-move file. */
export function readTopics(text: string): string[] {
  const json = parseJson(text);
  if (json === null) throw operationError('The input string is not a valid JSON');
  const file = asObject(json);
  checkVersion(file.version);
  return file.topics === undefined
    ? []
    : asArray(file.topics).map((topic) => textField(asObject(topic), 'topic'));
}

/** `directories`: by replica key; `any` where it is not known. */
export function writePlan(
  assignments: readonly Assignment[],
  directories: ReadonlyMap<string, string>,
): string {
  const partitions = [...assignments].sort(byPartition).map(({ topic, partition, replicas }) => ({
    topic,
    partition,
    replicas,
    log_dirs: replicas.map(
      (broker) => directories.get(replicaKey({ topic, partition, broker })) ?? anyDirectory,
    ),
  }));
  return JSON.stringify({ version: 1, partitions });
}
