/** What the matching records have in common: places, order, doubles, how they were sent, and that none was lost. */
import { withParticle } from '../lab/josa.ts';
import type { Bound, RecordsCheck } from '../lab/schema.ts';
import type { RecordsView, RecordView } from '../observe/snapshot.ts';
import type { Condition } from './judgement.ts';
import type { LoadReport } from './verdict.ts';
import { boundText, code, codeCut, countEn, fits, number, PARTITION, say } from './wording.ts';

interface Matching {
  readonly matching: readonly RecordView[];
  readonly view: RecordsView;
  readonly loads: Readonly<Record<string, LoadReport>> | undefined;
}

export function judgeTraits(check: RecordsCheck, { matching, view, loads }: Matching): Condition[] {
  const traits: Condition[] = [];
  if (check.spread !== undefined) traits.push(spread(check.spread, matching));
  if (check.keysStay) traits.push(keysStay(matching));
  if (check.ascending !== undefined) traits.push(ascending(check.ascending, matching));
  if (check.unique !== undefined) traits.push(unique(check.unique, matching));
  if (check.distinct !== undefined) traits.push(distinct(check.distinct, matching));
  if (check.compression !== undefined) traits.push(compressed(check.compression, matching));
  if (check.idempotent) traits.push(flagged('idempotent', matching));
  if (check.transactional) traits.push(flagged('transactional', matching));
  if (check.perBatch !== undefined) traits.push(perBatch(check.perBatch, matching));
  if (check.acknowledged !== undefined) traits.push(nothingLost(loads?.[check.acknowledged], view));
  return traits;
}

function groupBy<T>(list: readonly RecordView[], keyOf: (record: RecordView) => T): Map<T, RecordView[]> {
  const groups = new Map<T, RecordView[]>();
  for (const record of list) {
    const group = groups.get(keyOf(record));
    if (group === undefined) groups.set(keyOf(record), [record]);
    else group.push(record);
  }
  return groups;
}

function spread(bound: Bound, matching: readonly RecordView[]): Condition {
  const partitions = [...groupBy(matching, ({ partition }) => partition).keys()].sort((a, b) => a - b);
  const needed = boundText(bound, '개');
  const shown = partitions.join(', ');
  return {
    holds: fits(bound, partitions.length),
    message: say(
      `레코드가 파티션 ${partitions.length}개(${shown})에 있어요. 파티션 ${needed.ko}에 있어야 해요.`,
      `The records are in ${countEn(PARTITION, partitions.length)} (${shown}); they should be in ${needed.en}.`,
    ),
    expected: say(`파티션 ${needed.ko}`, `${needed.en} partitions`),
    seen: say(`파티션 ${shown}`, `partitions ${shown}`),
  };
}

function keysStay(matching: readonly RecordView[]): Condition {
  const keys = groupBy(
    matching.filter(({ key }) => key !== null),
    ({ key }) => key,
  );
  const odd = [...keys].find(([, records]) => new Set(records.map(({ partition }) => partition)).size > 1);
  const places = [...new Set(odd?.[1].map(({ partition }) => partition))].join(', ');
  return {
    holds: odd === undefined && keys.size > 0,
    message:
      keys.size === 0
        ? say('키가 있는 레코드가 없어요.', 'There are no records with a key.')
        : say(
            `키 ${code(odd?.[0] ?? '')}의 레코드가 파티션 ${places}에 나뉘어 있어요. 파티션 수가 바뀌면 같은 키도 다른 곳으로 가요.`,
            `Records of the key ${code(odd?.[0] ?? '')} are in the partitions ${places}. When the number of partitions changes, so does a key's place.`,
          ),
    expected: say('키마다 한 파티션', 'one partition for each key'),
    seen:
      odd === undefined
        ? say(`키 ${keys.size}개가 제자리에`, `${keys.size} keys in place`)
        : say(`파티션 ${places}`, `partitions ${places}`),
  };
}

