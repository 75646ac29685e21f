/** The kind `records`: which records a topic holds, and in which partitions. Says why when they are not as asked. */
import { withParticle } from '../lab/josa.ts';
import type { Localized, RecordFilter, RecordsCheck } from '../lab/schema.ts';
import type { RecordsView, RecordView, TopicView } from '../observe/snapshot.ts';
import type { Judgement, Scene } from './judgement.ts';
import { judgeTraits } from './records-traits.ts';
import { topicMissing } from './topic.ts';
import { boundText, code, codeCut, countEn, counted, distance, join, RECORD, say } from './wording.ts';

export function judgeRecords(check: RecordsCheck, { cluster, evidence }: Scene): Judgement {
  const topic = cluster.topics[check.topic];
  if (topic === undefined) return topicMissing(check.topic, cluster);
  const source = check.committed ? cluster.committedRecords : cluster.records;
  const view = source?.[check.topic] ?? { records: [], truncated: false };
  const matching = view.records.filter((record) => matches(check.where, record));
  const counts = judgeCount(check, { topic, view, matching });
  if (!counts.holds) return counts;
  if (check.samePartition) {
    const same = judgeSamePartition(check, matching);
    if (!same.holds) return same;
  }
  const traits = judgeTraits(check, { matching, view, loads: evidence.loads });
  const failed = traits.find((trait) => !trait.holds);
  if (failed !== undefined) return failed;
  if (check.everyPartition) return judgeEveryPartition(check, { topic, matching });
  return check.samePartition ? judgeSamePartition(check, matching) : (traits.at(-1) ?? counts);
}

function matches(where: RecordFilter, record: RecordView): boolean {
  return (
    (where.key === undefined || record.key === (where.key === null ? null : String(where.key))) &&
    (where.keyed === undefined || (record.key !== null) === where.keyed) &&
    (where.value === undefined || record.value === (where.value === null ? null : String(where.value))) &&
    Object.entries(where.headers ?? {}).every(([key, value]) => record.headers?.[key] === String(value)) &&
    (where.valueIncludes === undefined || (record.value ?? '').includes(String(where.valueIncludes))) &&
    (where.partition === undefined || record.partition === where.partition)
  );
}

function judgeCount(
  check: RecordsCheck,
  { topic, view, matching }: { topic: TopicView; view: RecordsView; matching: readonly RecordView[] },
): Judgement {
  const off = distance(check.count, matching.length);
  const needed = boundText(check.count, '개');
  const what = describe(check.where);
  const seen = counted(RECORD, matching.length);
  const expected = say(`${what.ko} ${needed.ko}`, `${needed.en} ${what.en}`);
  const found = say(
    `${withParticle(what.ko, '이')} ${matching.length}개 있어요.`,
    `There ${matching.length === 1 ? 'is' : 'are'} ${countOf(what.en, matching.length)}.`,
  );
  if (off === 0) return { holds: true, message: found, expected, seen };
  const need = say(
    `${needed.ko === '1개 이상' ? '하나 이상' : needed.ko} 필요해요.`,
    `It needs ${needed.en}.`,
  );
  const none = say(`${withParticle(what.ko, '이')} 아직 없어요.`, `There are no ${what.en} yet.`);
  const why = off > 0 ? tooMany(check, topic) : whyTooFew(check, view.records);
  return {
    holds: false,
    message: join(matching.length === 0 ? none : join(found, need), why),
    expected,
    seen,
  };
}

function countOf(plural: string, count: number): string {
  return count === 1 ? `1 ${plural.replace(/^records/, 'record')}` : `${count} ${plural}`;
}

function tooMany({ topic, where }: RecordsCheck, { configs }: TopicView): Localized {
  if (typeof where.key === 'string' && configs?.['cleanup.policy']?.includes('compact')) {
    return say(
      '압축 정리는 닫힌 세그먼트에서만 해요. 다른 키의 레코드를 하나 더 보내면 새 세그먼트가 시작될 수 있어요.',
      'Only closed segments are compacted. One more record with another key may begin a new segment.',
    );
  }
  return say(
    `레코드는 하나씩 지울 수 없어요. ${code(topic, '을')} 지우고 다시 만들어 보내세요.`,
    `Single records cannot be taken back: delete ${code(topic)}, create it again and send anew.`,
  );
}

