/** Who is in the class, how people come in, and the cards that are handed out. */
import type { AccountWithPassword, ClassDetail, ClassMember } from '@brokerlab/server/contract';
import { Button, Menu } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { classQuery, queryClient } from '../../api/queries.ts';
import { call } from '../../api/rest.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { formatAgo, formatDate, useNow } from '../../ui/format.ts';
import { useTexts } from '../../ui/i18n.ts';
import { Icon } from '../../ui/icons.tsx';
import { notifyError } from '../../ui/notify.ts';
import { Empty } from '../../ui/states.tsx';
import { AccountCards } from './account-cards.tsx';
import { JoinCode } from './join-code.tsx';
import { RosterImport } from './roster-import.tsx';

type Created = readonly AccountWithPassword[];

export function RosterPanel({ detail }: { detail: ClassDetail }) {
  const t = useTexts();
  const [cards, setCards] = useState<Created>([]);
  const manages = detail.role !== 'assistant';
  const created = (some: Created): void => {
    if (some.length > 0) setCards(some);
    void queryClient.invalidateQueries({ queryKey: classQuery(detail.id).queryKey });
  };
  return (
    <>
      {cards.length > 0 && <AccountCards title={detail.title} created={cards} onClose={() => setCards([])} />}
      <div className="no-print">
        <JoinCode detail={detail} />
        {manages && <RosterImport classId={detail.id} onCreated={created} />}
        <section className="section" aria-label={t('class.roster.title')}>
          <h2>
            {t('class.roster.title')} <span className="quiet-text">{detail.members.length}</span>
          </h2>
          {detail.members.length === 0 ? (
            <Empty title={t('class.roster.empty')}>{t('class.roster.emptyHint')}</Empty>
          ) : (
            <Members detail={detail} onCreated={created} />
          )}
        </section>
      </div>
    </>
  );
}

function Members({ detail, onCreated }: { detail: ClassDetail; onCreated: (some: Created) => void }) {
  const t = useTexts();
  return (
    <div className="table-scroll">
      <table className="table" data-testid="members">
        <thead>
          <tr>
            <th>{t('class.roster.name')}</th>
            <th>{t('class.roster.account')}</th>
            <th>{t('class.roster.joined')}</th>
            <th>{t('class.roster.seen')}</th>
            <th>
              <span className="visually-hidden">{t('class.roster.actions', { name: '' })}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {detail.members.map((member) => (
            <MemberRow key={member.accountId} detail={detail} member={member} onCreated={onCreated} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function MemberRow(props: { detail: ClassDetail; member: ClassMember; onCreated: (some: Created) => void }) {
  const t = useTexts();
  const now = useNow(30_000);
  const { detail, member, onCreated } = props;
  const [asking, setAsking] = useState<'password' | 'remove' | null>(null);
  const path = { classId: detail.id, accountId: member.accountId };
  const remove = useMutation({
    mutationFn: () => call('removeMember', { path }),
    onSuccess: () => onCreated([]),
    onError: notifyError,
  });
  const password = useMutation({
    mutationFn: () => call('resetMemberPassword', { path }),
    onSuccess: (made) => onCreated([made]),
    onError: notifyError,
  });
  const close = (): void => setAsking(null);
  return (
    <tr>
      <td className="class-name">{member.displayName}</td>
      <td className="mono">
        {member.name} {member.guest && <span className="quiet-text">{t('class.roster.guest')}</span>}
      </td>
      <td className="quiet-text">
        {formatDate(member.joinedAt)} · {t(`class.roster.by.${member.joinedBy}`)}
      </td>
      <td className="quiet-text">
        {member.lastSeenAt === null ? t('people.never') : formatAgo(now - member.lastSeenAt, t)}
      </td>
      <td style={{ textAlign: 'right' }}>
        {detail.role !== 'assistant' && (
          <Menu position="bottom-end" shadow="md">
            <Menu.Target>
              <Button
                variant="subtle"
                color="gray"
                aria-label={t('class.roster.actions', { name: member.displayName })}
              >
                <Icon name="more" size={16} />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => setAsking('password')}>{t('class.roster.newPassword')}</Menu.Item>
              <Menu.Item color="red" onClick={() => setAsking('remove')}>
                {t('class.roster.remove')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
        <Confirm
          opened={asking === 'password'}
          title={t('class.roster.newPassword')}
          confirm={t('class.roster.newPassword')}
          onConfirm={() => password.mutate()}
          onClose={close}
        >
          {t('class.roster.newPasswordAsk', { name: member.displayName })}
        </Confirm>
        <Confirm
          opened={asking === 'remove'}
          title={t('class.roster.remove')}
          confirm={t('class.roster.remove')}
          danger
          onConfirm={() => remove.mutate()}
          onClose={close}
        >
          {t('class.roster.removeAsk', { name: member.displayName })}
        </Confirm>
      </td>
    </tr>
  );
}
