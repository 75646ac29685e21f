/** The class while it runs: bar, numbers, who needs somebody, everybody's steps, and the one that is chosen. */
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { useTexts } from '../../../ui/i18n.ts';
import { Empty, Failure, Loading } from '../../../ui/states.tsx';
import { useStore } from '../../../ui/store.ts';
import { ClassBar } from './class-bar.tsx';
import { type LiveClassView, openLiveClass } from './live-class.ts';
import { LiveProvider, useLiveState } from './live-context.tsx';
import { LiveTable } from './live-table.tsx';
import { NeedsStrip } from './needs-strip.tsx';
import { Numbers } from './numbers.tsx';
import { OutcomeDialog } from './outcome-dialog.tsx';
import { TraineeAside } from './trainee-aside.tsx';
import { TraineeView } from './trainee-view.tsx';
import './live.css';

export function LiveScreen({ classId, trainee }: { classId: string; trainee: string | null }) {
  const t = useTexts();
  const [view, setView] = useState<LiveClassView | null>(null);
  useEffect(() => {
    const opened = openLiveClass(classId);
    setView(opened);
    return () => opened.close();
  }, [classId]);
  if (!view) return <Loading />;
  return <Watched key={classId} classId={classId} view={view} trainee={trainee} failed={t('class.failed')} />;
}

function Watched(props: { classId: string; view: LiveClassView; trainee: string | null; failed: string }) {
  const { classId, view, trainee } = props;
  const [namesHidden, setNamesHidden] = useState(false);
  const error = useStore(view.store, (state) => state.error);
  const known = useStore(view.store, (state) => state.live !== null);
  const value = useMemo(() => ({ classId, view, namesHidden }), [classId, view, namesHidden]);
  if (error) return <Failure title={props.failed} error={error} />;
  if (!known) return <Loading />;
  return (
    <LiveProvider value={value}>
      {trainee === null ? (
        <Overview onHideNames={() => setNamesHidden(!namesHidden)} />
      ) : (
        <TraineeView accountId={trainee} />
      )}
      <OutcomeDialog />
    </LiveProvider>
  );
}

function Overview({ onHideNames }: { onHideNames: () => void }) {
  const t = useTexts();
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<string | null>(null);
  const labs = useLiveState((state) => state.live?.labs ?? []);
  const rows = useLiveState((state) => state.rows);
  const classId = useLiveState((state) => state.live?.classId ?? '');
  const [othersShown, setOthersShown] = useState(labs.length <= 6);
  const [picked, setPicked] = useState<string | null>(null);
  const labId = picked ?? mostIn(rows.map((row) => row.labId)) ?? labs[0]?.id ?? null;
  const row = rows.find(({ accountId }) => accountId === chosen);
  return (
    <div className="live">
      <ClassBar
        labId={labId}
        onLab={setPicked}
        othersShown={othersShown}
        onOthers={() => setOthersShown(!othersShown)}
        onHideNames={onHideNames}
      />
      <Numbers labId={labId} />
      <NeedsStrip chosen={chosen} onChoose={setChosen} />
      <div className="live-body" data-aside={row !== undefined}>
        {rows.length === 0 ? (
          <Empty title={t('class.roster.empty')}>{t('class.roster.emptyHint')}</Empty>
        ) : (
          <LiveTable
            labId={labId}
            othersShown={othersShown}
            onLab={setPicked}
            chosen={chosen}
            onChoose={setChosen}
          />
        )}
        {row && (
          <TraineeAside
            row={row}
            onClose={() => setChosen(null)}
            onEnter={() =>
              void navigate({
                to: '/classes/$classId',
                params: { classId },
                search: { tab: 'live', trainee: row.accountId },
              })
            }
          />
        )}
      </div>
    </div>
  );
}

/** The lab most of them are in. */
function mostIn(labIds: readonly (string | null)[]): string | null {
  const counts = new Map<string, number>();
  for (const labId of labIds) if (labId !== null) counts.set(labId, (counts.get(labId) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0] ?? null;
}
