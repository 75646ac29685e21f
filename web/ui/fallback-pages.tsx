/** What stands where a page should: no such address, or the page broke. */
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { CallError, textOf } from '../api/rest.ts';
import { Header } from './header.tsx';
import { useLocalized, useTexts } from './i18n.ts';
import { Empty } from './states.tsx';

export function NotFoundPage() {
  const t = useTexts();
  return (
    <div className="page">
      <Header />
      <main id="main" className="page-main">
        <Empty page title={t('app.notFound')}>
          <p>{t('app.notFoundHint')}</p>
          <p>
            <Link to="/">{t('app.labs')}</Link>
          </p>
        </Empty>
      </main>
    </div>
  );
}

export function CrashPage({ error }: { error: unknown }) {
  const t = useTexts();
  const localized = useLocalized();
  const unreachable = error instanceof CallError && error.code === 'unreachable';
  return (
    <main id="main" className="page-main" role="alert">
      <Empty page title={unreachable ? t('app.unreachable') : t('app.crashed')}>
        <p>{unreachable ? t('app.unreachableHint') : t('app.crashedHint')}</p>
        {!unreachable && <p className="mono">{localized(textOf(error))}</p>}
        <Button variant="filled" onClick={() => location.reload()}>
          {unreachable ? t('app.retry') : t('app.reload')}
        </Button>
      </Empty>
    </main>
  );
}
