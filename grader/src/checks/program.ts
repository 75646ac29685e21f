/**
 * The kind `program`: the trainee's program was run against hidden input, perhaps killed and run again, and is judged
 * by what the cluster held afterwards.
 */
import { withParticle } from '../lab/josa.ts';
import type { Localized, ProgramCheck } from '../lab/schema.ts';
import type { RecordView } from '../observe/snapshot.ts';
import type { Condition, Judgement, Scene } from './judgement.ts';
import { allOf, notThere } from './judgement.ts';
import { deliveryConditions } from './program-delivery.ts';
import type { ProgramRun } from './verdict.ts';
import { boundText, code, codeCut, counted, fits, join, RECORD, say } from './wording.ts';

export function judgeProgram(check: ProgramCheck, { evidence }: Scene): Judgement {
  const run = evidence.programs?.[check.id];
  if (check.script !== undefined) return judgeScript(check, run);
  const subject = say(code(check.command), code(check.command));
  if (run === undefined) {
    return {
      holds: false,
      message: say(
        `아직 실행해 보지 않았어요. 준비되면 [실행]을 누르거나 터미널에서 \`lab run ${check.id}\`를 입력하세요.`,
        `Not tried yet. When it is ready, press Run, or type \`lab run ${check.id}\` in a terminal.`,
      ),
      expected: subject,
      seen: say('실행 전', 'not run yet'),
    };
  }
  const missing = run.missingFiles[0];
  if (missing !== undefined) {
    return notThere(
      say(`파일 ${code(missing, '이')} 아직 없어요.`, `There is no file ${code(missing)} yet.`),
      say(`파일 ${code(missing)}`, `file ${code(missing)}`),
    );
  }
  // What became of the records says more than that time ran out.
  const late = check.until === 'exit' ? 'first' : 'last';
  const timedOut = run.starts.at(-1)?.end === 'timedOut' ? [tooSlow(check, run)] : [];
  const conditions = [
    ...(late === 'first' ? timedOut : []),
    ...endConditions(check, run),
    ...deliveryConditions(check, run),
    ...batchConditions(check, run),
    ...committedConditions(check, run),
    ...(late === 'last' ? timedOut : []),
  ];
  return allOf(conditions, subject);
}

/** A script of the lab's own, run in the box: its exit code is all there is. */
function judgeScript({ id }: ProgramCheck, run: ProgramRun | undefined): Judgement {
  const expected = say('종료 코드 0', 'exit code 0');
  const last = run?.starts.at(-1);
  if (last === undefined) {
    return {
      holds: false,
      message: say(
        `아직 확인해 보지 않았어요. 다 했으면 [확인하기]를 누르거나 터미널에서 \`lab run ${id}\`를 입력하세요.`,
        `Not checked yet. When you are done, press Check, or type \`lab run ${id}\` in a terminal.`,
      ),
      expected,
      seen: say('확인 전', 'not checked yet'),
    };
  }
  const holds = last.end === 'exited' && last.exitCode === 0;
  const how =
    last.end === 'exited'
      ? say(`종료 코드 ${last.exitCode}`, `exit code ${last.exitCode}`)
      : say('시간 안에 끝나지 않음', 'not done in time');
  const failed = say(
    `확인 스크립트가 아직 통과하지 않았어요(${how.ko}).`,
    `The check script did not pass yet (${how.en}).`,
  );
  return {
    holds,
    message: holds
      ? say('확인 스크립트가 통과했어요.', 'The check script passed.')
      : join(failed, printedText(last.printed)),
    expected,
    seen: how,
  };
}

function endConditions(check: ProgramCheck, run: ProgramRun): Condition[] {
  const conditions: Condition[] = [];
  const { exit, withinSeconds } = check.result;
  const failed = run.starts.find((start) => start.end === 'exited' && start.exitCode !== 0);
  if (failed !== undefined && exit !== 'failure')
    conditions.push(failedWith(failed.exitCode ?? -1, failed.printed));
  if (exit === 'failure' && failed === undefined) conditions.push(shouldHaveFailed());
  if (check.crash !== undefined && failed === undefined)
    conditions.push(...crashedInTheMiddle(check.crash.times, run));
  if (withinSeconds !== undefined) conditions.push(inTime(withinSeconds, run.seconds));
  return conditions;
}

