/** The command that does the same as what is on the screen, ready to be copied. */
import { useState } from 'react';
import { copyText } from '../../ui/clipboard.ts';
import { useTexts } from '../../ui/i18n.ts';
import { Icon } from '../../ui/icons.tsx';

export function CommandLine({ command }: { command: string }) {
  const t = useTexts();
  const [copied, setCopied] = useState(false);
  return (
    <section className="console-command" aria-label={t('console.sameCommand')}>
      <pre>{command}</pre>
      <button
        type="button"
        title={t('console.copy')}
        aria-label={t('console.copy')}
        onClick={() => {
          void copyText(command).then((done) => {
            setCopied(done);
            setTimeout(() => setCopied(false), 1500);
          });
        }}
      >
        <Icon name={copied ? 'check' : 'copy'} />
      </button>
    </section>
  );
}
