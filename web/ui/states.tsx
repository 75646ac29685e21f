/** The states every screen has besides the good one: nothing there, still loading, failed. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { textOf } from '../api/rest.ts';
import { useLocalized, useTexts } from './i18n.ts';
import './states.css';

/** `page`: it is all there is on the page, so its title is the page's heading. */
export function Empty(props: { title: string; page?: boolean; children?: ReactNode }) {
  const { title, children } = props;
  const Title = props.page ? 'h1' : 'p';
  return (
    <div className="state">
      <Title className="state-title">{title}</Title>
      {children && <div className="state-text">{children}</div>}
    </div>
  );
}

/** Appears only when the wait is long enough to notice. */
export function Loading({ label }: { label?: string }) {
  const t = useTexts();
  return (
    <div className="state state-loading" role="status">
      <span className="state-bar" aria-hidden="true" />
      <span className="state-text">{label ?? t('app.loading')}</span>
    </div>
  );
}

export function Failure({ title, error, retry }: { title: string; error: unknown; retry?: () => void }) {
  const t = useTexts();
  const localized = useLocalized();
  return (
    <div className="state" role="alert">
      <p className="state-title">{title}</p>
      <div className="state-text">{localized(textOf(error))}</div>
      {retry && <Button onClick={retry}>{t('app.retry')}</Button>}
    </div>
  );
}
