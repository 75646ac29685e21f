/** What one does to the lab as a whole, and seldom: restart a wedged environment, start over, restore the layout. */
import { Button, Menu } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { queryClient } from '../../api/queries.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { useTexts } from '../../ui/i18n.ts';
import { Icon } from '../../ui/icons.tsx';
import { notifyError } from '../../ui/notify.ts';
import { useLab } from './lab-context.tsx';

export function LabMenu() {
  const t = useTexts();
  const { session, workspace } = useLab();
  const [asking, setAsking] = useState<'restart' | 'reset' | null>(null);
  const reset = async (): Promise<void> => {
    await session.reset();
    await queryClient.invalidateQueries({ queryKey: ['labs'] });
  };
  return (
    <>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <Button
            variant="subtle"
            color="gray"
            className="header-icon"
            aria-label={t('lab.menu')}
            title={t('lab.menu')}
          >
            <Icon name="more" size={16} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => session.checkNow()}>{t('lab.checkNow')}</Menu.Item>
          <Menu.Item onClick={() => workspace.restoreDefault()}>{t('lab.resetLayout')}</Menu.Item>
          <Menu.Item component={Link} to={`/labs/${session.labId}/console`} target="_blank">
            {t('console.title')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item onClick={() => setAsking('restart')}>{t('lab.restart')}</Menu.Item>
          <Menu.Item color="red" onClick={() => setAsking('reset')}>
            {t('lab.reset')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={asking === 'restart'}
        title={t('lab.restart')}
        confirm={t('lab.restartDo')}
        onConfirm={() => void session.restart().catch(notifyError)}
        onClose={() => setAsking(null)}
      >
        {t('lab.restartConfirm')}
      </Confirm>
      <Confirm
        opened={asking === 'reset'}
        title={t('lab.reset')}
        confirm={t('lab.resetDo')}
        danger
        onConfirm={() => void reset().catch(notifyError)}
        onClose={() => setAsking(null)}
      >
        {t('lab.resetConfirm')}
      </Confirm>
    </>
  );
}
