/** The frame of the pages one sees before being somebody: sign in, set up. */
import type { ReactNode } from 'react';
import { useSession } from '../../api/queries.ts';
import { LanguageSwitch, ThemeSwitch } from '../../ui/header.tsx';
import { useTexts } from '../../ui/i18n.ts';
import { RoomMark } from '../../ui/mark.tsx';
import './account.css';

export function Entry({ children }: { children: ReactNode }) {
  const t = useTexts();
  const name = useSession()?.look.name;
  return (
    <div className="entry">
      <div className="entry-bar">
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
      <main id="main" className="entry-main">
        <div className="entry-box">
          <div className="entry-head">
            <RoomMark size={36} />
            <div>
              <h1>{name ?? t('app.name')}</h1>
              <p>{t('app.tagline')}</p>
            </div>
          </div>
          {children}
        </div>
      </main>
      <span />
    </div>
  );
}
