/** What the routes are built from. */
import type { Request } from 'express';
import type { Accounts } from '../accounts/accounts.ts';
import type { LoginSessions } from '../accounts/login-sessions.ts';
import type { SetupTokens } from '../accounts/setup-token.ts';
import type { SignInAttempt } from '../accounts/sign-in.ts';
import type { RoomLooks } from '../admin/room-look.ts';
import type { Audit } from '../audit/audit.ts';
import type { Classes } from '../classes/classes.ts';
import type { Enrolment } from '../classes/enrolment.ts';
import type { Joining } from '../classes/joining.ts';
import type { LiveClasses } from '../classes/live/live-classes.ts';
import type { Lti } from '../lti/lti.ts';
import type { Oidc } from '../oidc/oidc.ts';
import type { LabCatalog, LabSessions } from '../sessions/lab-sessions.ts';
import type { Quotas } from '../sessions/quotas.ts';
import type { AccountRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Caller } from './bind.ts';
import type { SessionCookie } from './cookies.ts';

export interface HttpServices {
  readonly store: Store;
  readonly accounts: Accounts;
  readonly logins: LoginSessions;
  readonly setupTokens: SetupTokens;
  readonly labSessions: LabSessions;
  readonly quotas: Quotas;
  readonly looks: RoomLooks;
  readonly audit: Audit;
  readonly classes: Classes;
  readonly enrolment: Enrolment;
  readonly joining: Joining;
  readonly live: LiveClasses;
  readonly catalog: LabCatalog;
  readonly cookie: SessionCookie;
  /** Null: people sign in by password only. */
  readonly oidc: Oidc | null;
  /** Null: nobody comes from a learning platform. */
  readonly lti: Lti | null;
  /** For what administrators see of it. */
  readonly machine: {
    readonly dataDirectory: string;
    readonly startedAt: number;
    readonly now: () => number;
  };
  readonly options: {
    /** Starting without an account: on loopback only. */
    readonly tryHere: boolean;
    readonly version: string;
  };
  signIn(attempt: SignInAttempt): Promise<AccountRow>;
  /** Each throws `rateLimited` for an address that asks too often. */
  limitGuests(address: string): Promise<void>;
  limitSetup(address: string): Promise<void>;
  identify(request: Pick<Request, 'headers'>): Promise<Caller | undefined>;
  /** Some sessions may have ended: open sockets are asked for theirs again. */
  onSessionsEnded(): Promise<void>;
  /** As above; and what the person left open need not wait for them. */
  onSignedOut(accountId: string): Promise<void>;
}
