/**
 * A class while it is running: what its staff's screen shows, what its trainees hear, and what each may ask. A staff window
 * watches one class and gets rows as they change; a trainee's window says that it is there and gets its own part only.
 */
import { z } from 'zod';
import { FileContent, FileTree, SavedFile, SaveFile } from './files.ts';
import { LabContent } from './labs.ts';
import { route } from './route.ts';
import { Id, Localized, TimestampMs } from './text.ts';

const accountId = z.string().min(1).max(64);
const classId = z.string().min(1).max(64);

/** What to look at, the heaviest first. `stuck`: needs somebody now. */
export const Reason = z.object({
  kind: z.enum([
    'environmentFailed',
    'repeatedError',
    'failingCommands',
    'repeatedCommand',
    'idleConsumer',
    'growingLag',
    'inactive',
    'wrongAnswers',
    'longInStep',
  ]),
  severity: z.enum(['look', 'stuck']),
  text: Localized,
  since: TimestampMs,
});
export type Reason = z.infer<typeof Reason>;

/** `exitCode` null: it is still running. */
export const LastCommand = z.object({
  text: z.string(),
  exitCode: z.number().int().nullable(),
  at: TimestampMs,
});
export type LastCommand = z.infer<typeof LastCommand>;

export const StaffDoing = z.enum(['type', 'console', 'saveFile', 'file', 'restart', 'reset', 'giveState']);
export type StaffDoing = z.infer<typeof StaffDoing>;

export const LiveRow = z.object({
  accountId: z.string(),
  name: z.string(),
  displayName: z.string(),
  guest: z.boolean(),
  /** A window of theirs has a lab open. */
  online: z.boolean(),
  /** The lab they are in, or were in last. */
  labId: z.string().nullable(),
  /** By lab, a letter a step: `p` passed, `o` open, `h` open with help, `-` not yet. Labs not begun are left out. */
  labs: z.record(z.string(), z.string()),
  stepId: z.string().nullable(),
  stepSince: TimestampMs.nullable(),
  command: LastCommand.nullable(),
  handAt: TimestampMs.nullable(),
  /** By lab: the step from which on this trainee goes no further; null: nothing is closed to them. Others go by the class. */
  locks: z.record(z.string(), z.string().nullable()),
  /** Who of the staff is at their lab, and doing what; null: looks. */
  staff: z.array(z.object({ name: z.string(), doing: StaffDoing.nullable() })),
  environment: z.enum(['none', 'asleep', 'starting', 'ready', 'failed']),
  reasons: z.array(Reason),
  /** 0: nothing to look at. Higher comes first. */
  weight: z.number(),
});
export type LiveRow = z.infer<typeof LiveRow>;

export const LiveLab = z.object({
  id: z.string(),
  title: Localized,
  minutes: z.number().int(),
  steps: z.array(z.object({ id: z.string(), title: Localized })),
});
export type LiveLab = z.infer<typeof LiveLab>;

const Pause = z.object({ by: z.string(), message: z.string(), at: TimestampMs });
const Timer = z.object({ endsAt: TimestampMs, by: z.string() });
const Broadcast = z.object({ by: z.string(), byId: z.string(), at: TimestampMs });

/** What holds for the class as a whole: set by whichever of its staff did so last, and said by whom. */
export const ClassState = z.object({
  paused: Pause.nullable(),
  /** By lab: the step from which on nobody goes further. */
  locks: z.record(z.string(), z.string()),
  timer: Timer.nullable(),
  broadcast: Broadcast.nullable(),
});
export type ClassState = z.infer<typeof ClassState>;

export const LiveClass = z.object({
  classId: z.string(),
  title: z.string(),
  role: z.enum(['instructor', 'assistant', 'administrator']),
  labs: z.array(LiveLab),
  rows: z.array(LiveRow),
  state: ClassState,
  /** The server's clock. */
  now: TimestampMs,
});
export type LiveClass = z.infer<typeof LiveClass>;

export const ClassMessage = z.object({
  id: z.number().int(),
  classId: z.string(),
  from: z.string(),
  at: TimestampMs,
  kind: z.enum(['message', 'hint', 'step', 'file', 'state', 'restart', 'reset']),
  text: z.string(),
  /** Where a link leads, or what a hint is for. */
  labId: z.string().nullable(),
  stepId: z.string().nullable(),
});
export type ClassMessage = z.infer<typeof ClassMessage>;

/** Somebody of the staff who looks at this trainee's lab; `typing`: may type in their terminals. */
export const Onlooker = z.object({
  id: z.string(),
  name: z.string(),
  typing: z.enum(['no', 'asked', 'granted']),
  since: TimestampMs,
});
export type Onlooker = z.infer<typeof Onlooker>;

