/**
 * The tables. Times are milliseconds since 1970, truth values 0 or 1, JSON is text: what SQLite and PostgreSQL hold alike.
 */
import type { Generated, Insertable, Selectable } from 'kysely';

export interface Schema {
  accounts: AccountsTable;
  login_sessions: LoginSessionsTable;
  setup_tokens: SetupTokensTable;
  lab_progress: LabProgressTable;
  step_progress: StepProgressTable;
  check_progress: CheckProgressTable;
  quiz_answers: QuizAnswersTable;
  terminal_commands: TerminalCommandsTable;
  check_grades: CheckGradesTable;
  check_attempts: CheckAttemptsTable;
  audit_log: AuditLogTable;
  classes: ClassesTable;
  class_staff: ClassStaffTable;
  class_members: ClassMembersTable;
  step_snapshots: StepSnapshotsTable;
  kept_terminals: KeptTerminalsTable;
  quotas: QuotasTable;
  settings: SettingsTable;
  oidc_identities: OidcIdentitiesTable;
  class_states: ClassStatesTable;
  class_messages: ClassMessagesTable;
  lti_keys: LtiKeysTable;
  lti_classes: LtiClassesTable;
  lti_launches: LtiLaunchesTable;
}

export interface AccountsTable {
  id: string;
  name: string;
  /** The name in lower case: what makes two names the same. */
  name_key: string;
  display_name: string;
  role: 'trainee' | 'instructor' | 'administrator';
  /** Null: came in by "try it here" and can't sign in with a password. */
  password_hash: string | null;
  /** 1: the password was handed out on paper; its owner chooses another on coming in. */
  password_once: Generated<number>;
  disabled: number;
  guest: number;
  language: 'ko' | 'en' | null;
  theme: 'light' | 'dark' | 'system';
  created_at: number;
  last_seen_at: number | null;
}
export type AccountRow = Selectable<AccountsTable>;

export interface LoginSessionsTable {
  /** SHA-256 of the cookie's token: a copy of the database lets nobody in. */
  token_hash: string;
  account_id: string;
  created_at: number;
  seen_at: number;
  expires_at: number;
}
export type LoginSessionRow = Selectable<LoginSessionsTable>;

export interface SetupTokensTable {
  token_hash: string;
  created_at: number;
  expires_at: number;
}

export interface LabProgressTable {
  account_id: string;
  lab_id: string;
  /** Names the home and cluster on disk. */
  cell_id: string;
  /** What the parameters are drawn from. */
  seed: string;
  /** The grader's memory, as JSON. */
  memory: string;
  /** 1; one more each time the lab is started over. */
  run: Generated<number>;
  started_at: number | null;
  passed_at: number | null;
}
export type LabProgressRow = Selectable<LabProgressTable>;

export interface StepProgressTable {
  account_id: string;
  lab_id: string;
  step_id: string;
  hints_opened: number;
  solution_opened_at: number | null;
  passed_at: number | null;
  given_at: number | null;
  /** Commands by which it passed, as JSON. */
  typed: string;
  /** JSON, by path: files as they were then. */
  written: Generated<string>;
}
export type StepProgressRow = Selectable<StepProgressTable>;

export interface CheckProgressTable {
  account_id: string;
  lab_id: string;
  step_id: string;
  check_id: string;
  /** The last verdict, as JSON, so that a lab shows what it knows before it runs again. */
  verdict: string;
  changed_at: number;
}
export type CheckProgressRow = Selectable<CheckProgressTable>;

export interface QuizAnswersTable {
  account_id: string;
  lab_id: string;
  check_id: string;
  answer: string;
  answered_at: number;
}
export type QuizAnswerRow = Selectable<QuizAnswersTable>;

/** Who somebody is to an OpenID provider. */
export interface OidcIdentitiesTable {
  issuer: string;
  subject: string;
  account_id: string;
  created_at: number;
}

/** What the server signs for learning platforms with. */
export interface LtiKeysTable {
  id: string;
  /** PKCS #8, PEM. */
  private_key: string;
  created_at: number;
}

/** The class that a platform's course has become. */
export interface LtiClassesTable {
  issuer: string;
  client_id: string;
  context_id: string;
  class_id: string;
}

/** Who came from a platform into which lab, and where its points are wanted. */
export interface LtiLaunchesTable {
  account_id: string;
  /** `''`: came without naming a lab. */
  lab_id: string;
  issuer: string;
  client_id: string;
  /** Who the person is to the platform. */
  subject: string;
  context_id: string | null;
  /** Address of the grade book's column; null: the platform wants no points. */
  line_item: string | null;
  /** The platform knows all that happened up to this time. */
  sent_at: number | null;
  /** The score it was last told, as it was sent but for its time. */
  sent: string | null;
  /** Sendings that failed since the last that did not. */
  failures: Generated<number>;
  /** Not before this time. */
  next_at: Generated<number>;
}
export type LtiLaunchRow = Selectable<LtiLaunchesTable>;

