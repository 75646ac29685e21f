/** Grades, for those who teach: of the trainees they may see, as JSON or as a CSV file. */
import { traineesOf } from '../classes/class-access.ts';
import { type Grades, GradesQuery, routes } from '../contract/main.ts';
import { type GradesWanted, readAttempts, readGrades, readLabGrades } from '../grading/grades.ts';
import { attemptsCsv, checkGradesCsv, labGradesCsv } from '../grading/grades-csv.ts';
import { type Binder, parse, type SignedInCall } from './bind.ts';
import type { HttpServices } from './services.ts';

export function bindGradeRoutes(bind: Binder, services: HttpServices): void {
  bind(routes.readGrades, async (call) => {
    const visible = await traineesOf(services.store, call.caller.account);
    return answerGrades(services, call, { accountIds: visible === null ? undefined : [...visible] });
  });
}

/** As JSON or as a file, of what is asked for and may be seen; `undefined`: all. */
export async function answerGrades(
  services: HttpServices,
  { query, response }: Pick<SignedInCall<unknown>, 'query' | 'response'>,
  visible: GradesWanted,
): Promise<Grades> {
  const asked = parse(GradesQuery, query);
  const grades = await read(services, asked.view, {
    accountIds: bothOf(listOf(asked.accounts), visible.accountIds),
    labIds: bothOf(listOf(asked.labs), visible.labIds),
  });
  if (asked.format === 'csv') {
    response
      .setHeader('Content-Type', 'text/csv; charset=utf-8')
      .setHeader('Content-Disposition', `attachment; filename="grades-${asked.view}.csv"`)
      .setHeader('Cache-Control', 'no-store')
      .send(csvOf(grades, asked));
  }
  return grades;
}

async function read(
  { store, catalog }: HttpServices,
  view: GradesQuery['view'],
  wanted: GradesWanted,
): Promise<Grades> {
  return {
    checks: view === 'checks' ? await readGrades(store, wanted) : [],
    labs: view === 'labs' ? await readLabGrades(store, catalog, wanted) : [],
    attempts: view === 'attempts' ? await readAttempts(store, wanted) : [],
  };
}

function csvOf({ checks, labs, attempts }: Grades, { view, language }: GradesQuery): string {
  switch (view) {
    case 'checks':
      return checkGradesCsv(checks, language);
    case 'labs':
      return labGradesCsv(labs, language);
    case 'attempts':
      return attemptsCsv(attempts, language);
  }
}

function listOf(text: string | undefined): string[] | undefined {
  return text?.split(',').filter(Boolean);
}

/** What is in both; left out is everything. */
function bothOf(
  asked: readonly string[] | undefined,
  visible: readonly string[] | undefined,
): readonly string[] | undefined {
  if (visible === undefined || asked === undefined) return asked ?? visible;
  const known = new Set(visible);
  return asked.filter((id) => known.has(id));
}
