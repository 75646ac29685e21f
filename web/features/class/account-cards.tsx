/** Accounts and passwords as cards to print, cut and hand out. The server shows them once. */
import type { AccountWithPassword } from '@brokerlab/server/contract';
import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { copyText } from '../../ui/clipboard.ts';
import { useTexts } from '../../ui/i18n.ts';

export function AccountCards(props: {
  title: string;
  created: readonly AccountWithPassword[];
  onClose: () => void;
}) {
  const t = useTexts();
  const { created } = props;
  const [copied, setCopied] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (created.length > 0) heading.current?.focus();
  }, [created]);
  const copyAll = async (): Promise<void> => {
    const lines = created.map(({ account, password }) =>
      [account.displayName, account.name, password ?? ''].join('\t'),
    );
    setCopied(await copyText(`${lines.join('\n')}\n`));
  };
  return (
    <section className="section cards-section" data-testid="account-cards">
      <div className="no-print">
        <h2 ref={heading} tabIndex={-1}>
          {t('class.cards.title', { count: created.length })}
        </h2>
        <div className="row cards-actions">
          <span>{t('class.cards.once')}</span>
          <span className="grow" />
          <Button variant="filled" onClick={() => print()}>
            {t('class.cards.print')}
          </Button>
          <Button onClick={() => void copyAll()}>
            {copied ? t('class.cards.copied') : t('class.cards.copy')}
          </Button>
          <Button variant="subtle" color="gray" onClick={props.onClose}>
            {t('app.close')}
          </Button>
        </div>
      </div>
      <ul className="cards">
        {created.map(({ account, password }) => (
          <li key={account.id} className="card">
            <span className="card-class">{props.title}</span>
            <span className="card-name">{account.displayName}</span>
            <dl>
              <dt>{t('class.cards.address')}</dt>
              <dd>{location.origin}</dd>
              <dt>{t('class.cards.account')}</dt>
              <dd>{account.name}</dd>
              <dt>{t('class.cards.password')}</dt>
              <dd className="card-password">{password}</dd>
            </dl>
          </li>
        ))}
      </ul>
    </section>
  );
}
