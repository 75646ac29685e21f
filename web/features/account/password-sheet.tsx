/** New passwords, shown once: as a sheet to print, cut and hand out. */
import type { AccountWithPassword } from '@brokerlab/server/contract';
import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { copyText } from '../../ui/clipboard.ts';
import { useTexts } from '../../ui/i18n.ts';

export function PasswordSheet(props: { created: readonly AccountWithPassword[]; onClose: () => void }) {
  const t = useTexts();
  const { created } = props;
  const [copied, setCopied] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (created.length > 0) heading.current?.focus();
  }, [created]);
  const copyAll = async (): Promise<void> => {
    const lines = created.map(({ account, password }) => `${account.name}\t${password ?? ''}`);
    setCopied(await copyText(`${lines.join('\n')}\n`));
  };
  return (
    <section className="section" data-testid="password-sheet">
      <h2 ref={heading} tabIndex={-1}>
        {t('people.createdTitle', { count: created.length })}
      </h2>
      <div className="row no-print" style={{ alignItems: 'center', marginBottom: 12 }}>
        <span>{t('people.shownOnce')}</span>
        <span className="grow" />
        <Button onClick={() => print()}>{t('people.print')}</Button>
        <Button onClick={() => void copyAll()}>{copied ? t('people.copied') : t('people.copyAll')}</Button>
        <Button variant="subtle" color="gray" onClick={props.onClose}>
          {t('app.close')}
        </Button>
      </div>
      <p className="quiet-text">
        {t('people.printAddress')}: <span className="mono">{location.origin}</span>
      </p>
      <table className="passwords">
        <thead>
          <tr>
            <th>{t('people.colName')}</th>
            <th>{t('account.password')}</th>
          </tr>
        </thead>
        <tbody>
          {created.map(({ account, password }) => (
            <tr key={account.id}>
              <td>{account.name}</td>
              <td>{password}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
