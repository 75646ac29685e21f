/** Which partitions are meant: a topic pattern with a set of numbers, or a list of `topic:from-to` rules. */
import type { TopicPartition } from '../../client/main.ts';
import { JavaError, runtime } from '../java/java-error.ts';
import { includeList } from '../java/regex.ts';

/** Shown as one line, without a trace. */
export class TerseError extends JavaError {
  constructor(text: string) {
    super('org.apache.kafka.tools.TerseException', text);
  }
}

export interface PartitionFilter {
  hasTopic(topic: string): boolean;
  hasPartition(partition: TopicPartition): boolean;
}

const rulePattern = /^([^:,]*)(?::(?:([0-9]*)|(?:([0-9]*)-([0-9]*))))?$/;

export function partitionFilter(given: {
  readonly rules: string | null;
  readonly topic: string | null;
  readonly partitions: string | null;
}): PartitionFilter {
  if (given.rules !== null) return anyOf(given.rules.split(',').map(parseRule));
  const wanted = parsePartitions(given.partitions);
  return filterOf(
    includeList(given.topic ?? '.*'),
    (partition) => wanted.size === 0 || wanted.has(partition),
  );
}

function parseRule(rule: string): PartitionFilter {
  const match = rulePattern.exec(rule);
  if (match === null) throw runtime(new TerseError(`Invalid rule specification: ${rule}`));
  const [, topic, one, from, to] = match;
  const isTopic = includeList(topic || '.*');
  if (one) return filterOf(isTopic, (partition) => partition === Number(one));
  const least = Number(from || 0);
  const below = to ? Number(to) : Number.POSITIVE_INFINITY;
  return filterOf(isTopic, (partition) => partition >= least && partition < below);
}

function parsePartitions(text: string | null): Set<number> {
  if (text === null || text === '') return new Set();
  const numbers = text.split(',');
  if (!numbers.every((number) => /^[+-]?\d{1,10}$/.test(number))) {
    throw new TerseError(
      `--partitions expects a comma separated list of numeric partition ids, but received: ${text}`,
    );
  }
  return new Set(numbers.map(Number));
}

function filterOf(
  hasTopic: (topic: string) => boolean,
  has: (partition: number) => boolean,
): PartitionFilter {
  return { hasTopic, hasPartition: ({ topic, partition }) => hasTopic(topic) && has(partition) };
}

function anyOf(filters: readonly PartitionFilter[]): PartitionFilter {
  return {
    hasTopic: (topic) => filters.some((filter) => filter.hasTopic(topic)),
    hasPartition: (partition) => filters.some((filter) => filter.hasPartition(partition)),
  };
}
