/** A concept's text and figures: on a page of its own, and in a sheet over the lab. */
import type { ConceptPage } from '@brokerlab/server/contract';
import { useLocalized } from '../../ui/i18n.ts';
import { Inline, Prose } from '../../ui/markdown.tsx';
import { usePreferences } from '../../ui/preferences.ts';
import { ClusterFigure } from './cluster-figure.tsx';

export function ConceptBody({ concept, labId }: { concept: ConceptPage; labId: string | null }) {
  const localized = useLocalized();
  const { language } = usePreferences();
  return (
    <>
      <p className="concept-summary">
        <Inline text={localized(concept.summary)} />
      </p>
      <div className="concept-body" data-testid={`concept-text-${concept.id}`}>
        {concept.blocks[language].map((block, index) =>
          block.kind === 'figure' ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: a page's blocks never move
            <ClusterFigure key={index} figure={block} labId={labId} />
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: a page's blocks never move
            <Prose key={index} text={block.markdown} />
          ),
        )}
      </div>
    </>
  );
}
