/** What the staff asks to change, as the question it is put to the trainee. */
import type { ConsentSubject } from '@brokerlab/server/contract';
import type { Translate } from '../../ui/i18n.ts';
import { classKo } from '../../ui/texts/class-ko.ts';

type KnownChange = keyof typeof classKo.part.did;

export function wordsOf({ did, name }: Pick<ConsentSubject, 'did' | 'name'>, t: Translate): string {
  const known = did in classKo.part.did ? (did as KnownChange) : 'change';
  return t(`class.part.did.${known}`, { name });
}