/** What the staff wants to change, or may. */
export const ConsentSubject = z.object({
  what: z.enum(['terminal', 'console', 'files']),
  /** `type`, `saveFile`, or what the console calls it: `deleteTopic` … */
  did: z.string(),
  /** The topic's, file's, group's … it is done to; `''`: there is none. */
  name: z.string(),
});
export type ConsentSubject = z.infer<typeof ConsentSubject>;

/** `asked`: to be answered `until` then; else allowed, to be taken back. */
export const Consent = z.object({
  id: z.string(),
  by: z.string(),
  subject: ConsentSubject,
  state: z.enum(['asked', 'once', 'session']),
  until: TimestampMs.nullable(),
});
export type Consent = z.infer<typeof Consent>;

/** `once`: that one change, or until they stop typing; `session`: while the trainee has the lab open. */
export const ConsentAnswer = z.enum(['once', 'session', 'refused']);
export type ConsentAnswer = z.infer<typeof ConsentAnswer>;

export const TypingAnswer = z.enum(['no', 'asked', 'granted', 'refused', 'timeout', 'away', 'tooMany']);
export type TypingAnswer = z.infer<typeof TypingAnswer>;

/** All a trainee's window knows of the class; sent whole at each change. */
export const TraineeState = z.object({
  /** False: in no class, or in one that has not this lab. */
  inClass: z.boolean(),
  handAt: TimestampMs.nullable(),
  paused: Pause.nullable(),
  timer: Timer.nullable(),
  broadcast: Broadcast.nullable(),
  onlookers: z.array(Onlooker),
  consents: z.array(Consent),
  /** Not yet read, oldest first. */
  messages: z.array(ClassMessage),
  now: TimestampMs,
});
export type TraineeState = z.infer<typeof TraineeState>;

/** Members of the socket's `ClientMessage`. */
export const classClientMessages = [
  /** Staff: this window watches the class; `class.rows` and `class.state` follow. One class a window. */
  z.object({ type: z.literal('class.watch'), classId }),
  z.object({ type: z.literal('class.unwatch') }),
  /**
   * Staff: this window looks at a trainee's lab, as `lab.open` does at one's own; nothing is started. Terminals are attached to
   * as usual and take input only while the trainee consents.
   */
  z.object({ type: z.literal('class.openTrainee'), classId, accountId, labId: Id }),
  /** Staff: asks the trainee whether one may type; off: gives it up. */
  z.object({ type: z.literal('class.askToType'), on: z.boolean() }),
  /** Staff: shows a terminal of the lab this window has open to everybody in the class. */
  z.object({
    type: z.literal('class.broadcast'),
    classId,
    terminalId: z.string().min(1).max(64).nullable(),
    /** Somebody else's showing ends. */
    takeOver: z.boolean().optional(),
  }),
  /** Trainee: this window has the lab open; `class.trainee` follows at each change. */
  z.object({ type: z.literal('class.enter'), labId: Id }),
  z.object({ type: z.literal('class.hand'), up: z.boolean() }),
  z.object({ type: z.literal('class.read'), messageIds: z.array(z.number().int()).min(1).max(100) }),
  /** Trainee: what they say to a question; and that it is over with what was allowed. */
  z.object({ type: z.literal('class.consent'), consentId: z.string().min(1).max(80), answer: ConsentAnswer }),
  z.object({ type: z.literal('class.revoke'), consentId: z.string().min(1).max(80) }),
  /** Trainee: the instructor's terminal, read-only; its output comes as `terminal.output` of the id answered. */
  z.object({ type: z.literal('class.attachBroadcast') }),
] as const;

/** Members of the socket's `ServerMessage`. */
export const classServerMessages = [
  z.object({
    type: z.literal('class.rows'),
    classId: z.string(),
    rows: z.array(LiveRow),
    removed: z.array(z.string()),
    now: TimestampMs,
  }),
  z.object({ type: z.literal('class.state'), classId: z.string(), state: ClassState }),
  /** The class is gone, or one is not of its staff any more. */
  z.object({ type: z.literal('class.closed'), classId: z.string() }),
  /** Labs, staff or members changed: watch it again. */
  z.object({ type: z.literal('class.changed'), classId: z.string() }),
  /** May one type in the trainee's terminals? */
  z.object({ type: z.literal('class.typing'), typing: TypingAnswer }),
  z.object({ type: z.literal('class.trainee'), state: TraineeState }),
] as const;

const To = z.array(accountId).max(500).nullable();

/** `to` null: everybody in the class. */
export const SendMessage = z.object({
  to: To,
  kind: z.enum(['message', 'hint', 'step']),
  text: z.string().trim().max(2_000),
  labId: Id.nullable().default(null),
  stepId: Id.nullable().default(null),
});
export type SendMessage = z.input<typeof SendMessage>;