function ascending(by: 'perKey' | 'perPartition', matching: readonly RecordView[]): Condition {
  const groups = groupBy(matching, ({ key, partition }) =>
    by === 'perKey' ? (key ?? 'null') : `파티션 ${partition}`,
  );
  let odd: { group: string; before: string; after: string } | undefined;
  for (const [group, records] of groups) {
    const ordered = [...records].sort((a, b) => a.timestampMs - b.timestampMs || a.offset - b.offset);
    const stored = by === 'perKey' ? ordered : [...records].sort((a, b) => a.offset - b.offset);
    for (let i = 1; i < stored.length; i++) {
      const [before, after] = [stored[i - 1]?.value ?? '', stored[i]?.value ?? ''];
      if (lastNumber(before) > lastNumber(after)) odd ??= { group, before, after };
    }
  }
  return {
    holds: odd === undefined && matching.length > 0,
    message: say(
      `${code(odd?.group ?? '')}에서 ${codeCut(odd?.before ?? '')} 다음에 ${codeCut(odd?.after ?? '', '이')} 와요. 순서는 한 파티션 안에서만 지켜져요.`,
      `In ${code(odd?.group ?? '')}, ${codeCut(odd?.after ?? '')} comes after ${codeCut(odd?.before ?? '')}. Order holds within one partition only.`,
    ),
    expected: say('순서대로', 'in order'),
    seen: odd === undefined ? say('순서대로', 'in order') : say('순서가 섞임', 'out of order'),
  };
}

function lastNumber(value: string): number {
  return Number(/(\d+)\D*$/.exec(value)?.[1] ?? 0);
}

function unique(by: 'value' | 'key', matching: readonly RecordView[]): Condition {
  const groups = groupBy(matching, (record) => record[by]);
  const doubled = [...groups].filter(([, records]) => records.length > 1);
  const [first] = doubled;
  const word = by === 'value' ? say('값', 'value') : say('키', 'key');
  return {
    holds: doubled.length === 0,
    message: say(
      `${withParticle(word.ko, '이')} 같은 레코드가 있어요: ${codeCut(first?.[0] ?? 'null', '이')} ${first?.[1].length ?? 0}번. 모두 ${doubled.length}가지가 겹쳐요.`,
      `There are records of the same ${word.en}: ${codeCut(first?.[0] ?? 'null')} is there ${first?.[1].length ?? 0} times. In all, ${doubled.length} are doubled.`,
    ),
    expected: say(`${word.ko} 중복 없음`, `no ${word.en} twice`),
    seen:
      doubled.length === 0
        ? say('중복 없음', 'nothing twice')
        : say(`${doubled.length}가지 중복`, `${doubled.length} doubled`),
  };
}

function distinct(bound: Bound, matching: readonly RecordView[]): Condition {
  const count = new Set(matching.map(({ value }) => value)).size;
  const needed = boundText(bound, '가지');
  return {
    holds: fits(bound, count),
    message: say(
      `서로 다른 값이 ${count}가지예요. ${withParticle(needed.ko, '이')} 필요해요.`,
      `There are ${count} different values; there should be ${needed.en}.`,
    ),
    expected: say(`값 ${needed.ko}`, `${needed.en} values`),
    seen: say(`값 ${count}가지`, `${count} values`),
  };
}

function compressed(codec: string, matching: readonly RecordView[]): Condition {
  const other = matching.find(({ batch }) => (batch?.codec ?? 'none') !== codec);
  const now = other?.batch?.codec ?? codec;
  return {
    holds: other === undefined && matching.length > 0,
    message: say(
      `레코드가 ${code(now)} 압축으로 들어 있어요. ${code(codec, '이')} 필요해요. 압축은 프로듀서의 \`compression.type\`이 정해요.`,
      `The records came with compression ${code(now)}, but should with ${code(codec)}. The producer's \`compression.type\` decides.`,
    ),
    expected: say(`압축 ${code(codec)}`, `compression ${code(codec)}`),
    seen: say(`압축 ${code(now)}`, `compression ${code(now)}`),
  };
}

