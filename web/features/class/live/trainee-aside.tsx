/** The chosen trainee: why they need somebody, and what one can do for them. */
import type { LiveRow } from '@brokerlab/server/contract';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { call } from '../../../api/rest.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { formatAgo, useNow } from '../../../ui/format.ts';
import { useLocalized, useTexts } from '../../../ui/i18n.ts';
import { Icon } from '../../../ui/icons.tsx';
import { Inline } from '../../../ui/markdown.tsx';
import { notifyError } from '../../../ui/notify.ts';
import { GiveDialog } from './give-dialog.tsx';
import { useLive, useLiveState, useNameOf } from './live-context.tsx';
import { resultOf } from './live-table.tsx';
import { clock } from './needs.ts';
import { SendDialog } from './send-dialog.tsx';
import { StaffThere } from './staff-there.tsx';
import { TraineeLocks } from './trainee-locks.tsx';
import { useAction } from './use-action.ts';

export function TraineeAside(props: { row: LiveRow; onClose: () => void; onEnter: () => void }) {
  const t = useTexts();
  const localized = useLocalized();
  const nameOf = useNameOf();
  const { row } = props;
  const offset = useLiveState((state) => state.clockOffsetMs);
  const lab = useLiveState((state) => state.live?.labs.find(({ id }) => id === row.labId));
  const now = useNow(1_000) + offset;
  const stepNumber = (lab?.steps.findIndex(({ id }) => id === row.stepId) ?? -1) + 1;
  return (
    <aside className="live-aside" aria-label={nameOf(row)} data-testid="trainee-aside">
      <div className="live-aside-head">
        <h2>{nameOf(row)}</h2>
        <Button variant="subtle" color="gray" aria-label={t('app.close')} onClick={props.onClose}>
          <Icon name="close" />
        </Button>
        <p className="quiet-text">
          {[
            lab && localized(lab.title),
            stepNumber > 0 && t('lab.step', { number: stepNumber }),
            row.stepSince !== null && clock(now - row.stepSince),
            row.environment === 'none' ? t('class.live.noLab') : t(`trainees.environment.${row.environment}`),
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
        <StaffThere row={row} />
      </div>
      <div className="live-aside-body">
        {row.handAt !== null && <HandCard row={row} ago={formatAgo(now - row.handAt, t)} />}
        {row.reasons.map((reason) => (
          <div key={reason.kind} className="reason" data-severity={reason.severity}>
            <b>
              <Inline text={localized(reason.text)} />
            </b>
            <span className="quiet-text">{formatAgo(now - reason.since, t)}</span>
          </div>
        ))}
        {row.reasons.length === 0 && row.handAt === null && (
          <p className="quiet-text">{t('class.live.nothingWrong')}</p>
        )}
        {row.command && (
          <pre className="live-aside-command">
            <span>$</span> {row.command.text}
            {'\n'}
            <span>{resultOf(row.command.exitCode, t)}</span>
          </pre>
        )}
      </div>
      <Actions row={row} onEnter={props.onEnter} />
    </aside>
  );
}

function HandCard({ row, ago }: { row: LiveRow; ago: string }) {
  const t = useTexts();
  const { classId } = useLive();
  const lower = (): void => {
    call('lowerHand', { path: { classId, accountId: row.accountId } }).catch(notifyError);
  };
  return (
    <div className="reason" data-severity="look">
      <b>
        <Icon name="hand" /> {t('class.live.hand')} · {ago}
      </b>
      <Button size="compact-xs" onClick={lower}>
        {t('class.live.lowerHand')}
      </Button>
    </div>
  );
}

function Actions({ row, onEnter }: { row: LiveRow; onEnter: () => void }) {
  const t = useTexts();
  const act = useAction();
  const [sending, setSending] = useState(false);
  const [giving, setGiving] = useState(false);
  const [asking, setAsking] = useState<'restart' | 'reset' | null>(null);
  const to = [row.accountId];
  const { labId } = row;
  const timed = useLiveState((state) => state.state.timer !== null);
  return (
    <div className="live-aside-actions">
      <Button variant="filled" disabled={labId === null} data-testid="enter-trainee" onClick={onEnter}>
        {t('class.live.enter')}
      </Button>
      <Button data-testid="send-to-one" onClick={() => setSending(true)}>
        {t('class.live.send')}
      </Button>
      <Button disabled={labId === null} onClick={() => labId && act('openClassHint', { to, labId })}>
        {t('class.live.openHint')}
      </Button>
      <Button disabled={labId === null} data-testid="give-to-one" onClick={() => setGiving(true)}>
        {t('class.live.give')}
      </Button>
      <TraineeLocks row={row} />
      <Button disabled={labId === null} onClick={() => setAsking('restart')}>
        {t('class.live.restart')}
      </Button>
      <Button disabled={labId === null} color="red" onClick={() => setAsking('reset')}>
        {t('class.live.reset')}
      </Button>
      <Button disabled={!timed} onClick={() => act('extendClassTime', { to, minutes: 5 })}>
        {t('class.live.extend')}
      </Button>
      <SendDialog
        opened={sending}
        to={to}
        labId={labId}
        stepId={row.stepId}
        onClose={() => setSending(false)}
      />
      {labId && <GiveDialog opened={giving} to={to} labId={labId} onClose={() => setGiving(false)} />}
      <Confirm
        opened={asking !== null}
        title={t(asking === 'reset' ? 'class.live.reset' : 'class.live.restart')}
        confirm={t(asking === 'reset' ? 'lab.resetDo' : 'lab.restartDo')}
        danger={asking === 'reset'}
        onConfirm={() => labId && asking && act('actOnEnvironments', { to, labId, what: asking })}
        onClose={() => setAsking(null)}
      >
        {t(asking === 'reset' ? 'class.live.resetAsk' : 'class.live.restartAsk')}
      </Confirm>
    </div>
  );
}