/** Files and clusters themselves are in the cell's folder. */
export interface StepSnapshotsTable {
  account_id: string;
  lab_id: string;
  step_id: string;
  taken_at: number;
  bytes: number;
  /** The grader's memory then, as JSON. */
  memory: string;
  /** What names in files and clusters were drawn from. */
  seed: string;
  /** Steps, checks and answers then, as JSON; null: those of the start of a step follow from it. */
  progress: string | null;
}
export type StepSnapshotRow = Selectable<StepSnapshotsTable>;

/** Of the room as a whole. */
export interface SettingsTable {
  key: string;
  /** As JSON. */
  value: string;
}

export interface QuotasTable {
  /** '': everybody. */
  account_id: string;
  memory_megabytes: number | null;
  cpus: number | null;
  disk_megabytes: number | null;
  environments: number | null;
}
export type QuotaRow = Selectable<QuotasTable>;

export interface KeptTerminalsTable {
  account_id: string;
  lab_id: string;
  /** As JSON. */
  terminals: string;
}

export interface TerminalCommandsTable {
  account_id: string;
  lab_id: string;
  step_id: string;
  /** Ascending per lab. */
  number: number;
  command: string;
  exit_code: number;
  output: string;
  ended_at: number;
}
export type NewTerminalCommand = Insertable<TerminalCommandsTable>;

/** Who did what to whom, and when. Names stand beside ids, because an entry outlives the people in it. */
export interface AuditLogTable {
  id: Generated<number>;
  at: number;
  actor_id: string;
  actor_name: string;
  action: string;
  subject_id: string | null;
  subject_name: string | null;
  class_id: string | null;
  /** As JSON. */
  detail: string;
}
export type AuditLogRow = Selectable<AuditLogTable>;

export interface ClassesTable {
  id: string;
  title: string;
  /** `2026-11-23` */
  starts_on: string | null;
  ends_on: string | null;
  /** JSON, in the order of the course; `[]`: the whole course. */
  lab_ids: string;
  /** Null: nobody can join by code. */
  join_code: string | null;
  guests: number;
  /** Grows with each change of what stands here: who changes an older one is told. */
  revision: number;
  created_at: number;
}
export type ClassRow = Selectable<ClassesTable>;

export interface ClassStaffTable {
  class_id: string;
  account_id: string;
  role: 'instructor' | 'assistant';
}

export interface ClassMembersTable {
  class_id: string;
  account_id: string;
  joined_at: number;
  joined_by: 'roster' | 'code';
  /** Since when the hand is up. */
  hand_at: Generated<number | null>;
  /** On top of the class's time. */
  extra_minutes: Generated<number>;
  /** JSON, by lab: from which step on; null: nothing. Labs left out go by the class. */
  step_locks: Generated<string>;
}

/** Kept when the lab is started over: one row for each check that was open, in each run. */
export interface CheckGradesTable {
  account_id: string;
  lab_id: string;
  run: number;
  step_id: string;
  check_id: string;
  kind: string;
  state: 'passed' | 'notYet' | 'brokenCheck';
  /** The best so far. */
  points: number;
  points_max: number;
  attempts: number;
  /** How often it turned out that the check could not be judged. */
  broken: number;
  /** What was last said, expected and seen, and what was done for it, as JSON. */
  evidence: string;
  opened_at: number;
  passed_at: number | null;
  changed_at: number;
}
export type CheckGradeRow = Selectable<CheckGradesTable>;

export interface CheckAttemptsTable {
  account_id: string;
  lab_id: string;
  run: number;
  check_id: string;
  /** From 1. */
  number: number;
  state: 'passed' | 'notYet' | 'brokenCheck';
  points: number;
  evidence: string;
  at: number;
}
export interface ClassStatesTable {
  class_id: string;
  /** Pause, locks and timer, as JSON. */
  state: string;
}

/** One row for each who is to read it. */
export interface ClassMessagesTable {
  id: Generated<number>;
  class_id: string;
  account_id: string;
  sender_name: string;
  at: number;
  kind: 'message' | 'hint' | 'step' | 'file' | 'state' | 'restart' | 'reset';
  text: string;
  lab_id: string | null;
  step_id: string | null;
  read_at: number | null;
}
export type ClassMessageRow = Selectable<ClassMessagesTable>;
