/** An entry of the audit log in words: what was done, and to which file, step or thing. */
import type { AuditEntry } from '@brokerlab/server/contract';
import type { Translate } from '../../ui/i18n.ts';
import { classKo } from '../../ui/texts/class-ko.ts';
import { wordsOf } from './consent-words.ts';

type KnownAction = keyof typeof classKo.log.actions;

export function whatWas({ action, detail }: Pick<AuditEntry, 'action' | 'detail'>, t: Translate): string {
  const key = action.replace('.', '_');
  const words = key in classKo.log.actions ? t(`class.log.actions.${key as KnownAction}`) : action;
  const more = detailOf(detail, t);
  return more === '' ? words : `${words} — ${more}`;
}

function detailOf({ did, name, path, stepId }: AuditEntry['detail'], t: Translate): string {
  if (typeof did === 'string') return wordsOf({ did, name: String(name ?? '') }, t);
  return String(path ?? stepId ?? '');
}
