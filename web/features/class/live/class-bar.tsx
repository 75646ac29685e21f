/** What one does to the class as a whole. What another of the staff has set is shown with their name, and set anew by saying so. */
import type { ClassState } from '@brokerlab/server/contract';
import { Button, Menu, Modal, NativeSelect, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type CallOptions, call } from '../../../api/rest.ts';
import { useNow } from '../../../ui/format.ts';
import { useLocalized, useTexts } from '../../../ui/i18n.ts';
import { Inline } from '../../../ui/markdown.tsx';
import { notifyError } from '../../../ui/notify.ts';
import { useStore } from '../../../ui/store.ts';
import { GiveDialog } from './give-dialog.tsx';
import { useLive, useLiveState } from './live-context.tsx';
import { clock } from './needs.ts';
import { SendDialog } from './send-dialog.tsx';
import { useAction } from './use-action.ts';

type Setting = 'pauseClass' | 'lockClassSteps' | 'setClassTimer';

function useSetting(): <Name extends Setting>(
  name: Name,
  body: NonNullable<CallOptions<Name>['body']>,
) => void {
  const { classId, view } = useLive();
  return (name, body) => {
    call(name, { path: { classId }, body } as CallOptions<typeof name>)
      .then((state) => view.takeState(state as ClassState)) // all of Setting's answer so
      .catch(notifyError);
  };
}

export function ClassBar(props: {
  labId: string | null;
  onLab: (labId: string) => void;
  othersShown: boolean;
  onOthers: () => void;
  onHideNames: () => void;
}) {
  const t = useTexts();
  const localized = useLocalized();
  const { labId, onHideNames } = props;
  const { namesHidden } = useLive();
  const [sending, setSending] = useState(false);
  const [giving, setGiving] = useState(false);
  const labs = useLiveState((state) => state.live?.labs);
  return (
    <div className="live-bar">
      <NativeSelect
        size="xs"
        aria-label={t('class.live.lab')}
        data-testid="live-lab"
        value={labId ?? ''}
        data={(labs ?? []).map((lab, index) => ({
          value: lab.id,
          label: `${index + 1}. ${localized(lab.title)} (${t('class.live.steps', { count: lab.steps.length })})`,
        }))}
        onChange={(event) => props.onLab(event.currentTarget.value)}
      />
      {(labs?.length ?? 0) > 1 && (
        <Button variant="subtle" color="gray" aria-pressed={props.othersShown} onClick={props.onOthers}>
          {t(props.othersShown ? 'class.live.hideOthers' : 'class.live.showOthers')}
        </Button>
      )}
      <Connection />
      <span className="grow" />
      <Button aria-pressed={namesHidden} data-testid="hide-names" onClick={onHideNames}>
        {t(namesHidden ? 'class.live.showNames' : 'class.live.hideNames')}
      </Button>
      <Pause />
      {labId !== null && <Locks labId={labId} />}
      <Timer />
      <ShowTerminal labId={labId} />
      <Button disabled={labId === null} data-testid="give-to-all" onClick={() => setGiving(true)}>
        {t('class.live.give')}
      </Button>
      <Button variant="filled" data-testid="send-to-all" onClick={() => setSending(true)}>
        {t('class.live.sendAll')}
      </Button>
      {labId && <GiveDialog opened={giving} to={null} labId={labId} onClose={() => setGiving(false)} />}
      <SendDialog opened={sending} to={null} labId={labId} stepId={null} onClose={() => setSending(false)} />
    </div>
  );
}

function Connection() {
  const t = useTexts();
  const { view } = useLive();
  const state = useStore(view.connection.store, (connection) => connection.state);
  if (state === 'connected') return null;
  return (
    <span className="live-offline" role="status">
      {t(`footer.connection.${state === 'refused' ? 'offline' : state}`)}
    </span>
  );
}