function committedConditions({ result }: ProgramCheck, run: ProgramRun): Condition[] {
  return result.committed === undefined ? [] : [committedAll(result.committed, run)];
}

function tooSlow({ seconds, until }: ProgramCheck, run: ProgramRun): Condition {
  const why =
    until === 'exit'
      ? say(
          '할 일을 마치면 연결을 끊고 스스로 끝나야 해요.',
          'It has to disconnect and end by itself when its work is done.',
        )
      : say(
          '기다린 만큼의 결과가 클러스터에 나타나지 않았어요.',
          'What was waited for did not show up in the cluster.',
        );
  return {
    holds: false,
    message: join(
      say(`프로그램이 ${seconds}초 안에 끝나지 않았어요.`, `The program was not done within ${seconds} s.`),
      why,
      printedText(run.starts.at(-1)?.printed ?? ''),
    ),
    expected: say(`${seconds}초 안에`, `within ${seconds} s`),
    seen: say('시간 초과', 'out of time'),
  };
}

function failedWith(exitCode: number, printed: string): Condition {
  return {
    holds: false,
    message: join(
      say(
        `프로그램이 오류로 끝났어요(종료 코드 ${exitCode}).`,
        `The program ended with an error (exit code ${exitCode}).`,
      ),
      printedText(printed),
    ),
    expected: say('종료 코드 0', 'exit code 0'),
    seen: say(`종료 코드 ${exitCode}`, `exit code ${exitCode}`),
  };
}

/** The line that says most: an error's own, else the last. */
function printedText(printed: string): Localized | null {
  const lines = printed
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const line = lines.findLast((text) => /\b\w*Error\b/.test(text)) ?? lines.at(-1);
  if (line === undefined) return null;
  const shown = codeCut(line.replaceAll('`', "'"));
  return say(`출력: ${shown}.`, `It printed ${shown}.`);
}

/** A program that holds everything back until its end has not shown what a crash does to it. */
function crashedInTheMiddle(times: number, { starts }: ProgramRun): Condition[] {
  const crashes = starts.filter(({ end }) => end === 'crashed').length;
  if (crashes >= times || starts.at(-1)?.end !== 'exited') return [];
  return [
    {
      holds: false,
      message: say(
        '프로그램이 다 끝내 버려서 중간에 죽여 볼 수 없었어요. 모아 두지 말고, 준비된 레코드부터 바로 보내세요.',
        'The program was done before it could be killed in the middle. Send each record once it is ready, rather than all at the end.',
      ),
      expected: say(`${times}번 죽었다 살아남`, `${times} crashes`),
      seen: say(`${crashes}번`, `${crashes}`),
    },
  ];
}

function shouldHaveFailed(): Condition {
  return {
    holds: false,
    message: say(
      '프로그램이 실패를 알리고 끝나야 하는데 성공으로 끝났어요.',
      'The program was to end in failure, but it succeeded.',
    ),
    expected: say('실패', 'failure'),
    seen: say('성공', 'success'),
  };
}

function inTime(limit: number, seconds: number): Condition {
  const shown = seconds.toFixed(1);
  return {
    holds: seconds <= limit,
    message: say(
      `${shown}초 걸렸어요. ${limit}초 안에 끝나야 해요.`,
      `It took ${shown} s, but must be done within ${limit} s.`,
    ),
    expected: say(`${limit}초 안에`, `within ${limit} s`),
    seen: say(`${shown}초`, `${shown} s`),
  };
}

