/** What became of the hidden input: each record once, at least once, in order, under its key, with the value asked for. */
import type { Localized, ProgramCheck } from '../lab/schema.ts';
import type { RecordView } from '../observe/snapshot.ts';
import type { Condition } from './judgement.ts';
import type { ProgramInput, ProgramRun } from './verdict.ts';
import { boundText, code, codeCut, fits, join, say } from './wording.ts';

interface Delivered {
  readonly input: ProgramInput;
  readonly copies: readonly RecordView[];
}

export function deliveryConditions(check: ProgramCheck, run: ProgramRun): Condition[] {
  const { result } = check;
  const good = run.inputs.filter(({ poison }) => !poison);
  const delivered = good.map((input): Delivered => ({ input, copies: copiesOf(input, run.outputs) }));
  const expected = delivered.filter(({ input }) => input.expected);
  const conditions: Condition[] = [];
  if (result.delivered !== undefined)
    conditions.push(...deliveredAs(result.delivered, expected, lossCause(run, expected)));
  if (result.skipped) conditions.push(skipped(delivered.filter(({ input }) => !input.expected)));
  if (result.sameKey) conditions.push(sameKey(expected));
  if (result.value !== undefined) conditions.push(valueIs(result.value, expected));
  if (result.inOrder) conditions.push(inOrder(expected));
  if (result.deadLetters !== undefined) conditions.push(...deadLetters(check, run, good));
  return conditions;
}

/** The secret word stands in the value, whatever else the program made of it. */
function copiesOf({ id }: ProgramInput, records: readonly RecordView[]): RecordView[] {
  return records.filter(({ value, key }) => (value ?? '').toLowerCase().includes(id) || key === id);
}

function deliveredAs(
  wanted: 'atLeastOnce' | 'exactlyOnce' | 'atMostOnce',
  expected: readonly Delivered[],
  cause: Localized,
): Condition[] {
  const lost = expected.filter(({ copies }) => copies.length === 0);
  const doubled = expected.filter(({ copies }) => copies.length > 1);
  const conditions: Condition[] = [];
  if (wanted !== 'atMostOnce') {
    conditions.push({
      holds: lost.length === 0 && expected.length > 0,
      message: join(
        say(
          `입력 ${expected.length}개 가운데 ${lost.length}개가 결과에 없어요(잃어버림). 예: ${example(lost)}.`,
          `${lost.length} of ${expected.length} inputs are missing from the output, for instance ${example(lost)}.`,
        ),
        cause,
      ),
      expected: say('잃은 레코드 없음', 'nothing lost'),
      seen:
        lost.length === 0
          ? say('잃은 레코드 없음', 'nothing lost')
          : say(`${lost.length}개 잃음`, `${lost.length} lost`),
    });
  }
  if (wanted !== 'atLeastOnce') {
    conditions.push({
      holds: doubled.length === 0,
      message: join(
        say(
          `입력 ${doubled.length}개가 결과에 두 번 이상 있어요(중복). 예: ${example(doubled)}.`,
          `${doubled.length} inputs are in the output more than once, for instance ${example(doubled)}.`,
        ),
        say(
          '결과를 보내는 것과 오프셋을 커밋하는 것이 한 트랜잭션이어야, 다시 시작해도 겹치지 않아요.',
          'Sending the result and committing the offset must be one transaction for a restart not to repeat it.',
        ),
      ),
      expected: say('중복 없음', 'nothing twice'),
      seen:
        doubled.length === 0
          ? say('중복 없음', 'nothing twice')
          : say(`${doubled.length}개 중복`, `${doubled.length} twice`),
    });
  }
  return conditions;
}

/** What is most likely behind records that never came out. */
function lossCause({ starts, committed }: ProgramRun, expected: readonly Delivered[]): Localized {
  const nothing = expected.every(({ copies }) => copies.length === 0);
  if (nothing && committed === null) {
    return say(
      '프로그램이 시작하기 전부터 있던 레코드를 읽었는지, 오류를 던지며 멈춰 있지 않은지 보세요.',
      'See whether the program reads what was there before it started, and whether it keeps throwing an error.',
    );
  }
  if (starts.length > 1 && committed === null) {
    return say(
      '저장됐다는 응답을 받기 전에 표시하면, 멈췄다 다시 시작할 때 그 레코드를 건너뛰어요.',
      'What is marked as done before the broker has answered is skipped after a crash.',
    );
  }
  if (starts.length > 1) {
    return say(
      '처리하기 전에 커밋하면, 멈췄다 다시 시작할 때 그 레코드를 건너뛰어요.',
      'What is committed before it is handled is skipped after a crash.',
    );
  }
  return say(
    '처리하지 못한 레코드에서 멈추거나, 그 뒤까지 건너뛰지 않았는지 보세요.',
    'See whether it stops at a record that it cannot handle, or skips what comes after it.',
  );
}

function example(list: readonly Delivered[]): string {
  const input = list[0]?.input;
  return input === undefined ? '-' : codeCut(input.value);
}

function skipped(before: readonly Delivered[]): Condition {
  const again = before.filter(({ copies }) => copies.length > 0);
  return {
    holds: again.length === 0,
    message: say(
      `그룹이 이미 커밋한 레코드 ${again.length}개를 다시 처리했어요. 커밋된 오프셋부터 이어서 읽어야 해요.`,
      `${again.length} records that the group had committed already were handled again. Go on from the committed offset.`,
    ),
    expected: say('이어서 읽음', 'goes on where it was'),
    seen:
      again.length === 0
        ? say('이어서 읽음', 'went on where it was')
        : say(`${again.length}개 다시 처리`, `${again.length} again`),
  };
}