/** "키가 `kim`인 레코드", "records with the key `kim`". */
function describe(where: RecordFilter): Localized {
  const ko: string[] = [];
  const en: string[] = [];
  if (where.key === null || where.keyed === false) {
    ko.push('키가 없는');
    en.push('without a key');
  } else if (where.key !== undefined) {
    ko.push(`키가 ${code(where.key)}인`);
    en.push(`with the key ${code(where.key)}`);
  } else if (where.keyed) {
    ko.push('키가 있는');
    en.push('with a key');
  }
  if (where.value === null) {
    ko.push('값이 없는(툼스톤)');
    en.push('without a value (tombstones)');
  } else if (where.value !== undefined) {
    ko.push(`값이 ${code(where.value)}인`);
    en.push(`with the value ${code(where.value)}`);
  }
  if (where.valueIncludes !== undefined) {
    ko.push(`값에 ${code(where.valueIncludes, '이')} 들어 있는`);
    en.push(`with ${code(where.valueIncludes)} in the value`);
  }
  for (const [key, value] of Object.entries(where.headers ?? {})) {
    ko.push(`헤더가 ${code(`${key}=${value}`)}인`);
    en.push(`with the header ${code(`${key}=${value}`)}`);
  }
  if (where.partition !== undefined) {
    ko.push(`파티션 ${where.partition}에 있는`);
    en.push(`in partition ${where.partition}`);
  }
  return say(
    [...ko, '레코드'].join(' '),
    ['records', en.join(' and ')].filter((part) => part !== '').join(' '),
  );
}

/** Looks at what is there instead, for the slip behind it. */
function whyTooFew(check: RecordsCheck, records: readonly RecordView[]): Localized {
  const { where } = check;
  if (records.length === 0) {
    return say(
      `${code(check.topic, '은')} 아직 비어 있어요. \`kafka-console-producer.sh\`로 보내 보세요.`,
      `${code(check.topic)} is still empty. Send with \`kafka-console-producer.sh\`.`,
    );
  }
  const slip =
    where.key === undefined || where.key === null ? null : keySlip(String(where.key), where, records);
  return slip ?? generalReason(where, records);
}

/** The newest record that shows a slip tells: what was tried last is what the trainee is thinking of. */
function keySlip(key: string, where: RecordFilter, records: readonly RecordView[]): Localized | null {
  const newestFirst = [...records].sort((a, b) => b.timestampMs - a.timestampMs || b.offset - a.offset);
  for (const record of newestFirst) {
    const slip = slipOf(key, where, record);
    if (slip !== null) return slip;
  }
  return null;
}

function slipOf(key: string, where: RecordFilter, record: RecordView): Localized | null {
  const value = record.value ?? 'null';
  if (record.key === null) return value.startsWith(key) ? keyInValue(value) : null;
  if (record.key === key) {
    if (where.value === undefined) return null;
    return say(
      `키는 맞지만 값이 ${codeCut(value, '이에요')}.`,
      `The key is right, but the value is ${codeCut(value)}.`,
    );
  }
  if (record.key.trim() === key) {
    return say(
      `${code(key)} 앞이나 뒤에 공백이 함께 들어간 키가 있어요. 공백도 키의 일부라서, 다른 키가 돼요.`,
      `There is a key ${code(key)} with a space before or after it. Spaces are part of a key, so that is another key.`,
    );
  }
  if (record.key !== '' && key.startsWith(record.key)) {
    return say(
      `키가 ${code(record.key)}에서 끊기고 값이 ${codeCut(value, '이')} 됐어요. 구분자는 한 줄에서 맨 처음 나오는 것 하나만 쓰여요.`,
      `A key was cut off at ${code(record.key)}, leaving ${codeCut(value)} as the value. Only the first separator in a line counts.`,
    );
  }
  if (!record.key.startsWith(key)) return null;
  return say(
    `키가 ${codeCut(record.key)}까지로 들어갔어요. \`key.separator\`가 한 줄에서 처음 나오는 곳까지가 키예요.`,
    `A key went in as ${codeCut(record.key)}. The key ends where \`key.separator\` first appears in the line.`,
  );
}

function keyInValue(value: string): Localized {
  return say(
    `키 없이 값 전체가 ${codeCut(value, '으로')} 들어갔어요. \`parse.key=true\`를 켜야 키와 값이 나뉘어요.`,
    `A record went in without a key, its value being ${codeCut(value)}. Key and value are only split with \`parse.key=true\`.`,
  );
}

