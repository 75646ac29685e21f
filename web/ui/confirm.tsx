/** Asks before something that can't be taken back. Focus starts on the safe side. */
import { Button, Group, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTexts } from './i18n.ts';

export function Confirm(props: {
  opened: boolean;
  title: string;
  confirm: string;
  danger?: boolean;
  children: ReactNode;
  onConfirm: () => void;
  onClose: () => void;
}) {
  const t = useTexts();
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={<b>{props.title}</b>}
      size="sm"
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <div style={{ textAlign: 'left', whiteSpace: 'normal' }}>{props.children}</div>
      <Group justify="flex-end" mt="md" gap={8}>
        <Button size="xs" data-autofocus onClick={props.onClose}>
          {t('app.cancel')}
        </Button>
        <Button
          size="xs"
          variant="filled"
          {...(props.danger ? { color: 'red.8' } : {})}
          onClick={() => {
            props.onClose();
            props.onConfirm();
          }}
        >
          {props.confirm}
        </Button>
      </Group>
    </Modal>
  );
}
