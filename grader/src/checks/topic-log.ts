/** What a topic's partitions hold: in-sync replicas, first offset, records, bytes. */
import { withParticle } from '../lab/josa.ts';
import type { Bound, Localized, TopicCheck } from '../lab/schema.ts';
import type { PartitionView, TopicView } from '../observe/snapshot.ts';
import type { Condition } from './judgement.ts';
import { boundText, fits, join, number, say } from './wording.ts';

export function judgeLog(check: TopicCheck, topic: TopicView): Condition[] {
  const partitions = topic.partitions.filter(
    ({ partition }) => check.onlyPartition === undefined || partition === check.onlyPartition,
  );
  const sum = (of: (partition: PartitionView) => number) =>
    partitions.reduce((total, partition) => total + of(partition), 0);
  const where =
    check.onlyPartition === undefined
      ? say('', '')
      : say(`파티션 ${check.onlyPartition}의 `, ` of partition ${check.onlyPartition}`);
  const conditions: Condition[] = [];
  if (check.isr !== undefined) conditions.push(isrOf(check.isr, partitions));
  if (check.startOffset !== undefined) {
    const start = sum(({ startOffset = 0 }) => startOffset);
    conditions.push(
      amount(check.startOffset, start, {
        what: say(`${where.ko}첫 오프셋`, `first offset${where.en}`),
        unit: '',
        why: say('앞의 레코드가 지워진 만큼 첫 오프셋이 커져요.', 'It rises as old records are deleted.'),
      }),
    );
  }
  if (check.records !== undefined) {
    const held = sum(({ startOffset = 0, endOffset = 0 }) => Math.max(0, endOffset - startOffset));
    conditions.push(
      amount(check.records, held, {
        what: say(`${where.ko}레코드(끝 오프셋 − 첫 오프셋)`, `end offset minus first offset${where.en}`),
        unit: '',
        why: null,
      }),
    );
  }
  if (check.sizeBytes !== undefined) {
    const bytes = sum(({ sizeBytes = 0 }) => sizeBytes);
    conditions.push(
      amount(check.sizeBytes, bytes, {
        what: say(`${where.ko}디스크의 크기`, `size on disk${where.en}`),
        unit: ' B',
        why: null,
      }),
    );
  }
  return conditions;
}

function isrOf(bound: Bound, partitions: readonly PartitionView[]): Condition {
  const odd = partitions.find(({ isr }) => !fits(bound, isr.length));
  const shown = odd ?? partitions[0];
  const needed = boundText(bound, '개');
  const isr = shown?.isr.join(',') ?? '';
  return {
    holds: odd === undefined && partitions.length > 0,
    message: say(
      `파티션 ${shown?.partition ?? '-'}의 ISR이 ${shown?.isr.length ?? 0}개(${isr})예요. ${withParticle(needed.ko, '이')} 되어야 해요.`,
      `The ISR of partition ${shown?.partition ?? '-'} has ${shown?.isr.length ?? 0} replicas (${isr}); it should have ${needed.en}.`,
    ),
    expected: say(`ISR ${needed.ko}`, `ISR of ${needed.en}`),
    seen: say(`ISR ${shown?.isr.length ?? 0}개`, `ISR of ${shown?.isr.length ?? 0}`),
  };
}

interface Amount {
  readonly what: Localized;
  readonly unit: string;
  readonly why: Localized | null;
}

function amount(bound: Bound, now: number, { what, unit, why }: Amount): Condition {
  const needed = boundText(bound, unit);
  return {
    holds: fits(bound, now),
    message: join(
      say(
        `${withParticle(what.ko, '은')} 지금 ${withParticle(`${number(now)}${unit}`, '이에요')}. ${withParticle(needed.ko, '이')} 되어야 해요.`,
        `The ${what.en} is ${number(now)}${unit}; it should be ${needed.en}${unit}.`,
      ),
      why,
    ),
    expected: say(`${what.ko} ${needed.ko}`, `${what.en} ${needed.en}${unit}`),
    seen: say(`${what.ko} ${number(now)}${unit}`, `${what.en} ${number(now)}${unit}`),
  };
}
