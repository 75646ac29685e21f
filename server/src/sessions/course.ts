/** The course as one trainee sees it: its labs, and how far they are in each. */
import { EXAM_ID } from '@brokerlab/grader';
import { labsFor } from '../classes/class-labs.ts';
import type { Course } from '../contract/main.ts';
import type { AccountRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { conceptLink } from './concepts.ts';
import type { LabCatalog } from './lab-sessions.ts';

/** Titles, summaries and the number of steps are the same for all, so that any seed shows them. */
export const SEED_OF_TITLES = 'titles';

export async function courseFor(
  account: AccountRow,
  { store, catalog }: { store: Store; catalog: LabCatalog },
): Promise<Course> {
  const [own, labs, steps] = await Promise.all([
    labsFor(store, account),
    store.selectFrom('lab_progress').selectAll().where('account_id', '=', account.id).execute(),
    store
      .selectFrom('step_progress')
      .selectAll()
      .where('account_id', '=', account.id)
      .where('passed_at', 'is not', null)
      .execute(),
  ]);
  const exam = labs.find((row) => row.lab_id === EXAM_ID);
  return {
    title: catalog.title,
    concepts: catalog.concepts.map(conceptLink),
    exam: exam?.started_at ? { over: exam.passed_at !== null } : null,
    labs: catalog.labIds.flatMap((labId) => {
      const lab = catalog.lab(labId, SEED_OF_TITLES);
      if (!lab || own?.has(labId) === false) return [];
      const progress = labs.find((row) => row.lab_id === labId);
      const known = new Set(lab.steps.map((step) => step.id));
      return [
        {
          id: labId,
          title: { ko: lab.text.ko.title, en: lab.text.en.title },
          summary: { ko: lab.text.ko.summary, en: lab.text.en.summary },
          minutes: lab.minutes,
          imported: lab.origin !== undefined,
          stepsTotal: lab.steps.length,
          stepsPassed: steps.filter((row) => row.lab_id === labId && known.has(row.step_id)).length,
          startedAt: progress?.started_at ?? null,
          passedAt: progress?.passed_at ?? null,
        },
      ];
    }),
  };
}
