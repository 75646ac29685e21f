/** After the last step: what goes wrong in real life, what to remember, and the lab that goes on from here. */
import { Link } from '@tanstack/react-router';
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import { Prose } from '../../ui/markdown.tsx';
import { useLab } from './lab-context.tsx';

export function Closing() {
  const t = useTexts();
  const localized = useLocalized();
  const { content } = useLab();
  const [realLife, card] = [localized(content.realLife), localized(content.summaryCard)];
  return (
    <>
      {realLife && (
        <section aria-label={t('lab.realLife')}>
          <h2>{t('lab.realLife')}</h2>
          <Prose text={realLife} />
        </section>
      )}
      {card && (
        <aside className="note" data-testid="summary-card" aria-label={t('lab.summaryCard')}>
          <h2>{t('lab.summaryCard')}</h2>
          <Prose text={card} />
        </aside>
      )}
      {content.next !== null && (
        <p>
          <Link to="/labs/$labId" params={{ labId: content.next }} data-testid="next-lab">
            {t('lab.nextLab')}
          </Link>
        </p>
      )}
    </>
  );
}
