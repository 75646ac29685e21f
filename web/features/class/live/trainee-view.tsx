/**
 * One trainee's lab, looked at: their instructions with the state of each check, their terminals as they are drawn, their files,
 * their cluster. Typing is asked for, and lasts as long as the trainee lets it.
 */
import type { LabContent, LiveRow, Onlooker, TypingAnswer } from '@brokerlab/server/contract';
import { Button, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { call } from '../../../api/rest.ts';
import { useLocalized, useTexts } from '../../../ui/i18n.ts';
import { notify, notifyError } from '../../../ui/notify.ts';
import { useDrawnTheme } from '../../../ui/preferences.ts';
import { Empty, Failure, Loading } from '../../../ui/states.tsx';
import { ClusterPanel } from '../../cluster/cluster-panel.tsx';
import { useFreshTexts } from '../../lab/fresh-texts.ts';
import { LabProvider, useLab, useLabState } from '../../lab/lab-context.tsx';
import { type LabSession, openLabSession } from '../../lab/lab-session.ts';
import { createWorkspace } from '../../lab/workspace.ts';
import { WirePanel } from '../../wire/wire-panel.tsx';
import { useLive, useLiveState, useNameOf } from './live-context.tsx';
import { MirrorTerminals } from './mirror-terminals.tsx';
import { StaffThere } from './staff-there.tsx';
import { TraineeFiles } from './trainee-files.tsx';
import { TraineeSteps } from './trainee-steps.tsx';

export function TraineeView({ accountId }: { accountId: string }) {
  const t = useTexts();
  const { classId } = useLive();
  const row = useLiveState((state) => state.rows.find((one) => one.accountId === accountId));
  // The lab they were in when one came stays, also when they go on to another.
  const [labId] = useState(row?.labId ?? null);
  if (!row || labId === null) {
    return (
      <Empty title={t('class.live.noLab')}>
        <Link to="/classes/$classId" params={{ classId }} search={{ tab: 'live' }}>
          {t('class.live.backToClass')}
        </Link>
      </Empty>
    );
  }
  return <Looked key={`${accountId}/${labId}`} row={row} labId={labId} />;
}

function Looked({ row, labId }: { row: LiveRow; labId: string }) {
  const t = useTexts();
  const { classId } = useLive();
  const { accountId } = row;
  const theme = useDrawnTheme();
  const [session, setSession] = useState<LabSession | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of theme must not look anew
  useEffect(() => {
    const opened = openLabSession(labId, theme, { classId, accountId });
    setSession(opened);
    return () => opened.close();
  }, [labId, classId, accountId]);
  const content = useQuery({
    queryKey: ['classes', classId, 'trainee', accountId, labId],
    queryFn: ({ signal }) => call('readTraineeLab', { path: { classId, accountId, labId }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (content.error) {
    return <Failure title={t('lab.failedLoad')} error={content.error} retry={() => void content.refetch()} />;
  }
  if (!content.data || !session) return <Loading />;
  const readAgain = () => void content.refetch();
  return <Open row={row} session={session} content={content.data} readAgain={readAgain} />;
}

const parts = ['terminals', 'files', 'cluster', 'wire'] as const;
type Part = (typeof parts)[number];

function Open(props: { row: LiveRow; session: LabSession; content: LabContent; readAgain: () => void }) {
  const { row, session, content } = props;
  useFreshTexts(content, session, props.readAgain);
  const t = useTexts();
  const localized = useLocalized();
  const nameOf = useNameOf();
  const { classId } = useLive();
  const [part, setPart] = useState<Part>('terminals');
  const workspace = useMemo(
    () => createWorkspace(`look.${row.accountId}.${content.id}`),
    [row.accountId, content.id],
  );
  const value = useMemo(() => ({ session, content, workspace }), [session, content, workspace]);
  return (
    <LabProvider value={value}>
      <div className="look">
        <div className="live-bar">
          <Link to="/classes/$classId" params={{ classId }} search={{ tab: 'live' }} className="look-back">
            ← {t('class.live.backToClass')}
          </Link>
          <b>{nameOf(row)}</b>
          <span className="quiet-text">
            {localized(content.title)} · {t(row.online ? 'trainees.online' : 'trainees.offline')}
          </span>
          <StaffThere row={row} />
          <span className="grow" />
          <Link
            to="/labs/$labId/console"
            params={{ labId: content.id }}
            search={{ trainee: row.accountId }}
            target="_blank"
            className="look-back"
          >
            {t('class.live.console')}
          </Link>
          <Typing session={session} />
          <SegmentedControl
            size="xs"
            value={part}
            onChange={(next) => setPart(next as Part)}
            data={parts.map((one) => ({
              value: one,
              label: <span data-testid={`part-${one}`}>{t(`class.live.parts.${one}`)}</span>,
            }))}
          />
        </div>
        <div className="look-body">
          <TraineeSteps />
          <div className="look-part">
            <Part part={part} accountId={row.accountId} />
          </div>
        </div>
      </div>
    </LabProvider>
  );
}

function Part({ part, accountId }: { part: Part; accountId: string }) {
  const t = useTexts();
  const { session } = useLab();
  const openError = useLabState((state) => state.openError);
  const running = useLabState(
    ({ environment }) => environment?.state === 'ready' || environment?.state === 'starting',
  );
  if (openError) return <Failure title={t('lab.failedLoad')} error={openError} retry={session.openLab} />;
  if (!running) return <Empty title={t('class.live.asleep')}>{t('class.live.asleepHint')}</Empty>;
  if (part === 'terminals') return <MirrorTerminals />;
  if (part === 'files') return <TraineeFiles accountId={accountId} />;
  if (part === 'wire') return <WirePanel />;
  return <ClusterPanel />;
}

/** Nothing of it outlives the connection: after a lost one it is asked for anew. */
function Typing({ session }: { session: LabSession }) {
  const t = useTexts();
  const [typing, setTyping] = useState<Onlooker['typing']>('no');
  useEffect(() => {
    const take = (next: TypingAnswer): void => {
      session.hub.allowTyping(next === 'granted');
      setTyping(next === 'granted' || next === 'asked' ? next : 'no');
      if (next !== 'granted' && next !== 'asked' && next !== 'no')
        notify(t(`class.live.typingNot.${next}`), { tone: 'warn' });
    };
    const endings = [
      session.connection.on('class.typing', (message) => take(message.typing)),
      session.connection.store.subscribe(() => {
        if (session.connection.store.get().state !== 'connected') take('no');
      }),
      session.connection.on('class.closed', () => location.reload()),
    ];
    return () => {
      for (const end of endings) end();
    };
  }, [session, t]);
  const ask = (on: boolean): void => {
    session.connection.request({ type: 'class.askToType', on }).catch(notifyError);
  };
  if (typing === 'no') {
    return (
      <Button data-testid="ask-to-type" onClick={() => ask(true)}>
        {t('class.live.askToType')}
      </Button>
    );
  }
  return (
    <Button
      data-testid="typing"
      data-state={typing}
      variant={typing === 'granted' ? 'filled' : 'default'}
      {...(typing === 'granted' ? { color: 'orange.9' } : {})}
      onClick={() => ask(false)}
    >
      {t(typing === 'granted' ? 'class.live.typingGranted' : 'class.live.typingAsked')}
    </Button>
  );
}