function Pause() {
  const t = useTexts();
  const set = useSetting();
  const paused = useLiveState((state) => state.state.paused);
  const [asking, setAsking] = useState(false);
  const [message, setMessage] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    set('pauseClass', { paused: true, message });
    setAsking(false);
  };
  if (paused) {
    return (
      <Button
        color="orange.9"
        variant="filled"
        data-testid="resume-all"
        title={paused.message}
        onClick={() => set('pauseClass', { paused: false })}
      >
        {t('class.live.resume', { by: paused.by })}
      </Button>
    );
  }
  return (
    <>
      <Button data-testid="pause-all" onClick={() => setAsking(true)}>
        {t('class.live.pause')}
      </Button>
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        size="sm"
        title={<b>{t('class.live.pause')}</b>}
        closeButtonProps={{ 'aria-label': t('app.close') }}
      >
        <form onSubmit={submit} style={{ display: 'grid', gap: 12 }}>
          <p>{t('class.live.pauseHint')}</p>
          <TextInput
            label={t('class.live.pauseMessage')}
            placeholder={t('class.live.pausePlaceholder')}
            value={message}
            maxLength={300}
            data-autofocus
            onChange={(event) => setMessage(event.currentTarget.value)}
          />
          <Button type="submit" variant="filled" size="xs" ml="auto" data-testid="pause-do">
            {t('class.live.pause')}
          </Button>
        </form>
      </Modal>
    </>
  );
}

function Locks({ labId }: { labId: string }) {
  const t = useTexts();
  const localized = useLocalized();
  const set = useSetting();
  const lab = useLiveState((state) => state.live?.labs.find(({ id }) => id === labId));
  const lockedFrom = useLiveState((state) => state.state.locks[labId] ?? null);
  const at = lab?.steps.findIndex(({ id }) => id === lockedFrom) ?? -1;
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button data-testid="locks">
          {at < 0 ? t('class.live.locks') : t('class.live.lockedAt', { number: at })}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('class.live.locksHint')}</Menu.Label>
        <Menu.Item onClick={() => set('lockClassSteps', { labId, stepId: null })}>
          {at < 0 ? '✓ ' : ''}
          {t('class.live.openAll')}
        </Menu.Item>
        {lab?.steps.slice(1).map((step, index) => (
          <Menu.Item key={step.id} onClick={() => set('lockClassSteps', { labId, stepId: step.id })}>
            {step.id === lockedFrom ? '✓ ' : ''}
            {t('class.live.openUpTo', { number: index + 1 })}{' '}
            <span className="quiet-text">
              <Inline text={localized(lab.steps[index]!.title)} />
            </span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

const minutesOffered = [10, 15, 20, 30, 45, 60] as const;

function Timer() {
  const t = useTexts();
  const set = useSetting();
  const act = useAction();
  const timer = useLiveState((state) => state.state.timer);
  const offset = useLiveState((state) => state.clockOffsetMs);
  const now = useNow(1_000) + offset;
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button data-testid="timer">
          {timer === null
            ? t('class.live.timer')
            : timer.endsAt <= now
              ? t('class.live.timeOver')
              : t('class.live.timeLeft', { time: clock(timer.endsAt - now) })}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {timer !== null && (
          <>
            <Menu.Item onClick={() => act('extendClassTime', { to: null, minutes: 5 })}>
              {t('class.live.extend')}
            </Menu.Item>
            <Menu.Item onClick={() => set('setClassTimer', { minutes: null })}>
              {t('class.live.timerOff')}
            </Menu.Item>
            <Menu.Divider />
          </>
        )}
        {minutesOffered.map((minutes) => (
          <Menu.Item key={minutes} onClick={() => set('setClassTimer', { minutes })}>
            {t('class.live.minutes', { count: minutes })}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The terminal that is shown is one's own, and stands in one's own lab page: there it is started. */
function ShowTerminal({ labId }: { labId: string | null }) {
  const t = useTexts();
  const { classId, view } = useLive();
  const broadcast = useLiveState((state) => state.state.broadcast);
  if (broadcast) {
    return (
      <Button
        color="orange.9"
        variant="filled"
        onClick={() =>
          void view.connection
            .request({ type: 'class.broadcast', classId, terminalId: null })
            .catch(notifyError)
        }
      >
        {t('class.live.showing', { by: broadcast.by })}
      </Button>
    );
  }
  return (
    <Button
      component="a"
      href={`/labs/${labId ?? ''}?class=${classId}`}
      target="_blank"
      rel="noopener"
      title={t('class.live.showHint')}
      {...(labId === null ? { 'aria-disabled': true } : {})}
    >
      {t('class.live.show')}
    </Button>
  );
}
