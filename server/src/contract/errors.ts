/**
 * Every answer that is not a success is `{error: {code, message}}`, over HTTP and in acknowledgements of the socket.
 * The code list is closed: the page switches over it; the message is ready to be shown as it is.
 */
import { z } from 'zod';
import { Localized } from './text.ts';

export const ErrorCode = z.enum([
  // the request itself
  'badRequest', // body, query or path is not what the contract says; `details` names the field
  'notFound', // no such route
  'tooLarge', // body over the limit
  'crossSite', // came from another site's page, or by a host name that is not this server's
  'rateLimited', // too many tries; `retryAfterMs` says when to come back
  // who asks
  'notSignedIn', // no session, or it has ended
  'wrongCredentials', // name or password; never says which
  'accountDisabled',
  'oidcUnavailable', // the OpenID provider does not answer
  'oidcFailed', // it did not vouch for the person, or they came back too late
  'forbidden', // the role may not do this
  'tryHereOff', // starting without an account is only possible on this machine's own address
  'setupDone', // the one-time link was used already
  'setupTokenWrong',
  'passwordTooWeak',
  'nameTaken',
  'accountNotFound',
  'lastAdministrator', // the only administrator can't be removed, disabled or demoted
  'accentTooPale', // white cannot be read on it
  'logoRefused', // neither PNG nor an SVG that only draws
  // labs
  'labNotFound',
  'stepNotFound',
  'snapshotNotFound', // nothing was kept of that step: it has not begun, or was too large
  'checkNotFound',
  'stepLocked',
  'noMoreHints',
  'examRunning', // it cannot be begun anew or gone back in
  'examNotBegun',
  'quizLocked', // answered already: predictions count before the fact
  // classes
  'classNotFound', // or it is somebody else's: which of the two is not told
  'traineeNotFound', // not in this class
  'classChanged', // somebody else changed the class first: read it again
  'notStaff', // only instructors and administrators can teach or assist
  'lastInstructor', // a class keeps one
  'joinCodeWrong',
  'guestsOff', // this class takes accounts only
  'classPaused', // the instructor has paused the class
  'readOnly', // another's terminal, without their consent
  'consentRefused', // the trainee does not want it changed
  'consentTimeout', // the trainee did not answer in time, or the question was withdrawn
  'consentAway', // no window of theirs could show the question
  'traineeBusy', // another of the staff is at that trainee: the message says who, and doing what
  'broadcastTaken', // somebody else of the staff is showing their terminal
  'rosterUnreadable', // neither UTF-8, UTF-16 nor CP949, or no lines
  // environment
  'environmentNotReady',
  'environmentFailed',
  'tooManyLabsOpen',
  'terminalNotFound',
  'exchangeGone',
  'tooManyTerminals',
  'terminalEnded',
  'tooMuchInput', // unacknowledged input over the limit
  // the console
  'clusterRefused', // in the cluster's own words
  'clusterThingMissing', // no such topic or group
  'clusterUnreachable', // no broker answers in time
  // files
  'fileNotFound',
  'fileChanged', // another window saved first; `details.version` is the version there is now
  'fileTooLarge',
  'fileBinary',
  'filePathRefused',
  'fileExists',
  'diskFull',
  // the server
  'protocolMismatch', // the page is older or newer than the server: reload it
  'serverStopping',
  'internal',
]);
export type ErrorCode = z.infer<typeof ErrorCode>;

export const ApiError = z.object({
  code: ErrorCode,
  message: Localized,
  /** Field of the request that is at fault, as `a.b.0`. */
  field: z.string().optional(),
  retryAfterMs: z.number().int().nonnegative().optional(),
  /** The file's version now, with `fileChanged`. */
  version: z.string().optional(),
});
export type ApiError = z.infer<typeof ApiError>;

export const ErrorBody = z.object({ error: ApiError });
export type ErrorBody = z.infer<typeof ErrorBody>;
