/** A dialog of the console in which something is filled in. Enter submits it where there is something to submit. */
import { Button, Group, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTexts } from '../../ui/i18n.ts';
import { OthersCluster } from './others-cluster.tsx';
import { usePlace } from './use-console.ts';

export function FormDialog(props: {
  title: string;
  wide?: boolean;
  close: () => void;
  submit: () => void;
  children: ReactNode;
  /** Besides "cancel". */
  buttons: ReactNode;
}) {
  const { title, wide, close, submit, children, buttons } = props;
  const t = useTexts();
  const { trainee } = usePlace();
  return (
    <Modal
      opened
      onClose={close}
      size={wide ? 'lg' : 'md'}
      title={<b>{title}</b>}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <form
        className="console-form"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {children}
        {trainee !== null && <OthersCluster />}
        <Group justify="flex-end" gap={8}>
          <Button size="xs" onClick={close}>
            {t('app.cancel')}
          </Button>
          {buttons}
        </Group>
      </form>
    </Modal>
  );
}