function flagged(what: 'idempotent' | 'transactional', matching: readonly RecordView[]): Condition {
  const without = matching.filter(({ batch }) => batch?.[what] !== true).length;
  const name =
    what === 'idempotent' ? say('멱등 프로듀서', 'an idempotent producer') : say('트랜잭션', 'a transaction');
  return {
    holds: without === 0 && matching.length > 0,
    message: say(
      `레코드 ${matching.length}개 가운데 ${without}개가 ${withParticle(name.ko, '으로')} 보낸 것이 아니에요.`,
      `${without} of ${matching.length} records did not come by ${name.en}.`,
    ),
    expected: name,
    seen: without === 0 ? name : say(`${without}개가 아님`, `${without} did not`),
  };
}

function perBatch(bound: Bound, matching: readonly RecordView[]): Condition {
  const fullest = Math.max(0, ...matching.map(({ batch }) => batch?.records ?? 1));
  const needed = boundText(bound, '개');
  return {
    holds: fits(bound, fullest),
    message: say(
      `가장 큰 배치에 레코드가 ${fullest}개 들어 있어요. ${withParticle(needed.ko, '이')} 필요해요. \`linger.ms\`와 \`batch.size\`가 배치를 정해요.`,
      `The fullest batch holds ${fullest} records; it should hold ${needed.en}. \`linger.ms\` and \`batch.size\` decide.`,
    ),
    expected: say(`배치에 ${needed.ko}`, `${needed.en} in a batch`),
    seen: say(`배치에 ${fullest}개`, `${fullest} in a batch`),
  };
}

/** Records older than what is still read are not looked for. */
function nothingLost(load: LoadReport | undefined, view: RecordsView): Condition {
  const found = new Set(view.records.flatMap(({ value }) => numberOf(value ?? '', load) ?? []));
  const oldest = view.truncated ? oldestSurely(view, load) : 0;
  const lost: number[] = [];
  for (const [from, to] of load?.acknowledged ?? []) {
    for (let n = Math.max(from, oldest); n <= to; n++) if (!found.has(n)) lost.push(n);
  }
  const total = (load?.acknowledged ?? []).reduce((sum, [from, to]) => sum + to - from + 1, 0);
  const example = load === undefined ? '' : load.value.replaceAll('{n}', String(lost[0] ?? ''));
  return {
    holds: load !== undefined && total > 0 && lost.length === 0,
    message:
      total === 0
        ? say('아직 확인 응답을 받은 레코드가 없어요.', 'No record has been acknowledged yet.')
        : lost.length > 0
          ? say(
              `확인 응답을 받은 레코드 ${number(total)}개 가운데 ${number(lost.length)}개가 사라졌어요. 예: ${code(example)}.`,
              `${number(lost.length)} of ${number(total)} acknowledged records are gone, for instance ${code(example)}.`,
            )
          : say(
              `확인 응답을 받은 레코드 ${number(total)}개가 모두 있어요.`,
              `All ${number(total)} acknowledged records are there.`,
            ),
    expected: say('잃은 레코드 없음', 'nothing lost'),
    seen:
      lost.length === 0
        ? say(`${number(total)}개 모두 있음`, `all ${number(total)} there`)
        : say(`${number(lost.length)}개 사라짐`, `${number(lost.length)} gone`),
  };
}

function numberOf(value: string, load: LoadReport | undefined): number | null {
  const [before = '', after = ''] = (load?.value ?? '{n}').split('{n}');
  if (!value.startsWith(before) || !value.endsWith(after)) return null;
  const n = Number(value.slice(before.length, value.length - after.length));
  return Number.isInteger(n) ? n : null;
}

/** From here on nothing was left out: the newest of each partition's oldest record that is read. */
function oldestSurely(view: RecordsView, load: LoadReport | undefined): number {
  const oldest = [...groupBy(view.records, ({ partition }) => partition).values()].map((records) =>
    Math.min(...records.map(({ value }) => numberOf(value ?? '', load) ?? Number.POSITIVE_INFINITY)),
  );
  return Math.max(0, ...oldest.filter(Number.isFinite));
}
