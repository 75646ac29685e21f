/** The kind `quiz`: a prediction locked in before the fact, or a question answered from what was seen. */
import type { Localized, QuizCheck } from '../lab/schema.ts';
import type { Judgement, Scene } from './judgement.ts';
import { observedAnswers } from './quiz-answers.ts';
import { code, say } from './wording.ts';

export function judgeQuiz(check: QuizCheck, scene: Scene): Judgement {
  const given = scene.evidence.answers[check.id];
  const expected = say('답 하나', 'an answer');
  if (given === undefined) {
    const message =
      check.form === 'predict'
        ? say(
            '먼저 예상을 골라 보세요. 틀려도 괜찮아요.',
            'Choose your prediction first. Being wrong is fine.',
          )
        : say('보고 찾은 답을 적어 주세요.', 'Give the answer you found.');
    return { holds: false, message, expected, seen: say('아직 답이 없음', 'no answer yet') };
  }
  const right = rightAnswers(check, scene);
  const seen = say(code(given), code(given));
  if (check.form === 'predict') return { ...judgePrediction(check, { given, right, scene }), expected, seen };
  if (right === undefined) return { holds: false, message: notThereYet(), expected, seen };
  const holds = right.some((one) => sameAnswer(given, one));
  const message = holds
    ? say('맞아요.', 'Right.')
    : say(
        '아니에요. 클러스터가 실제로 무엇을 보여 주는지 다시 찾아보세요.',
        'Not so. Look again at what the cluster really shows.',
      );
  return { holds, message, expected, seen };
}

function judgePrediction(
  check: QuizCheck,
  { given, right, scene }: { given: string; right: readonly string[] | undefined; scene: Scene },
): Pick<Judgement, 'holds' | 'message' | 'share'> {
  if (!scene.onTime.includes(check.id)) {
    return {
      holds: true,
      share: 0,
      message: say(
        '결과가 나온 다음에 답해서 점수는 없어요. 다음에는 먼저 예상해 보세요.',
        'Answered after the fact, so it earns no points. Predict first next time.',
      ),
    };
  }
  const known = check.before === undefined || scene.trueOnce.includes(check.before);
  return { holds: true, message: predictionMessage(given, known ? right : undefined) };
}

/** Whether it came true is not told before the fact. */
function predictionMessage(given: string, right: readonly string[] | undefined): Localized {
  if (right === undefined) {
    return say(
      '예상을 적어 두었어요. 이제 직접 확인해 보세요.',
      'Your prediction is noted. Now see for yourself.',
    );
  }
  return right.some((one) => sameAnswer(given, one))
    ? say('예상한 대로예요.', 'It turned out as you predicted.')
    : say(
        '예상과 달랐어요. 왜 그런지 설명을 읽어 보세요.',
        'It turned out otherwise. Read why in the explanation.',
      );
}

function notThereYet(): Localized {
  return say(
    '답을 확인할 것이 클러스터에 아직 없어요. 위의 명령부터 실행해 보세요.',
    'What the question is about is not in the cluster yet. Run the commands above first.',
  );
}

/** undefined: not to be told yet. Several: each is right. */
function rightAnswers(check: QuizCheck, { cluster, atStart }: Scene): readonly string[] | undefined {
  const { answer } = check;
  if (typeof answer !== 'object') return [String(answer)];
  if (check.atStart) {
    const then = atStart(`quiz/${check.id}`);
    return then === undefined ? undefined : String(then).split('\n');
  }
  const observed = observedAnswers(answer, cluster);
  return observed.length === 0 ? undefined : observed;
}

/** A number may be written with a word beside it: "브로커 1", "partition 2". */
function sameAnswer(given: string, right: string): boolean {
  const normal = (text: string) => text.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase();
  const digits = /^\D*(\d+)\D*$/.exec(given)?.[1];
  return normal(given) === normal(right) || (/^\d+$/.test(right) && digits === right);
}
