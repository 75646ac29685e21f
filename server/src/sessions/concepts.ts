/** Concept pages, as the page shows them. Pure. */
import type { Concept } from '@brokerlab/grader';
import type { ConceptLink, ConceptPage } from '../contract/main.ts';
import type { LabCatalog } from './lab-sessions.ts';

/** Any seed shows which concepts a lab uses. */
const SEED = 'titles';

export function conceptPage(catalog: LabCatalog, id: string): ConceptPage | undefined {
  const place = catalog.concepts.findIndex((concept) => concept.id === id);
  const concept = catalog.concepts[place];
  if (!concept) return undefined;
  const { ko, en } = concept.text;
  const neighbour = (index: number) => {
    const other = catalog.concepts[index];
    return other ? conceptLink(other) : null;
  };
  return {
    ...conceptLink(concept),
    summary: { ko: ko.summary, en: en.summary },
    blocks: { ko: [...ko.blocks], en: [...en.blocks] },
    labs: catalog.labIds.flatMap((labId) => {
      const lab = catalog.lab(labId, SEED);
      if (!lab?.steps.some((step) => step.concepts.includes(id))) return [];
      return [{ id: labId, title: { ko: lab.text.ko.title, en: lab.text.en.title } }];
    }),
    previous: neighbour(place - 1),
    next: neighbour(place + 1),
  };
}

export function conceptLink({ id, text }: Concept): ConceptLink {
  return { id, title: { ko: text.ko.title, en: text.en.title } };
}

export function conceptLinks(concepts: readonly Concept[], ids: readonly string[]): ConceptLink[] {
  return concepts.filter(({ id }) => ids.includes(id)).map(conceptLink);
}
