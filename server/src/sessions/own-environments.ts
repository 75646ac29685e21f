/** What one person has running and kept, lab by lab. */
import { readLabIds } from '../classes/class-labs.ts';
import type { OwnEnvironment } from '../contract/main.ts';
import type { Store } from '../store/store.ts';
import type { LabSession } from './lab-session.ts';
import type { LabCatalog, LabSessions } from './lab-sessions.ts';
import { AFTER_LAST, BEFORE_GIVEN, type StepSnapshot, StepSnapshots } from './step-snapshots.ts';

export interface OwnEnvironmentsOptions {
  readonly store: Store;
  readonly catalog: LabCatalog;
  readonly labSessions: LabSessions;
}

/** In the order of the course; labs that were never begun are left out. */
export async function listOwnEnvironments(
  accountId: string,
  { store, catalog, labSessions }: OwnEnvironmentsOptions,
): Promise<OwnEnvironment[]> {
  const rows = await store
    .selectFrom('lab_progress')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('started_at', 'is not', null)
    .execute();
  const classes = await classesOf(accountId, store);
  rows.sort((one, other) => catalog.labIds.indexOf(one.lab_id) - catalog.labIds.indexOf(other.lab_id));
  const found = await Promise.all(
    rows.map(async (row): Promise<OwnEnvironment[]> => {
      const lab = catalog.lab(row.lab_id, row.seed);
      if (!lab) return [];
      const session = labSessions.find(accountId, row.lab_id);
      const state = session?.environment.state;
      const kept = await new StepSnapshots(store, { accountId, labId: row.lab_id }).list();
      return [
        {
          labId: row.lab_id,
          title: { ko: lab.text.ko.title, en: lab.text.en.title },
          className:
            classes.find(({ labIds }) => labIds.length === 0 || labIds.includes(row.lab_id))?.title ?? null,
          state: state?.state ?? 'asleep',
          since: state?.state === 'ready' ? state.since : null,
          startedAt: row.started_at,
          use: session ? await useOf(session) : null,
          starts: lab.steps.flatMap(({ id }, index) => {
            const snapshot = kept.find(({ stepId }) => stepId === id);
            if (!snapshot) return [];
            const title = { ko: lab.text.ko.steps[id]?.title ?? id, en: lab.text.en.steps[id]?.title ?? id };
            const { takenAt, bytes } = snapshot;
            return [{ stepId: id, number: index + 1, title, takenAt, bytes }];
          }),
          kept: kept
            .filter(({ stepId }) => stepId === AFTER_LAST || BEFORE_GIVEN.includes(stepId))
            .map(keptState),
        },
      ];
    }),
  );
  return found.flat();
}

function keptState({ stepId, takenAt, bytes, progress }: StepSnapshot): OwnEnvironment['kept'][number] {
  const stepsPassed = progress?.steps.filter(([, step]) => step.passedAt !== null).length ?? 0;
  const what = stepId === AFTER_LAST ? 'afterLast' : 'beforeGiven';
  return { id: stepId, what, takenAt, bytes, stepsPassed };
}

async function classesOf(accountId: string, store: Store): Promise<{ title: string; labIds: string[] }[]> {
  const rows = await store
    .selectFrom('class_members')
    .innerJoin('classes', 'classes.id', 'class_members.class_id')
    .select(['classes.title', 'classes.lab_ids'])
    .where('class_members.account_id', '=', accountId)
    .orderBy('classes.created_at', 'desc')
    .execute();
  return rows.map((row) => ({ title: row.title, labIds: readLabIds(row.lab_ids) }));
}

async function useOf(session: LabSession): Promise<OwnEnvironment['use']> {
  try {
    return await session.environment.use();
  } catch {
    // On its way out; the next reading shows it asleep.
    return null;
  }
}
