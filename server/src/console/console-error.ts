/** Why the console could not do what was asked, in words for the person who asked. */
import type { Localized } from '../contract/main.ts';

export class ConsoleError extends Error {
  readonly text: Localized;
  readonly kind: 'missing' | 'refused';
  constructor(text: Localized, kind: 'missing' | 'refused' = 'refused') {
    super(text.en);
    this.name = 'ConsoleError';
    this.text = text;
    this.kind = kind;
  }
}
