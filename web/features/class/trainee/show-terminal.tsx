/** For staff in a lab of their own: puts the terminal used last on the screens of a class. */
import { Button, Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { classesQuery, useSession } from '../../../api/queries.ts';
import { CallError } from '../../../api/rest.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { useTexts } from '../../../ui/i18n.ts';
import { notifyError } from '../../../ui/notify.ts';
import { useLab, useLabState } from '../../lab/lab-context.tsx';

export function ShowTerminal() {
  const role = useSession()?.me?.role;
  return role === undefined || role === 'trainee' ? null : <Show />;
}

function Show() {
  const t = useTexts();
  const { session, workspace } = useLab();
  const terminals = useLabState((state) => state.terminals);
  const classes = useQuery(classesQuery).data?.classes ?? [];
  const [showing, setShowing] = useState<string | null>(null);
  const [taken, setTaken] = useState<string | null>(null);
  const end = (classId: string): void => {
    session.connection
      .request({ type: 'class.broadcast', classId, terminalId: null })
      .then(() => setShowing(null), notifyError);
  };
  const show = (classId: string, takeOver: boolean): void => {
    const { terminal: number } = workspace.store.get();
    const terminal = terminals?.find((one) => one.number === number) ?? terminals?.[0];
    if (!terminal) return;
    session.connection
      .request({ type: 'class.broadcast', classId, terminalId: terminal.id, takeOver })
      .then(() => setShowing(classId))
      .catch((error: unknown) => {
        if (error instanceof CallError && error.code === 'broadcastTaken') setTaken(classId);
        else notifyError(error);
      });
  };
  if (classes.length === 0) return null;
  if (showing !== null) {
    return (
      <Button variant="filled" color="orange.9" onClick={() => end(showing)}>
        {t('class.part.endShowing')}
      </Button>
    );
  }
  return (
    <>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <Button data-testid="show-terminal">{t('class.part.showTerminal')}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {classes.map((one) => (
            <Menu.Item key={one.id} onClick={() => show(one.id, false)}>
              {one.title}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={taken !== null}
        title={t('class.part.takeOver')}
        confirm={t('class.part.takeOverDo')}
        onConfirm={() => taken !== null && show(taken, true)}
        onClose={() => setTaken(null)}
      >
        {t('class.part.takeOverAsk')}
      </Confirm>
    </>
  );
}
