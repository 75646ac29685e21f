import { describe, expect, it } from 'vitest';
import { lintLines } from '../../../grader/src/lab/lint-lines.ts';

const ko = (line: string) => lintLines('ko.md', line, 'ko').map(({ message }) => message);
const en = (line: string) => lintLines('en.md', line, 'en').map(({ message }) => message);

describe('lint refuses in Korean', () => {
  it.each([
    ['이 주제를 만들어요', '"주제" is not a word of the course. Write 토픽.'],
    ['메세지를 보내요', '"메세지" is not a word of the course. Write 메시지.'],
    ['생산자가 보내요', 'Write 프로듀서.'],
    ['소비자가 읽어요', 'Write 컨슈머.'],
    ['소비자 그룹을 만들어요', 'Write 컨슈머 그룹.'],
    ['레코드를 소비해요', 'Write 읽다.'],
    ['리플리카가 있어요', 'Write 레플리카.'],
    ['리밸런싱이 일어나요', 'Write 리밸런스.'],
    ['이 랩에서는', 'Write 실습.'],
    ['다음 스텝', 'Write 단계.'],
    ['그냥 실행해요', '"그냥"'],
    ['쉽게 할 수 있어요', '"쉽게"'],
    ['토픽이 만들어집니다. 확인하십시오', 'Write 해요체.'],
    ['잘못 입력하셨어요', 'is not a word of the course'],
    ['`test`을 만들어요', '`test`을 is read `test`를. Change the particle.'],
    ['`topic`가 있어요', '`topic`가 is read `topic`이.'],
    [
      '`{{topic}}`을 만들어요',
      '{{topic}} is followed by 을, which may not fit its value. Write {{topic|을}}.',
    ],
  ])('%s', (line, message) => {
    expect(ko(line).join('\n')).toContain(message);
  });
});

describe('lint lets pass', () => {
  it.each([
    '`test`를 만들고 `topic`이 있는지 봐요. 랙(lag)이 0이에요.',
    '`소비자`는 옛말이에요.'.replace('`소비자`는', '`consumer`는'),
    '`{{topic|을}}` 만들어요. {{partitions}}개예요.',
    '`:`으로 나누지 않아요.'.replace('으로', '을'),
    '브랜드의 랩톱',
  ])('%s', (line) => {
    expect(ko(line)).toEqual([]);
  });

  it('does not look into code', () => {
    expect(ko('```run\n그냥 주제\n```\n`그냥`이라는 이름')).toEqual([]);
  });
});

describe('lint refuses in English', () => {
  it.each([
    ['You can simply run it.', '"simply"'],
    ['Then 토픽 is made.', '"토픽" is Korean'],
  ])('%s', (line, message) => {
    expect(en(line).join('\n')).toContain(message);
  });
});
