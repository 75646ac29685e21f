import type { Account, AccountWithPassword, Role, UpdateAccount } from '@brokerlab/server/contract';
import { Button, Menu } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useSession } from '../../api/queries.ts';
import { call } from '../../api/rest.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { formatAgo, useNow } from '../../ui/format.ts';
import { useTexts } from '../../ui/i18n.ts';
import { Icon } from '../../ui/icons.tsx';
import { notifyError } from '../../ui/notify.ts';

const roles: readonly Role[] = ['trainee', 'instructor', 'administrator'];

export function AccountRow(props: {
  account: Account;
  onChanged: (passwords?: readonly AccountWithPassword[]) => void;
}) {
  const t = useTexts();
  const now = useNow(30_000);
  const { account, onChanged } = props;
  const [removing, setRemoving] = useState(false);
  const path = { accountId: account.id };
  const update = useMutation({
    mutationFn: (body: UpdateAccount) => call('updateAccount', { path, body }),
    onSuccess: () => onChanged(),
    onError: notifyError,
  });
  const remove = useMutation({
    mutationFn: () => call('deleteAccount', { path }),
    onSuccess: () => onChanged(),
    onError: notifyError,
  });
  return (
    <tr>
      <td className="mono">{account.name}</td>
      <td>{account.displayName === account.name ? '' : account.displayName}</td>
      <td>{t(`account.roles.${account.role}`)}</td>
      <td>{account.disabled ? t('people.disabled') : t('people.active')}</td>
      <td className="quiet-text">
        {account.lastSeenAt ? formatAgo(now - account.lastSeenAt, t) : t('people.never')}
      </td>
      <td style={{ textAlign: 'right' }}>
        <AccountMenu
          account={account}
          update={update.mutate}
          onChanged={onChanged}
          onRemove={() => setRemoving(true)}
        />
        <Confirm
          opened={removing}
          title={t('people.deleteQuestion')}
          confirm={t('people.remove')}
          danger
          onConfirm={() => remove.mutate()}
          onClose={() => setRemoving(false)}
        >
          {t('people.removeConfirm', { name: account.name })}
        </Confirm>
      </td>
    </tr>
  );
}

function AccountMenu(props: {
  account: Account;
  update: (change: UpdateAccount) => void;
  onChanged: (passwords: readonly AccountWithPassword[]) => void;
  onRemove: () => void;
}) {
  const t = useTexts();
  const me = useSession()?.me;
  const { account, update } = props;
  const reset = useMutation({
    mutationFn: () => call('resetPassword', { path: { accountId: account.id } }),
    onSuccess: (answer) => props.onChanged([answer]),
    onError: notifyError,
  });
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button variant="subtle" color="gray" px={6} aria-label={t('people.actions', { name: account.name })}>
          <Icon name="more" />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => reset.mutate()}>{t('people.resetPassword')}</Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t('people.changeRole')}</Menu.Label>
        {roles.map((role) => (
          <Menu.Item key={role} disabled={role === account.role} onClick={() => update({ role })}>
            {t(`account.roles.${role}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item disabled={account.id === me?.id} onClick={() => update({ disabled: !account.disabled })}>
          {account.disabled ? t('people.enable') : t('people.disable')}
        </Menu.Item>
        <Menu.Item color="red" disabled={account.id === me?.id} onClick={props.onRemove}>
          {t('people.remove')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
