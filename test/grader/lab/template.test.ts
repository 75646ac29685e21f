import { describe, expect, it } from 'vitest';
import { fillText, fillValue, TemplateError } from '../../../grader/src/lab/template.ts';

const parameters = { topic: 'orders', chat: 'chat', partitions: 5, ms: 3_600_000 };

describe('templates', () => {
  it.each([
    ['{{topic}}', 'orders'],
    ['{{ topic }} and {{partitions}}', 'orders and 5'],
    ['{{topic|을}} 만들어요', 'orders를 만들어요'],
    ['{{chat|를}} 만들어요', 'chat을 만들어요'],
    ['`{{topic|이}} 있어요', '`orders가 있어요'],
    ['`{{topic|이}}` 있어요', '`orders`가 있어요'],
    ['코드 `a` 뒤의 {{chat|이}}`b`', '코드 `a` 뒤의 chat이`b`'],
    ['{{ms|number}} ms', '3,600,000 ms'],
    ['no template: { } {{', 'no template: { } {{'],
  ])('%s becomes %s', (text, filled) => {
    expect(fillText(text, parameters)).toBe(filled);
  });

  it('keeps a number a number where the template is the whole value', () => {
    expect(
      fillValue({ count: '{{partitions}}', name: 'p{{partitions}}', list: ['{{topic}}'] }, parameters),
    ).toEqual({
      count: 5,
      name: 'p5',
      list: ['orders'],
    });
  });

  it('fills keys of maps, too', () => {
    expect(fillValue({ '{{topic}}': 1 }, parameters)).toEqual({ orders: 1 });
  });

  it.each([
    ['{{topik}}', '{{topik}} is no parameter of this lab. There are topic, chat, partitions, ms.'],
    ['{{topic|nope}}', 'nope is no filter'],
    ['{{toString}}', '{{toString}} is no parameter'],
  ])('refuses %s and says why', (text, message) => {
    expect(() => fillText(text, parameters)).toThrow(TemplateError);
    expect(() => fillText(text, parameters)).toThrow(message);
  });
});