function sameKey(expected: readonly Delivered[]): Condition {
  const odd = expected.find(({ input, copies }) => copies.some(({ key }) => key !== input.key));
  const now = odd?.copies.find(({ key }) => key !== odd.input.key)?.key ?? null;
  return {
    holds: odd === undefined,
    message: say(
      `키가 ${code(odd?.input.key ?? 'null')}인 레코드가 키 ${code(now ?? 'null', '으로')} 나왔어요. 키를 그대로 보내야 같은 파티션에 모여요.`,
      `A record with the key ${code(odd?.input.key ?? 'null')} came out with ${code(now ?? 'null')}. Only with its key does it stay with its like.`,
    ),
    expected: say('키 그대로', 'the same key'),
    seen:
      odd === undefined
        ? say('키 그대로', 'the same keys')
        : say(`키 ${now ?? 'null'}`, `key ${now ?? 'null'}`),
  };
}

function valueIs(template: string, expected: readonly Delivered[]): Condition {
  const wantedOf = ({ n, id, key, value }: ProgramInput) =>
    template
      .replaceAll('{value}', value)
      .replaceAll('{VALUE}', value.toUpperCase())
      .replaceAll('{n}', String(n))
      .replaceAll('{id}', id)
      .replaceAll('{key}', key ?? '');
  const odd = expected.find(
    ({ input, copies }) =>
      copies.length > 0 && !copies.some(({ value }) => (value ?? '').includes(wantedOf(input))),
  );
  const wanted = odd === undefined ? '' : wantedOf(odd.input);
  const now = odd?.copies[0]?.value ?? '';
  return {
    holds: odd === undefined && expected.some(({ copies }) => copies.length > 0),
    message: say(
      `입력 ${codeCut(odd?.input.value ?? '')}의 결과가 ${codeCut(now, '이에요')}. ${codeCut(wanted)} 부분이 있어야 해요.`,
      `The input ${codeCut(odd?.input.value ?? '')} became ${codeCut(now)}; it should contain ${codeCut(wanted)}.`,
    ),
    expected: say(codeCut(template), codeCut(template)),
    seen: odd === undefined ? say('값이 맞음', 'the values are right') : say(codeCut(now), codeCut(now)),
  };
}

/** Of each key, first copies stand in the order of the input. */
function inOrder(expected: readonly Delivered[]): Condition {
  let odd: ProgramInput | undefined;
  const last = new Map<string, RecordView>();
  for (const { input, copies } of expected) {
    const first = copies[0];
    if (first === undefined) continue;
    const before = last.get(input.key ?? '');
    if (before !== undefined && before.partition === first.partition && before.offset > first.offset)
      odd ??= input;
    last.set(input.key ?? '', first);
  }
  return {
    holds: odd === undefined,
    message: say(
      `키 ${code(odd?.key ?? 'null')}의 레코드가 보낸 순서와 다르게 나왔어요(${codeCut(odd?.value ?? '')}). 하나씩 기다리며 보내는지, 재시도가 순서를 바꾸지 않는지 보세요.`,
      `Records of the key ${code(odd?.key ?? 'null')} came out in another order (${codeCut(odd?.value ?? '')}). See whether each is awaited, and whether retries may reorder.`,
    ),
    expected: say('키마다 순서대로', 'in order for each key'),
    seen: odd === undefined ? say('순서대로', 'in order') : say('순서가 바뀜', 'out of order'),
  };
}

function deadLetters({ result }: ProgramCheck, run: ProgramRun, good: readonly ProgramInput[]): Condition[] {
  const poison = run.inputs.filter((input) => input.poison && input.expected);
  const kept = poison.filter((input) => copiesOf(input, run.deadLetters).length > 0);
  const passed = poison.filter((input) => copiesOf(input, run.outputs).length > 0);
  const strays = good
    .map((input): Delivered => ({ input, copies: copiesOf(input, run.deadLetters) }))
    .filter(({ copies }) => copies.length > 0);
  const bound = result.deadLetters ?? 0;
  const needed = boundText(bound, '개');
  return [
    {
      // A crash may have sent one twice: records count, not copies.
      holds: bound === 0 ? run.deadLetters.length === 0 : fits(bound, kept.length),
      message: say(
        `데드 레터 토픽에 ${kept.length}개 있어요. 처리할 수 없는 레코드 ${needed.ko} 필요해요.`,
        `The dead-letter topic holds ${kept.length}; it should hold ${needed.en} records that cannot be handled.`,
      ),
      expected: say(`데드 레터 ${needed.ko}`, `${needed.en} dead letters`),
      seen: say(`데드 레터 ${kept.length}개`, `${kept.length} dead letters`),
    },
    {
      holds: strays.length === 0,
      message: say(
        `처리할 수 있는 레코드 ${strays.length}개가 데드 레터 토픽에 들어갔어요. 예: ${example(strays)}.`,
        `${strays.length} records that can be handled went into the dead-letter topic, for instance ${example(strays)}.`,
      ),
      expected: say('처리할 수 없는 것만', 'only what cannot be handled'),
      seen:
        strays.length === 0
          ? say('그것만 있음', 'only those')
          : say(`${strays.length}개 더`, `${strays.length} others`),
    },
    {
      holds: passed.length === 0,
      message: say(
        `처리할 수 없는 레코드 ${passed.length}개가 결과 토픽에 들어갔어요. 예: ${codeCut(passed[0]?.value ?? '')}.`,
        `${passed.length} records that cannot be handled went into the output, for instance ${codeCut(passed[0]?.value ?? '')}.`,
      ),
      expected: say('결과에는 없음', 'none in the output'),
      seen:
        passed.length === 0
          ? say('결과에는 없음', 'none in the output')
          : say(`${passed.length}개 있음`, `${passed.length} there`),
    },
  ];
}
