/** Who a person is, how they come in, and what an administrator does with accounts. */
import { z } from 'zod';
import { RoomLook } from './look.ts';
import { Language, Localized, Theme, TimestampMs } from './text.ts';

export const Role = z.enum(['trainee', 'instructor', 'administrator']);
export type Role = z.infer<typeof Role>;

/** What a person types to sign in: letters, digits, `.`, `_`, `-`; compared without case. */
export const AccountName = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);

export const PASSWORD_CHARACTERS_MIN = 10;
export const PASSWORD_CHARACTERS_MAX = 200;
export const NewPassword = z.string().min(PASSWORD_CHARACTERS_MIN).max(PASSWORD_CHARACTERS_MAX);
const DisplayName = z.string().trim().min(1).max(80);

export const Me = z.object({
  id: z.string(),
  name: z.string(),
  displayName: z.string(),
  role: Role,
  /** Null: follow the browser. */
  language: Language.nullable(),
  theme: Theme,
  /** Came in with a password from a card, and has not chosen their own yet. */
  passwordOnce: z.boolean(),
  /** Came in by "try it here": has no password, so offers no password change. */
  guest: z.boolean(),
});
export type Me = z.infer<typeof Me>;

/** `GET /api/session`: the first thing the page asks; answered to everybody. */
export const SessionInfo = z.object({
  me: Me.nullable(),
  /** "Try it here" is offered. */
  tryHere: z.boolean(),
  /** Sign-in by OpenID Connect is offered, by that name, at `GET /api/oidc/start`; null: it is not. */
  oidc: Localized.nullable(),
  /** No administrator yet: the one-time link on the console makes one. */
  setupNeeded: z.boolean(),
  look: RoomLook,
  version: z.string(),
  protocol: z.number().int(),
});
export type SessionInfo = z.infer<typeof SessionInfo>;

/** `POST /api/session` */
export const SignIn = z.object({
  name: z.string().max(200),
  password: z.string().max(PASSWORD_CHARACTERS_MAX),
});
export type SignIn = z.infer<typeof SignIn>;

/** `POST /api/setup`: the page reads the token from the address's fragment (`/setup#TOKEN`), which no server log ever sees. */
export const Setup = z.object({
  token: z.string().max(200),
  name: AccountName,
  displayName: DisplayName.optional(),
  password: NewPassword,
});
export type Setup = z.infer<typeof Setup>;

/** `PATCH /api/me` */
export const UpdateMe = z
  .object({ language: Language.nullable(), theme: Theme, displayName: DisplayName })
  .partial();
export type UpdateMe = z.infer<typeof UpdateMe>;

/** `POST /api/me/password`: other sessions of the account end. */
export const ChangePassword = z.object({
  current: z.string().max(PASSWORD_CHARACTERS_MAX),
  next: NewPassword,
});
export type ChangePassword = z.infer<typeof ChangePassword>;

/** `POST /api/me/first-password`: only while the password is one from a card, which ends with it. */
export const ChooseFirstPassword = z.object({ next: NewPassword });
export type ChooseFirstPassword = z.infer<typeof ChooseFirstPassword>;

/** `GET|POST|PATCH /api/accounts`: administrators only. */
export const Account = z.object({
  id: z.string(),
  name: z.string(),
  displayName: z.string(),
  role: Role,
  disabled: z.boolean(),
  guest: z.boolean(),
  createdAt: TimestampMs,
  lastSeenAt: TimestampMs.nullable(),
});
export type Account = z.infer<typeof Account>;

export const AccountList = z.object({ accounts: z.array(Account) });
export type AccountList = z.infer<typeof AccountList>;

export const CreateAccount = z.object({
  name: AccountName,
  displayName: DisplayName.optional(),
  role: Role,
  /** Left out: one is made and shown once in the answer. */
  password: NewPassword.optional(),
});
export type CreateAccount = z.infer<typeof CreateAccount>;

/** `POST /api/accounts/assigned`: `trainee-01` … with made-up passwords; numbers in use are passed over. */
export const CreateAssigned = z.object({
  prefix: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,40}$/),
  count: z.number().int().min(1).max(200),
});
export type CreateAssigned = z.infer<typeof CreateAssigned>;

/** The password stands in this answer only; the server keeps its hash. */
export const AccountWithPassword = z.object({ account: Account, password: z.string().nullable() });
export type AccountWithPassword = z.infer<typeof AccountWithPassword>;

export const AccountsWithPasswords = z.object({ created: z.array(AccountWithPassword) });
export type AccountsWithPasswords = z.infer<typeof AccountsWithPasswords>;

/** `PATCH /api/accounts/:accountId`; disabling ends the account's sessions. */
export const UpdateAccount = z
  .object({ displayName: DisplayName, role: Role, disabled: z.boolean() })
  .partial();
export type UpdateAccount = z.infer<typeof UpdateAccount>;

/** `GET /api/trainees`: instructors and administrators. */
export const TraineeOverview = z.object({
  account: Account,
  connected: z.boolean(),
  labs: z.array(
    z.object({
      labId: z.string(),
      title: Localized,
      stepsPassed: z.number().int(),
      stepsTotal: z.number().int(),
      hintsOpened: z.number().int(),
      solutionsOpened: z.number().int(),
      startedAt: TimestampMs.nullable(),
      passedAt: TimestampMs.nullable(),
      environment: z.enum(['none', 'asleep', 'starting', 'ready', 'failed']),
    }),
  ),
});
export type TraineeOverview = z.infer<typeof TraineeOverview>;
export const TraineeList = z.object({ trainees: z.array(TraineeOverview) });
export type TraineeList = z.infer<typeof TraineeList>;
