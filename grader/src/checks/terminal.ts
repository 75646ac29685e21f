/** The kind `terminal`: a command that was run, and how it went. It can be forged, so it earns no points by itself. */
import type { Localized, TerminalCheck } from '../lab/schema.ts';
import { commandsIn, hasWords, isTool } from './command-words.ts';
import type { Judgement, Scene } from './judgement.ts';
import type { CommandRun } from './verdict.ts';
import { code, join, say } from './wording.ts';

export function judgeTerminal(check: TerminalCheck, { evidence }: Scene): Judgement {
  const ofTool = evidence.commands.filter((run) =>
    commandsIn(run.command).some((words) => isTool(words[0], check.tool)),
  );
  const asked = ofTool.filter((run) => missingWords(check, run).length === 0);
  const good = asked.find((run) => exitFits(check, run) && missingText(check, run) === undefined);
  const expected = say(describe(check), describe(check));
  if (good !== undefined) {
    return {
      holds: true,
      message: say(
        `${code(check.tool, '을')} 실행했고, 결과도 확인했어요.`,
        `You ran ${code(check.tool)}, and it went as asked.`,
      ),
      expected,
      seen: say(code(cut(good.command)), code(cut(good.command))),
    };
  }
  const last = asked.at(-1) ?? ofTool.at(-1);
  const seen =
    last === undefined
      ? say('아직 실행 안 함', 'not run yet')
      : say(code(cut(last.command)), code(cut(last.command)));
  return { holds: false, message: whyNot(check, { asked, ofTool }), expected, seen };
}

function whyNot(
  check: TerminalCheck,
  { asked, ofTool }: { asked: readonly CommandRun[]; ofTool: readonly CommandRun[] },
): Localized {
  const tool = code(check.tool, '을');
  const run = asked.at(-1);
  const other = ofTool.at(-1);
  if (run === undefined && other === undefined) {
    return say(`터미널에서 ${tool} 실행해 보세요.`, `Run ${code(check.tool)} in the terminal.`);
  }
  if (run === undefined && other !== undefined) {
    const words = missingWords(check, other)
      .map((word) => code(word))
      .join(', ');
    return say(
      `${tool} 실행했지만, 명령에 ${words} 부분이 없어요.`,
      `You ran ${code(check.tool)}, but without ${words}.`,
    );
  }
  if (run !== undefined && !exitFits(check, run)) return exitMessage(check, run);
  const text = run === undefined ? undefined : missingText(check, run);
  return join(
    say(
      `${tool} 실행했지만, 출력에 ${code(text ?? '')} 부분이 없어요.`,
      `You ran ${code(check.tool)}, but it did not print ${code(text ?? '')}.`,
    ),
    say('무엇을 출력했는지 다시 읽어 보세요.', 'Read again what it printed.'),
  );
}

function exitMessage(check: TerminalCheck, run: CommandRun): Localized {
  if (check.exit === 'success') {
    return say(
      `${code(check.tool, '이')} 오류로 끝났어요(종료 코드 ${run.exitCode}). 출력된 오류를 읽어 보세요.`,
      `${code(check.tool)} ended with an error (exit code ${run.exitCode}). Read what it printed.`,
    );
  }
  return say(
    '이 명령은 실패해야 하는데 성공했어요. 명령의 값을 다시 보세요.',
    'This command was meant to fail, but it succeeded. Look at its values again.',
  );
}

function exitFits(check: TerminalCheck, run: CommandRun): boolean {
  return check.exit === 'any' || (check.exit === 'success') === (run.exitCode === 0);
}

/** What the best of the line's commands with that tool lacks. */
function missingWords(check: TerminalCheck, run: CommandRun): string[] {
  const lacking = commandsIn(run.command)
    .filter((words) => isTool(words[0], check.tool))
    .map((words) => check.has.filter((wanted) => !hasWords(words, wanted)));
  return lacking.sort((a, b) => a.length - b.length)[0] ?? [...check.has];
}

function missingText(check: TerminalCheck, run: CommandRun): string | undefined {
  const printed = plain(run.output);
  return check.printed.find((text) => !printed.includes(plain(text)));
}

/** Without escapes, and with any white space as one blank: terminals fold long lines. */
function plain(output: string): string {
  return output
    .replace(/\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-_])/g, '')
    .replace(/\s+/g, ' ');
}

function describe(check: TerminalCheck): string {
  return code([check.tool, ...check.has].join(' '));
}

function cut(command: string): string {
  const oneLine = command.replace(/\s+/g, ' ').trim();
  return oneLine.length > 80 ? `${oneLine.slice(0, 77)}…` : oneLine;
}
