/** Asks a trainee before something of theirs is changed, waits for the answer, and writes down what it was. */
import type { ConsentSubject } from '../../contract/main.ts';
import type { AccountRow } from '../../store/schema.ts';
import { ClassError } from '../class-error.ts';
import type { Asked, Outcome } from './consents.ts';
import type { LiveClasses } from './live-classes.ts';

export interface Consenting {
  readonly actor: AccountRow;
  readonly trainee: Pick<AccountRow, 'id' | 'name'>;
  readonly classId: string | undefined;
  readonly labId: string;
  readonly subject: ConsentSubject;
}

const ACTIONS = {
  once: 'trainee.allowOnce',
  session: 'trainee.allowSession',
  refused: 'trainee.refuse',
  timeout: 'trainee.noAnswer',
} as const satisfies Partial<Record<Outcome, string>>;

/** What stands in the log of a question and its answer. Rejects with what the store says; nothing is done then. */
export async function logOutcome(live: LiveClasses, of: Consenting, outcome: Outcome): Promise<void> {
  if (outcome !== 'once' && outcome !== 'session' && outcome !== 'refused' && outcome !== 'timeout') return;
  const { actor, trainee, classId, labId, subject } = of;
  const detail = { labId, ...subject };
  const action = ACTIONS[outcome];
  const who = outcome === 'timeout' ? { actor, subject: trainee } : { actor: trainee, subject: actor };
  await live.options.audit.record({ ...who, action, classId, detail });
}

export async function logQuestion(live: LiveClasses, of: Consenting): Promise<void> {
  const { actor, trainee: subject, classId, labId } = of;
  const detail = { labId, ...of.subject };
  await live.options.audit.record({ actor, action: 'trainee.ask', subject, classId, detail });
}

/**
 * Resolves when the trainee allowed it, or has for this session; the answer ends what was allowed once. Rejects with a
 * ClassError that says why not. `signal`: whoever asked has gone.
 */
export async function consented(
  live: LiveClasses,
  of: Consenting,
  signal: AbortSignal,
): Promise<Pick<Asked, 'end'>> {
  const { actor, trainee, labId, subject } = of;
  const asked = live.consents.ask({ staff: actor, accountId: trainee.id, labId, subject });
  signal.addEventListener('abort', asked.end, { once: true });
  try {
    if (asked.isQuestion) await logQuestion(live, of);
    const outcome = await asked.outcome;
    if (asked.isQuestion) await logOutcome(live, of, outcome);
    refuseUnless(outcome);
    return asked;
  } catch (error) {
    asked.end();
    throw error;
  } finally {
    signal.removeEventListener('abort', asked.end);
  }
}

function refuseUnless(outcome: Outcome): void {
  switch (outcome) {
    case 'once':
    case 'session':
      return;
    case 'refused':
      throw new ClassError('consentRefused');
    case 'timeout':
    case 'withdrawn':
      throw new ClassError('consentTimeout');
    case 'away':
      throw new ClassError('consentAway');
    case 'tooMany':
      throw new ClassError('rateLimited');
  }
}
