/** The words of the course: what a text must not say, and what it says instead. Data, for lint. */
import type { Locale } from './schema.ts';

export interface UnwantedWord {
  readonly locale: Locale;
  readonly pattern: RegExp;
  readonly instead: string;
}

/** A Korean noun by itself: no other syllable before it, at most a particle after it. */
function noun(word: string): RegExp {
  return new RegExp(
    `(?<![가-힣])${word}(?=(?:은|는|이|가|을|를|에|의|에서|에서는|에는|으로|로|과|와|도)?(?![가-힣]))`,
    'u',
  );
}

function ko(pattern: RegExp, instead: string): UnwantedWord {
  return { locale: 'ko', pattern, instead };
}

function en(pattern: RegExp, instead: string): UnwantedWord {
  return { locale: 'en', pattern, instead };
}

export const UNWANTED_WORDS: readonly UnwantedWord[] = [
  ko(noun('주제'), '토픽'),
  ko(/분할/u, '파티션'),
  ko(/메세지/u, '메시지'),
  ko(/밸류/u, '값'),
  ko(/옵셋|위치값/u, '오프셋'),
  ko(/중개자/u, '브로커'),
  ko(/생산자/u, '프로듀서'),
  ko(/생산(?:하|한|해|할)/u, '보내다'),
  ko(/소비자 그룹/u, '컨슈머 그룹'),
  ko(/소비자(?! 그룹)/u, '컨슈머'),
  ko(/소비(?:하|한|해|할)/u, '읽다'),
  ko(/팔로우 파티션/u, '팔로워'),
  ko(/리플리카/u, '레플리카'),
  ko(/레플리케이션/u, '복제, 복제 계수'),
  ko(/우선 리더/u, '선호 리더'),
  ko(/재배치/u, '파티션 재할당'),
  ko(/리밸런싱|재조정/u, '리밸런스'),
  ko(/지연/u, '랙(lag)'),
  ko(/리텐션/u, '보존'),
  ko(/절체/u, '페일오버'),
  ko(/소스 클러스터/u, '원본 클러스터'),
  ko(/타깃|타겟/u, '대상 클러스터'),
  ko(noun('랩'), '실습'),
  ko(/스텝/u, '단계'),
  ko(/체크(?!포인트)/u, '확인'),
  ko(/교육생|트레이니/u, '수강생'),
  ko(/단순히|그냥|쉽게/u, '빼고 쓰기'),
  ko(/잘못 (?:입력|하|만들)/u, '무엇이 어떤지 쓰기: "파티션이 1개예요. 3개가 필요해요."'),
  ko(/(?:습니다|입니다|십시오)/u, '해요체'),
  en(/\b(?:simply|easily|obviously|of course)\b/i, 'nothing: leave it out'),
  en(/\bmessage queue\b/i, 'topic'),
  en(/\bslave\b|\bmaster\b/i, 'follower, leader'),
  en(/\byou (?:entered|typed) (?:it )?wrong/i, 'what is there and what is needed'),
];

/** Before the first thing to do. */
export const WORDS_BEFORE_DOING: Readonly<Record<Locale, number>> = { ko: 120, en: 150 };

export const HINTS_WANTED = 3;
