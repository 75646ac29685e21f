/** Classes: who teaches them, who is in them, how people come in. */
import { z } from 'zod';
import { AccountWithPassword, Me } from './accounts.ts';
import { AuditPage } from './audit.ts';
import { route } from './route.ts';
import { Id, Localized, TimestampMs } from './text.ts';

const DateOnly = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/);
const ClassTitle = z.string().trim().min(1).max(120);

export const ClassRole = z.enum(['instructor', 'assistant', 'administrator']);
export type ClassRole = z.infer<typeof ClassRole>;

export const ClassStaff = z.object({
  accountId: z.string(),
  name: z.string(),
  displayName: z.string(),
  role: z.enum(['instructor', 'assistant']),
});
export type ClassStaff = z.infer<typeof ClassStaff>;

export const ClassMember = z.object({
  accountId: z.string(),
  name: z.string(),
  displayName: z.string(),
  guest: z.boolean(),
  joinedAt: TimestampMs,
  joinedBy: z.enum(['roster', 'code']),
  lastSeenAt: TimestampMs.nullable(),
});
export type ClassMember = z.infer<typeof ClassMember>;

/** `GET /api/classes`: one's own; an administrator sees all. */
export const ClassCard = z.object({
  id: z.string(),
  title: z.string(),
  startsOn: DateOnly.nullable(),
  endsOn: DateOnly.nullable(),
  trainees: z.number().int(),
  instructors: z.array(z.string()),
  /** The caller's part in it. */
  role: ClassRole,
});
export type ClassCard = z.infer<typeof ClassCard>;
export const ClassList = z.object({ classes: z.array(ClassCard) });

/** `GET /api/classes/:classId`, staff only. */
export const ClassDetail = z.object({
  id: z.string(),
  title: z.string(),
  startsOn: DateOnly.nullable(),
  endsOn: DateOnly.nullable(),
  /** The labs of the class, in the course's order; `wholeCourse`: all there are, later ones too. */
  labs: z.array(z.object({ id: z.string(), title: Localized, minutes: z.number().int() })),
  wholeCourse: z.boolean(),
  /** `K7M-2QX`; null: closed. */
  joinCode: z.string().nullable(),
  guests: z.boolean(),
  revision: z.number().int(),
  role: ClassRole,
  staff: z.array(ClassStaff),
  members: z.array(ClassMember),
});
export type ClassDetail = z.infer<typeof ClassDetail>;

const ClassSettings = z.object({
  title: ClassTitle,
  startsOn: DateOnly.nullable(),
  endsOn: DateOnly.nullable(),
  /** `[]`: the whole course. */
  labIds: z.array(Id).max(200),
  guests: z.boolean(),
});

/** `POST /api/classes`: the caller becomes its instructor. */
export const CreateClass = ClassSettings.partial().required({ title: true });
export type CreateClass = z.infer<typeof CreateClass>;

/** `PATCH /api/classes/:classId`; 409 `classChanged` when somebody else changed it since `revision`. */
export const UpdateClass = ClassSettings.partial().extend({ revision: z.number().int() });
export type UpdateClass = z.infer<typeof UpdateClass>;

/** `POST /api/classes/:classId/join-code`: a new one, or none. */
export const SetJoinCode = z.object({ open: z.boolean() });

/** `PUT /api/classes/:classId/staff`: instructors and administrators by account name. Role null: no longer. */
export const SetStaff = z.object({
  name: z.string().trim().min(1).max(64),
  role: z.enum(['instructor', 'assistant']).nullable(),
});

export const ROSTER_BYTES_MAX = 128 * 1024;
export const ROSTER_LINES_MAX = 500;

/**
 * `POST /api/classes/:classId/roster`. A list as text (pasted: commas, semicolons or tabs) or as a file's bytes (UTF-8 with or
 * without mark, UTF-16 with mark, or Korean Excel's CP949). Columns: name, account; an account left empty is made up from
 * `prefix`. `dryRun` says what would happen and changes nothing.
 */
