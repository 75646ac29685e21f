/** For the lab's author: what is wrong in the files just saved. Everybody keeps the last good version. */
import { useTexts } from '../../ui/i18n.ts';
import { useLabState } from './lab-context.tsx';

const NONE: readonly { file: string; line: number; message: string }[] = [];

export function Mistakes() {
  const t = useTexts();
  const mistakes = useLabState((state) => state.lab?.mistakes ?? NONE);
  if (mistakes.length === 0) return null;
  return (
    <aside className="mistakes" role="status" data-testid="mistakes" aria-label={t('lab.mistakes')}>
      <b>{t('lab.mistakes')}</b>
      <ul>
        {mistakes.map(({ file, line, message }) => (
          <li key={`${file}:${line}:${message}`}>
            <code>
              {file}:{line}
            </code>{' '}
            {message}
          </li>
        ))}
      </ul>
    </aside>
  );
}
