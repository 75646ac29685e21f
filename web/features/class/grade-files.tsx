/** Grades to take away, as CSV and JSON: what a check, an attempt or a lab came to. */
import { Button } from '@mantine/core';
import { useTexts } from '../../ui/i18n.ts';
import { usePreferences } from '../../ui/preferences.ts';
import './report.css';

const VIEWS = ['labs', 'checks', 'attempts'] as const;

/** `address`: of the grades, of a class or of everybody one may see. */
export function GradeFiles({ address }: { address: string }) {
  const t = useTexts();
  const { language } = usePreferences();
  return VIEWS.map((view) => {
    const file = (format: string): string => `${address}?view=${view}&format=${format}&language=${language}`;
    const what = t(`class.report.${view}`);
    return (
      <span key={view} className="report-files">
        {what}
        <Button
          component="a"
          href={file('csv')}
          download
          aria-label={`${what}, CSV`}
          data-testid={`${view}-csv`}
        >
          CSV
        </Button>
        <Button
          component="a"
          href={file('json')}
          download={`grades-${view}.json`}
          aria-label={`${what}, JSON`}
          data-testid={`${view}-json`}
        >
          JSON
        </Button>
      </span>
    );
  });
}