function committedAll(wanted: 'all' | 'none', { committed, inputTotal }: ProgramRun): Condition {
  const now = committed ?? 0;
  const seen =
    committed === null
      ? say('커밋 없음', 'nothing committed')
      : say(`${now}/${inputTotal}개 커밋`, `${now} of ${inputTotal} committed`);
  if (wanted === 'none') {
    return {
      holds: now === 0,
      message: say(
        `그룹이 ${now}개까지 커밋했어요. 커밋하지 않아야 해요.`,
        `The group has committed ${now}; it should commit nothing.`,
      ),
      expected: say('커밋 없음', 'nothing committed'),
      seen,
    };
  }
  return {
    holds: now >= inputTotal,
    message: say(
      `레코드 ${inputTotal}개 가운데 ${now}개까지만 커밋됐어요. 처리한 다음 레코드의 오프셋(offset + 1)을 커밋해야 해요.`,
      `Only ${now} of ${inputTotal} records are committed. Commit the offset after the record that was handled (offset + 1).`,
    ),
    expected: say('모두 커밋', 'all committed'),
    seen,
  };
}

function batchConditions({ result }: ProgramCheck, { outputs }: ProgramRun): Condition[] {
  const conditions: Condition[] = [];
  if (result.output !== undefined) {
    const needed = boundText(result.output, '개');
    conditions.push({
      holds: fits(result.output, outputs.length),
      message: say(
        `결과 토픽에 레코드가 ${outputs.length}개 있어요. ${withParticle(needed.ko, '이')} 필요해요.`,
        `The output topic holds ${counted(RECORD, outputs.length).en}, but should hold ${needed.en}.`,
      ),
      expected: say(`레코드 ${needed.ko}`, `${needed.en} records`),
      seen: counted(RECORD, outputs.length),
    });
  }
  if (result.compression !== undefined) conditions.push(compressedBy(result.compression, outputs));
  if (result.idempotent) conditions.push(flagged(outputs, 'idempotent'));
  if (result.transactional) conditions.push(flagged(outputs, 'transactional'));
  if (result.perBatch !== undefined) {
    const fullest = Math.max(0, ...outputs.map(({ batch }) => batch?.records ?? 1));
    const needed = boundText(result.perBatch, '개');
    conditions.push({
      holds: fits(result.perBatch, fullest),
      message: say(
        `가장 큰 배치에 레코드가 ${fullest}개 들어 있어요. ${withParticle(needed.ko, '이')} 필요해요.`,
        `The fullest batch holds ${fullest} records, but should hold ${needed.en}. Records sent together share a batch.`,
      ),
      expected: say(`배치에 ${needed.ko}`, `${needed.en} in a batch`),
      seen: say(`배치에 ${fullest}개`, `${fullest} in a batch`),
    });
  }
  return conditions;
}

function compressedBy(codec: string, outputs: readonly RecordView[]): Condition {
  const other = outputs.find(({ batch }) => batch?.codec !== codec)?.batch?.codec;
  return {
    holds: outputs.length > 0 && other === undefined,
    message: say(
      `레코드가 ${code(other ?? 'none', '으로')} 들어왔어요. ${code(codec, '이')} 필요해요.`,
      `Records came with compression ${code(other ?? 'none')}, but should with ${code(codec)}.`,
    ),
    expected: say(`압축 ${code(codec)}`, `compression ${code(codec)}`),
    seen: say(`압축 ${code(other ?? codec)}`, `compression ${code(other ?? codec)}`),
  };
}

function flagged(outputs: readonly RecordView[], what: 'idempotent' | 'transactional'): Condition {
  const without = outputs.filter(({ batch }) => batch?.[what] !== true).length;
  const name =
    what === 'idempotent' ? say('멱등 프로듀서', 'an idempotent producer') : say('트랜잭션', 'a transaction');
  return {
    holds: outputs.length > 0 && without === 0,
    message: say(
      `레코드 ${outputs.length}개 가운데 ${without}개가 ${withParticle(name.ko, '으로')} 보낸 것이 아니에요.`,
      `${without} of ${outputs.length} records did not come by ${name.en}.`,
    ),
    expected: name,
    seen: without === 0 ? name : say(`${without}개가 아님`, `${without} did not`),
  };
}