export const ImportRoster = z.object({
  text: z.string().max(ROSTER_BYTES_MAX).optional(),
  base64: z
    .string()
    .max((ROSTER_BYTES_MAX * 4) / 3 + 4)
    .optional(),
  prefix: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,40}$/)
    .default('trainee'),
  dryRun: z.boolean().default(false),
});
export type ImportRoster = z.input<typeof ImportRoster>;

/** What becomes of one line of the list. `line` counts from 1 as an editor does. */
export const RosterLine = z.object({
  line: z.number().int(),
  displayName: z.string(),
  /** Null while it is not known yet (dry run), or when the line was refused. */
  account: z.string().nullable(),
  outcome: z.enum(['new', 'existing', 'already', 'refused']),
  /** What was found or done about it, and how to mend it. */
  note: Localized.nullable(),
});
export type RosterLine = z.infer<typeof RosterLine>;

export const RosterAnswer = z.object({
  encoding: z.enum(['text', 'utf-8', 'utf-16', 'cp949']),
  lines: z.array(RosterLine),
  /** Shown once: passwords stand in this answer only. */
  created: z.array(AccountWithPassword),
});
export type RosterAnswer = z.infer<typeof RosterAnswer>;

/** `POST /api/join/look`: what a code opens, before one is anybody. */
export const JoinLook = z.object({ code: z.string().max(40) });
export const JoinOffer = z.object({
  title: z.string(),
  guests: z.boolean(),
  /** The caller is in it already. */
  member: z.boolean(),
});
export type JoinOffer = z.infer<typeof JoinOffer>;

/** `POST /api/join`, signed in; `POST /api/join/guest` with a name, for whoever has no account. */
export const Join = z.object({ code: z.string().max(40) });
export const JoinAsGuest = z.object({
  code: z.string().max(40),
  displayName: z.string().trim().min(1).max(80),
});

/** `GET /api/my/classes`: the trainee's. */
export const MyClass = z.object({
  id: z.string(),
  title: z.string(),
  startsOn: DateOnly.nullable(),
  endsOn: DateOnly.nullable(),
  instructors: z.array(z.string()),
});
export type MyClass = z.infer<typeof MyClass>;
export const MyClasses = z.object({ classes: z.array(MyClass) });

export const classRoutes = {
  listClasses: route('GET', '/api/classes', 'instructor', { body: null, answer: ClassList }),
  createClass: route('POST', '/api/classes', 'instructor', { body: CreateClass, answer: ClassDetail }),
  readClass: route('GET', '/api/classes/:classId', 'instructor', { body: null, answer: ClassDetail }),
  updateClass: route('PATCH', '/api/classes/:classId', 'instructor', {
    body: UpdateClass,
    answer: ClassDetail,
  }),
  /** Accounts and their work stay. */
  deleteClass: route('DELETE', '/api/classes/:classId', 'instructor', { body: null, answer: null }),
  setJoinCode: route('POST', '/api/classes/:classId/join-code', 'instructor', {
    body: SetJoinCode,
    answer: ClassDetail,
  }),
  setStaff: route('PUT', '/api/classes/:classId/staff', 'instructor', {
    body: SetStaff,
    answer: ClassDetail,
  }),
  importRoster: route('POST', '/api/classes/:classId/roster', 'instructor', {
    body: ImportRoster,
    answer: RosterAnswer,
  }),
  /** A new password for a trainee of the class who lost theirs; a guest becomes an account by it. */
  resetMemberPassword: route('POST', '/api/classes/:classId/members/:accountId/password', 'instructor', {
    body: null,
    answer: AccountWithPassword,
  }),
  removeMember: route('DELETE', '/api/classes/:classId/members/:accountId', 'instructor', {
    body: null,
    answer: null,
  }),
  readClassAudit: route('GET', '/api/classes/:classId/audit', 'instructor', {
    body: null,
    answer: AuditPage,
  }),

  lookAtJoinCode: route('POST', '/api/join/look', 'anyone', { body: JoinLook, answer: JoinOffer }),
  joinClass: route('POST', '/api/join', 'signedIn', { body: Join, answer: MyClass }),
  joinAsGuest: route('POST', '/api/join/guest', 'anyone', { body: JoinAsGuest, answer: Me }),
  listMyClasses: route('GET', '/api/my/classes', 'signedIn', { body: null, answer: MyClasses }),
} as const;