export const SENT_FILE_CHARACTERS_MAX = 200_000;
export const SendFile = z.object({
  to: To,
  labId: Id,
  path: z
    .string()
    .min(1)
    .max(200)
    .refine((path) => !path.startsWith('/') && !path.includes('\0')),
  content: z.string().max(SENT_FILE_CHARACTERS_MAX),
});
export type SendFile = z.infer<typeof SendFile>;

export const ActOnEnvironment = z.object({ to: To, labId: Id, what: z.enum(['restart', 'reset']) });
export const OpenNextHint = z.object({ to: To, labId: Id });

/** Starts of steps that can be given: one's own first, then each trainee's. */
export const GivableStates = z.object({
  states: z.array(
    z.object({
      /** Null: one's own. */
      from: z.string().nullable(),
      name: z.string(),
      stepIds: z.array(z.string()),
    }),
  ),
});
export type GivableStates = z.infer<typeof GivableStates>;

/** Whose lab, as it was when `stepId` began there, becomes theirs; `from` null: one's own. What they had is kept. */
export const GiveState = z.object({ to: To, labId: Id, stepId: Id, from: accountId.nullable() });
export type GiveState = z.infer<typeof GiveState>;

/** What an action did, trainee by trainee; `asleep`: their environment is not running. */
export const ActionOutcome = z.object({
  done: z.array(z.string()),
  /** Of those: they were woken for it, and put to sleep again. */
  woken: z.array(z.string()).default([]),
  notDone: z.array(
    z.object({
      accountId: z.string(),
      why: z.enum(['asleep', 'failed', 'nothing', 'tooLarge', 'busy']),
      /** `busy`: who is there, and doing what. */
      by: z.string().optional(),
      doing: StaffDoing.optional(),
    }),
  ),
});
export type ActionOutcome = z.infer<typeof ActionOutcome>;

export const SetPause = z.object({ paused: z.boolean(), message: z.string().trim().max(300).default('') });
export const SetLock = z.object({ labId: Id, stepId: Id.nullable() });
/** Null: nothing is closed to them, whatever holds for the class; `asClass`: nothing of their own any more. */
export const SetTraineeLock = SetLock.extend({ asClass: z.boolean().default(false) });
/** Minutes from now; null ends it. */
export const SetTimer = z.object({ minutes: z.number().int().min(1).max(600).nullable() });
/** Added to the time that runs. */
export const ExtendTime = z.object({ to: To, minutes: z.number().int().min(1).max(240) });

const action = <Body extends z.ZodType>(path: string, body: Body) =>
  route('POST', `/api/classes/:classId/${path}`, 'instructor', { body, answer: ActionOutcome });
const setting = <Body extends z.ZodType>(path: string, body: Body) =>
  route('PUT', `/api/classes/:classId/${path}`, 'instructor', { body, answer: ClassState });

export const liveClassRoutes = {
  sendClassMessage: action('messages', SendMessage),
  sendClassFile: action('files', SendFile),
  openClassHint: action('hints', OpenNextHint),
  actOnEnvironments: action('environments', ActOnEnvironment),
  extendClassTime: action('time', ExtendTime),
  listStates: route('GET', '/api/classes/:classId/labs/:labId/states', 'instructor', {
    body: null,
    answer: GivableStates,
  }),
  giveState: action('states', GiveState),
  lowerHand: route('DELETE', '/api/classes/:classId/trainees/:accountId/hand', 'instructor', {
    body: null,
    answer: null,
  }),
  /** A trainee's lab as they see it: texts with their parameters, files read-only. Each is in the audit log. */
  readTraineeLab: route('GET', '/api/classes/:classId/trainees/:accountId/labs/:labId', 'instructor', {
    body: null,
    answer: LabContent,
  }),
  listTraineeFiles: route(
    'GET',
    '/api/classes/:classId/trainees/:accountId/labs/:labId/files',
    'instructor',
    {
      body: null,
      answer: FileTree,
    },
  ),
  /** `?path=` */
  readTraineeFile: route('GET', '/api/classes/:classId/trainees/:accountId/labs/:labId/file', 'instructor', {
    body: null,
    answer: FileContent,
  }),
  /** With the trainee's consent. */
  saveTraineeFile: route('PUT', '/api/classes/:classId/trainees/:accountId/labs/:labId/file', 'instructor', {
    body: SaveFile,
    answer: SavedFile,
  }),
  lockTraineeSteps: route('PUT', '/api/classes/:classId/trainees/:accountId/lock', 'instructor', {
    body: SetTraineeLock,
    answer: null,
  }),
  pauseClass: setting('pause', SetPause),
  lockClassSteps: setting('lock', SetLock),
  setClassTimer: setting('timer', SetTimer),
} as const;
