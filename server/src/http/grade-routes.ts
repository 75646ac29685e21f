/** Grades, for those who teach: of the trainees they may see, as JSON or as a CSV file. */
import { traineesOf } from '../classes/class-access.ts';
import { type Grades, GradesQuery, routes } from '../contract/main.ts';
import { type GradesWanted, readAttempts, readGrades, readLabGrades } from '../grading/grades.ts';
import { attemptsCsv, checkGradesCsv, labGradesCsv } from '../grading/grades-csv.ts';
import { type Binder, parse } from './bind.ts';
import type { HttpServices } from './services.ts';

export function bindGradeRoutes(bind: Binder, services: HttpServices): void {
  bind(routes.readGrades, async ({ caller, query, response }) => {
    const asked = parse(GradesQuery, query);
    const visible = await traineesOf(services.store, caller.account);
    const grades = await read(services, asked.view, {
      accountIds: visibleOf(listOf(asked.accounts), visible),
      labIds: listOf(asked.labs),
    });
    if (asked.format === 'csv') {
      response
        .setHeader('Content-Type', 'text/csv; charset=utf-8')
        .setHeader('Content-Disposition', `attachment; filename="grades-${asked.view}.csv"`)
        .setHeader('Cache-Control', 'no-store')
        .send(csvOf(grades, asked));
    }
    return grades;
  });
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

/** Null: the caller may see everybody. */
function visibleOf(
  asked: readonly string[] | undefined,
  visible: ReadonlySet<string> | null,
): readonly string[] | undefined {
  if (visible === null) return asked;
  return asked === undefined ? [...visible] : asked.filter((id) => visible.has(id));
}
