/** Accounts: make many at once for a class, hand out passwords on paper, switch accounts off and on. */
import type { Account, AccountWithPassword } from '@brokerlab/server/contract';
import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { accountsQuery, queryClient } from '../../api/queries.ts';
import { Header } from '../../ui/header.tsx';
import { useTexts } from '../../ui/i18n.ts';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import './account.css';
import '../../ui/page.css';
import { AccountRow } from './account-row.tsx';
import { CreateMany, CreateOne } from './create-accounts.tsx';
import { PasswordSheet } from './password-sheet.tsx';

export function AccountsPage() {
  const t = useTexts();
  const [shown, setShown] = useState<readonly AccountWithPassword[]>([]);
  const changed = (passwords: readonly AccountWithPassword[] = []): void => {
    if (passwords.length > 0) setShown(passwords);
    void queryClient.invalidateQueries({ queryKey: accountsQuery.queryKey });
  };
  return (
    <div className="page">
      <Header />
      <main id="main" className="page-main">
        <div className="no-print">
          <h1 className="page-title">{t('people.title')}</h1>
          <p className="page-intro">{t('people.intro')}</p>
        </div>
        {shown.length > 0 && <PasswordSheet created={shown} onClose={() => setShown([])} />}
        <div className="no-print">
          <CreateMany onCreated={changed} />
          <CreateOne onCreated={changed} />
          <AccountTable onChanged={changed} />
        </div>
      </main>
    </div>
  );
}

function AccountTable({ onChanged }: { onChanged: (passwords?: readonly AccountWithPassword[]) => void }) {
  const t = useTexts();
  const accounts = useQuery(accountsQuery);
  const [search, setSearch] = useState('');
  if (accounts.isPending) return <Loading />;
  if (accounts.error) {
    return (
      <Failure title={t('app.unreachable')} error={accounts.error} retry={() => void accounts.refetch()} />
    );
  }
  const all = accounts.data.accounts.filter((account) => !account.guest);
  return (
    <section className="section" aria-label={t('people.title')}>
      {all.length > 8 && (
        <TextInput
          aria-label={t('people.search')}
          placeholder={t('people.search')}
          value={search}
          mb={10}
          maw={280}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      <div className="table-scroll">
        <table className="table">
          <thead>
            <tr>
              <th>{t('people.colName')}</th>
              <th>{t('people.colDisplay')}</th>
              <th>{t('people.colRole')}</th>
              <th>{t('people.colState')}</th>
              <th>{t('people.colSeen')}</th>
              <th>
                <span className="visually-hidden">{t('people.actions', { name: '' })}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {all
              .filter((account) => matches(account, search))
              .map((account) => (
                <AccountRow key={account.id} account={account} onChanged={onChanged} />
              ))}
          </tbody>
        </table>
      </div>
      {all.length <= 1 && <Empty title={t('people.empty')} />}
    </section>
  );
}

function matches(account: Account, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  return `${account.name} ${account.displayName}`.toLowerCase().includes(wanted);
}