function generalReason(where: RecordFilter, records: readonly RecordView[]): Localized {
  const keyless = records.filter((record) => record.key === null).length;
  const total = records.length;
  if (where.keyed === false || where.key === null) {
    return say(
      `레코드 ${total}개 가운데 ${total - keyless}개에는 키가 있어요. 키 없이 보내려면 \`parse.key\`를 켜지 마세요.`,
      `Of ${countEn(RECORD, total)}, ${total - keyless} ${total - keyless === 1 ? 'has' : 'have'} a key. To send without one, leave \`parse.key\` off.`,
    );
  }
  if ((where.key !== undefined || where.keyed) && keyless > 0) {
    return say(
      `레코드 ${total}개 가운데 ${keyless}개에는 키가 없어요.`,
      `Of ${countEn(RECORD, total)}, ${keyless} ${keyless === 1 ? 'has' : 'have'} no key.`,
    );
  }
  const sample = records.at(-1);
  return say(
    `지금 들어 있는 레코드 ${total}개의 예: 키 ${code(sample?.key ?? 'null')}, 값 ${codeCut(sample?.value ?? 'null')}.`,
    `One of the ${countEn(RECORD, total)} there: key ${code(sample?.key ?? 'null')}, value ${codeCut(sample?.value ?? 'null')}.`,
  );
}

function partitionsOf(records: readonly RecordView[]): number[] {
  return [...new Set(records.map((record) => record.partition))].sort((a, b) => a - b);
}

function judgeSamePartition(check: RecordsCheck, matching: readonly RecordView[]): Judgement {
  const partitions = partitionsOf(matching);
  const what = describe(check.where);
  const expected = say('한 파티션에 모여 있음', 'all in one partition');
  const seen = say(`파티션 ${partitions.join(', ')}`, `partition ${partitions.join(', ')}`);
  if (partitions.length === 1) {
    return {
      holds: true,
      message: say(
        `${what.ko} ${matching.length}개가 모두 파티션 ${partitions[0]}에 있어요.`,
        `All ${matching.length} ${what.en} are in partition ${partitions[0]}.`,
      ),
      expected,
      seen,
    };
  }
  const keyless = matching.filter((record) => record.key === null).length;
  const why =
    keyless > 0
      ? say(
          `레코드 ${matching.length}개 가운데 ${keyless}개에 키가 없어서 여러 파티션에 흩어졌어요.`,
          `${keyless} of ${countEn(RECORD, matching.length)} ${keyless === 1 ? 'has' : 'have'} no key, so they were spread over partitions.`,
        )
      : say(
          '키가 다르거나, 보내는 사이에 파티션 수가 바뀌면 나뉘어요.',
          'That happens with different keys, or when the number of partitions changed in between.',
        );
  return {
    holds: false,
    message: join(
      say(
        `${what.ko} ${matching.length}개가 파티션 ${partitions.join(', ')}에 나뉘어 있어요.`,
        `The ${matching.length} ${what.en} are spread over the partitions ${partitions.join(', ')}.`,
      ),
      why,
    ),
    expected,
    seen,
  };
}

function judgeEveryPartition(
  check: RecordsCheck,
  { topic, matching }: { topic: TopicView; matching: readonly RecordView[] },
): Judgement {
  const there = partitionsOf(matching);
  const empty = topic.partitions
    .map((view) => view.partition)
    .filter((partition) => !there.includes(partition));
  const what = describe(check.where);
  const total = topic.partitions.length;
  const expected = say(
    `파티션 ${total}개 모두에 ${what.ko}`,
    `${what.en} in each of the ${total} partitions`,
  );
  const seen = say(`파티션 ${total}개 가운데 ${there.length}개`, `${there.length} of ${total} partitions`);
  if (empty.length === 0) {
    return {
      holds: true,
      message: say(
        `모든 파티션에 ${withParticle(what.ko, '이')} 있어요.`,
        `Every partition holds ${what.en}.`,
      ),
      expected,
      seen,
    };
  }
  const shown = empty.join(', ');
  return {
    holds: false,
    message: say(
      `파티션 ${shown}에는 ${withParticle(what.ko, '이')} 아직 없어요. 어느 파티션으로 갈지는 키가 정해요. 다른 키를 더 보내고, \`print.partition=true\`로 어디에 놓였는지 보세요.`,
      `Partition ${shown} holds no ${what.en} yet. The key decides the partition: send other keys and see with \`print.partition=true\` where they land.`,
    ),
    expected,
    seen,
    share: there.length / total,
  };
}
