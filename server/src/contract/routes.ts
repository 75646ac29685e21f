/**
 * Every REST route: method, path, who may call it, and the shape of body and answer. Requests that change something
 * must come from a page of this server (checked by Origin and Sec-Fetch-Site) and send JSON.
 */
import * as accounts from './accounts.ts';
import { adminRoutes } from './admin.ts';
import { classReportRoutes } from './class-report.ts';
import { classRoutes } from './classes.ts';
import { consoleRoutes } from './console.ts';
import * as environment from './environment.ts';
import * as environments from './environments.ts';
import * as files from './files.ts';
import * as grades from './grades.ts';
import * as labs from './labs.ts';
import { liveClassRoutes } from './live-class.ts';
import { lookRoutes } from './look.ts';
import { quotaRoutes } from './quotas.ts';
import { route } from './route.ts';

export type { Access, Route } from './route.ts';

export const routes = {
  readSession: route('GET', '/api/session', 'anyone', { body: null, answer: accounts.SessionInfo }),
  signIn: route('POST', '/api/session', 'anyone', { body: accounts.SignIn, answer: accounts.Me }),
  signOut: route('DELETE', '/api/session', 'anyone', { body: null, answer: null }),
  tryHere: route('POST', '/api/session/try-here', 'anyone', { body: null, answer: accounts.Me }),
  setup: route('POST', '/api/setup', 'anyone', { body: accounts.Setup, answer: accounts.Me }),
  updateMe: route('PATCH', '/api/me', 'signedIn', { body: accounts.UpdateMe, answer: accounts.Me }),
  changePassword: route('POST', '/api/me/password', 'signedIn', {
    body: accounts.ChangePassword,
    answer: null,
  }),
  chooseFirstPassword: route('POST', '/api/me/first-password', 'signedIn', {
    body: accounts.ChooseFirstPassword,
    answer: null,
  }),

  listLabs: route('GET', '/api/labs', 'signedIn', { body: null, answer: labs.Course }),
  readConcept: route('GET', '/api/concepts/:conceptId', 'signedIn', {
    body: null,
    answer: labs.ConceptPage,
  }),
  readLab: route('GET', '/api/labs/:labId', 'signedIn', { body: null, answer: labs.LabContent }),
  readLabState: route('GET', '/api/labs/:labId/state', 'signedIn', { body: null, answer: labs.LabState }),
  openHint: route('POST', '/api/labs/:labId/steps/:stepId/hints', 'signedIn', {
    body: labs.OpenHint,
    answer: labs.LabState,
  }),
  openSolution: route('POST', '/api/labs/:labId/steps/:stepId/solution', 'signedIn', {
    body: null,
    answer: labs.Solution,
  }),
  compareSolution: route('GET', '/api/labs/:labId/steps/:stepId/comparison', 'signedIn', {
    body: null,
    answer: labs.Comparison,
  }),
  answerQuiz: route('POST', '/api/labs/:labId/checks/:checkId/answer', 'signedIn', {
    body: labs.AnswerQuiz,
    answer: labs.LabState,
  }),
  /** Tries the trainee's program for a check of the kind `program`; answers when it has been judged. */
  runProgram: route('POST', '/api/labs/:labId/checks/:checkId/run', 'signedIn', {
    body: null,
    answer: labs.LabState,
  }),
  /** Puts back what the open step needs: its setup happens again. */
  restoreStep: route('POST', '/api/labs/:labId/restore', 'signedIn', { body: null, answer: labs.LabState }),
  readCluster: route('GET', '/api/labs/:labId/cluster', 'signedIn', {
    body: null,
    answer: environment.ClusterView,
  }),
  /** Restarts the box (shells, programs) and leaves cluster and files alone. */
  restartEnvironment: route('POST', '/api/labs/:labId/environment/restart', 'signedIn', {
    body: null,
    answer: null,
  }),
  /** Everything back to the lab's start: files, cluster, steps, answers, hints. */
  resetLab: route('POST', '/api/labs/:labId/reset', 'signedIn', { body: null, answer: labs.LabState }),

  startExam: route('POST', '/api/exam', 'signedIn', { body: labs.StartExam, answer: labs.LabState }),
  /** Leaves the open step of the exam as it is and goes on; it cannot be gone back to. */
  skipExamStep: route('POST', '/api/exam/steps/:stepId/skip', 'signedIn', {
    body: null,
    answer: labs.LabState,
  }),
  handInExam: route('POST', '/api/exam/hand-in', 'signedIn', { body: null, answer: labs.LabState }),

  listOwnEnvironments: route('GET', '/api/environments', 'signedIn', {
    body: null,
    answer: environments.OwnEnvironments,
  }),
  /** Does not wait for it. */
  startEnvironment: route('POST', '/api/labs/:labId/environment/start', 'signedIn', {
    body: null,
    answer: null,
  }),
  /** Files, clusters and progress are kept; what runs in the terminals ends. */
  stopEnvironment: route('POST', '/api/labs/:labId/environment/stop', 'signedIn', {
    body: null,
    answer: null,
  }),
  /** Box and brokers are ended and opened anew: for an environment in which nothing answers any more. */
  forceRestartEnvironment: route('POST', '/api/labs/:labId/environment/force-restart', 'signedIn', {
    body: null,
    answer: null,
  }),
  /** Files, clusters and steps as at the start of a step. */
  rewindLab: route('POST', '/api/labs/:labId/rewind', 'signedIn', {
    body: environments.Rewind,
    answer: labs.LabState,
  }),
  /** Files, clusters and progress in this lab are gone. */
  deleteEnvironment: route('DELETE', '/api/labs/:labId/environment', 'signedIn', {
    body: null,
    answer: null,
  }),

  listFiles: route('GET', '/api/labs/:labId/files', 'signedIn', { body: null, answer: files.FileTree }),
  /** `?path=` */
  readFile: route('GET', '/api/labs/:labId/file', 'signedIn', { body: null, answer: files.FileContent }),
  searchFiles: route('POST', '/api/labs/:labId/files/search', 'signedIn', {
    body: files.SearchFiles,
    answer: files.FileHits,
  }),
  saveFile: route('PUT', '/api/labs/:labId/file', 'signedIn', {
    body: files.SaveFile,
    answer: files.SavedFile,
  }),
  renameFile: route('POST', '/api/labs/:labId/files/rename', 'signedIn', {
    body: files.RenameFile,
    answer: null,
  }),
  deleteFile: route('POST', '/api/labs/:labId/files/delete', 'signedIn', {
    body: files.DeleteFile,
    answer: null,
  }),
  makeDirectory: route('POST', '/api/labs/:labId/files/directory', 'signedIn', {
    body: files.MakeDirectory,
    answer: null,
  }),

  listTrainees: route('GET', '/api/trainees', 'instructor', { body: null, answer: accounts.TraineeList }),
  /** `GradesQuery`; with `format=csv` a file. */
  readGrades: route('GET', '/api/grades', 'instructor', { body: null, answer: grades.Grades }),
  listAccounts: route('GET', '/api/accounts', 'administrator', { body: null, answer: accounts.AccountList }),
  createAccount: route('POST', '/api/accounts', 'administrator', {
    body: accounts.CreateAccount,
    answer: accounts.AccountWithPassword,
  }),
  createAssigned: route('POST', '/api/accounts/assigned', 'administrator', {
    body: accounts.CreateAssigned,
    answer: accounts.AccountsWithPasswords,
  }),
  updateAccount: route('PATCH', '/api/accounts/:accountId', 'administrator', {
    body: accounts.UpdateAccount,
    answer: accounts.Account,
  }),
  resetPassword: route('POST', '/api/accounts/:accountId/password', 'administrator', {
    body: null,
    answer: accounts.AccountWithPassword,
  }),
  deleteAccount: route('DELETE', '/api/accounts/:accountId', 'administrator', { body: null, answer: null }),

  ...classRoutes,
  ...liveClassRoutes,
  ...classReportRoutes,
  ...consoleRoutes,
  ...quotaRoutes,
  ...lookRoutes,
  ...adminRoutes,
} as const;
export type RouteName = keyof typeof routes;
