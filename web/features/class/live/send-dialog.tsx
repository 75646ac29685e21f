/** A message, a hint, a link to a step, or a file, for one or for all. */
import {
  Button,
  FileButton,
  Group,
  Modal,
  NativeSelect,
  SegmentedControl,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useState } from 'react';
import { useLocalized, useTexts } from '../../../ui/i18n.ts';
import { useLiveState } from './live-context.tsx';
import { useAction } from './use-action.ts';

type Kind = 'message' | 'hint' | 'step' | 'file';
const kinds = ['message', 'hint', 'step', 'file'] as const;

export function SendDialog(props: {
  opened: boolean;
  /** Null: everybody. */
  to: string[] | null;
  labId: string | null;
  stepId: string | null;
  onClose: () => void;
}) {
  const t = useTexts();
  const [kind, setKind] = useState<Kind>('message');
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={<b>{t(props.to === null ? 'class.live.sendAll' : 'class.live.send')}</b>}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <SegmentedControl
        fullWidth
        size="xs"
        mb={12}
        value={kind}
        onChange={(value) => setKind(value as Kind)}
        data={kinds.map((value) => ({ value, label: t(`class.live.kinds.${value}`) }))}
      />
      {kind === 'file' ? <SendFile {...props} /> : <SendWords key={kind} kind={kind} {...props} />}
    </Modal>
  );
}

interface Target {
  readonly to: string[] | null;
  readonly labId: string | null;
  readonly stepId: string | null;
  readonly onClose: () => void;
}

function SendWords({ kind, to, labId, stepId, onClose }: Target & { kind: 'message' | 'hint' | 'step' }) {
  const t = useTexts();
  const localized = useLocalized();
  const act = useAction();
  const labs = useLiveState((state) => state.live?.labs ?? []);
  const [text, setText] = useState('');
  const lab = labs.find(({ id }) => id === labId);
  const [step, setStep] = useState(stepId ?? lab?.steps[0]?.id ?? '');
  const linked = kind === 'step';
  const ready = linked ? lab !== undefined && step !== '' : text.trim() !== '';
  const send = (): void => {
    act('sendClassMessage', {
      to,
      kind,
      text: text.trim(),
      labId: kind === 'message' ? null : labId,
      stepId: linked ? step : kind === 'hint' ? stepId : null,
    });
    onClose();
  };
  return (
    <>
      {linked && (
        <NativeSelect
          label={lab ? localized(lab.title) : t('class.live.noLab')}
          value={step}
          mb={10}
          data={(lab?.steps ?? []).map((one, index) => ({
            value: one.id,
            label: `${index + 1}. ${localized(one.title)}`,
          }))}
          onChange={(event) => setStep(event.currentTarget.value)}
        />
      )}
      <Textarea
        label={t('class.live.text')}
        autosize
        minRows={3}
        maxRows={10}
        maxLength={2000}
        data-autofocus
        data-testid="send-text"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Buttons ready={ready} onSend={send} onClose={onClose} />
    </>
  );
}

const fileBytesMax = 200_000;

function SendFile({ to, labId, onClose }: Target) {
  const t = useTexts();
  const act = useAction();
  const [path, setPath] = useState('');
  const [content, setContent] = useState('');
  const take = async (file: File | null): Promise<void> => {
    if (!file) return;
    setContent((await file.text()).slice(0, fileBytesMax));
    setPath((known) => known || file.name);
  };
  const send = (): void => {
    if (labId === null) return;
    act('sendClassFile', { to, labId, path: path.trim(), content });
    onClose();
  };
  return (
    <>
      <TextInput
        label={t('class.live.path')}
        placeholder="given/consumer.mjs"
        value={path}
        maxLength={200}
        onChange={(event) => setPath(event.currentTarget.value)}
      />
      <Textarea
        label={t('class.live.content')}
        mt={10}
        minRows={5}
        maxRows={14}
        autosize
        classNames={{ input: 'mono' }}
        spellCheck={false}
        value={content}
        onChange={(event) => setContent(event.currentTarget.value)}
      />
      <FileButton onChange={(file) => void take(file)}>
        {(button) => (
          <Button {...button} mt={8}>
            {t('class.roster.file')}
          </Button>
        )}
      </FileButton>
      <Buttons ready={labId !== null && path.trim() !== ''} onSend={send} onClose={onClose} />
    </>
  );
}

function Buttons({ ready, onSend, onClose }: { ready: boolean; onSend: () => void; onClose: () => void }) {
  const t = useTexts();
  return (
    <Group justify="flex-end" mt="md" gap={8}>
      <Button size="xs" onClick={onClose}>
        {t('app.cancel')}
      </Button>
      <Button size="xs" variant="filled" disabled={!ready} data-testid="send" onClick={onSend}>
        {t('class.live.sendDo')}
      </Button>
    </Group>
  );
}
