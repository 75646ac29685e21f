/** One concept: short text, figures, the labs that use it, and the ways on. */
import type { ConceptLink } from '@brokerlab/server/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { conceptQuery } from '../../api/queries.ts';
import { Header } from '../../ui/header.tsx';
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import { Failure, Loading } from '../../ui/states.tsx';
import { ConceptBody } from './concept-body.tsx';
import '../../ui/page.css';
import './figures.css';

export function ConceptPage() {
  const t = useTexts();
  const localized = useLocalized();
  const { conceptId } = useParams({ from: '/signed-in/concepts/$conceptId' });
  const { lab } = useSearch({ from: '/signed-in/concepts/$conceptId' });
  const concept = useQuery(conceptQuery(conceptId));
  const title = concept.data && localized(concept.data.title);
  useEffect(() => {
    if (title) document.title = `${title} · Brokerlab`;
  }, [title]);
  return (
    <div className="page">
      <a className="skip-link" href="#main">
        {t('app.skipToMain')}
      </a>
      <Header />
      <main id="main" className="page-main">
        {concept.isPending && <Loading />}
        {concept.error && (
          <Failure title={t('concepts.failed')} error={concept.error} retry={() => void concept.refetch()} />
        )}
        {concept.data && (
          <article className="concept" data-testid={`concept-${concept.data.id}`}>
            <h1 className="page-title">{title}</h1>
            <ConceptBody concept={concept.data} labId={lab ?? null} />
            {concept.data.labs.length > 0 && (
              <nav className="concept-ways" aria-label={t('concepts.usedIn')}>
                <h2>{t('concepts.usedIn')}</h2>
                {concept.data.labs.map((used) => (
                  <Link key={used.id} to="/labs/$labId" params={{ labId: used.id }}>
                    {localized(used.title)}
                  </Link>
                ))}
              </nav>
            )}
            <nav className="concept-ways" aria-label={t('concepts.title')}>
              <Way way={concept.data.previous} sign="←" label={t('concepts.previous')} lab={lab} />
              <Way way={concept.data.next} sign="→" label={t('concepts.next')} lab={lab} />
            </nav>
          </article>
        )}
      </main>
    </div>
  );
}

function Way(props: { way: ConceptLink | null; sign: string; label: string; lab: string | undefined }) {
  const localized = useLocalized();
  const { way, sign, label, lab } = props;
  if (!way) return null;
  return (
    <Link
      to="/concepts/$conceptId"
      params={{ conceptId: way.id }}
      search={lab ? { lab } : {}}
      aria-label={`${label}: ${localized(way.title)}`}
    >
      {sign} {localized(way.title)}
    </Link>
  );
}
