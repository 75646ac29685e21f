/** A change to a trainee's things: with their consent, and with nobody else of the staff at it at the same time. */
import type { Response } from 'express';
import { ClassError } from '../classes/class-error.ts';
import { type Consenting, consented } from '../classes/live/consented.ts';
import type { LiveClasses } from '../classes/live/live-classes.ts';
import type { StaffDoing } from '../contract/main.ts';

const DOING = { terminal: 'type', console: 'console', files: 'saveFile' } as const satisfies Record<
  Consenting['subject']['what'],
  StaffDoing
>;

/** Waits for the trainee's answer while `response` is waited for; rejects with a ClassError when it may not be done. */
export async function withConsent<T>(
  live: LiveClasses,
  consent: Consenting,
  response: Response,
  work: () => Promise<T>,
): Promise<T> {
  const { actor, trainee, labId, subject } = consent;
  const doing = DOING[subject.what];
  const gone = new AbortController();
  const onClose = (): void => gone.abort();
  response.on('close', onClose);
  try {
    const asked = await consented(live, consent, gone.signal);
    try {
      const place = { accountId: trainee.id, labId };
      const held = await live.locks.alone(place, { actor, doing }, work);
      if ('busy' in held) throw ClassError.busy(held.busy);
      return held.value;
    } finally {
      asked.end();
    }
  } finally {
    response.off('close', onClose);
  }
}
