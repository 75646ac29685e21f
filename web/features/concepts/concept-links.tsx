/** The ways to concepts: from the list of labs to their pages, from a step to a sheet over the lab. */
import type { ConceptLink } from '@brokerlab/server/contract';
import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { conceptQuery } from '../../api/queries.ts';
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import { Failure, Loading } from '../../ui/states.tsx';
import { ConceptBody } from './concept-body.tsx';
import './figures.css';

export function CourseConcepts({ concepts }: { concepts: readonly ConceptLink[] }) {
  const t = useTexts();
  const localized = useLocalized();
  if (concepts.length === 0) return null;
  return (
    <section className="concepts-of-course" aria-labelledby="concepts-of-course">
      <h2 id="concepts-of-course">{t('concepts.ofCourse')}</h2>
      <ul className="concept-list">
        {concepts.map(({ id, title }) => (
          <li key={id}>
            <Link to="/concepts/$conceptId" params={{ conceptId: id }} data-testid={`concept-link-${id}`}>
              {localized(title)}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function StepConcepts({ concepts, labId }: { concepts: readonly ConceptLink[]; labId: string }) {
  const t = useTexts();
  const localized = useLocalized();
  const [shown, show] = useState<ConceptLink | null>(null);
  if (concepts.length === 0) return null;
  return (
    <nav className="concepts-of-step" aria-label={t('concepts.ofStep')}>
      <span>{t('concepts.title')}</span>
      <ul className="concept-list">
        {concepts.map((concept) => (
          <li key={concept.id}>
            <button type="button" data-testid={`concept-link-${concept.id}`} onClick={() => show(concept)}>
              {localized(concept.title)}
            </button>
          </li>
        ))}
      </ul>
      <Modal
        opened={shown !== null}
        onClose={() => show(null)}
        size="lg"
        title={<b>{shown && localized(shown.title)}</b>}
        closeButtonProps={{ 'aria-label': t('app.close') }}
      >
        {shown && <Sheet id={shown.id} labId={labId} />}
      </Modal>
    </nav>
  );
}

function Sheet({ id, labId }: { id: string; labId: string }) {
  const t = useTexts();
  const concept = useQuery(conceptQuery(id));
  if (concept.error)
    return (
      <Failure title={t('concepts.failed')} error={concept.error} retry={() => void concept.refetch()} />
    );
  if (!concept.data) return <Loading />;
  return (
    <>
      <ConceptBody concept={concept.data} labId={labId} />
      <p className="figure-quiet">
        <a href={`/concepts/${id}?lab=${labId}`} target="_blank" rel="noreferrer">
          {t('concepts.open')}
        </a>
      </p>
    </>
  );
}
