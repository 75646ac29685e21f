/** Moving replicas: choose topics and brokers, see before and after, edit, execute with a limit, watch, cancel. */
import type { OngoingMove, ReassignmentPlan } from '@brokerlab/server/contract';
import { Button, Checkbox, MultiSelect, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { formatBytes } from '../../ui/format.ts';
import { useTexts } from '../../ui/i18n.ts';
import { notifyError } from '../../ui/notify.ts';
import { Empty } from '../../ui/states.tsx';
import { CommandLine } from './command-line.tsx';
import { commands } from './commands.ts';
import { Elections } from './elections.tsx';
import { tellFailures } from './parts.tsx';
import { type Edited, PlanTable } from './plan-table.tsx';
import { timeLeft } from './time-left.ts';
import { useAct, usePlace, useRead } from './use-console.ts';
import { useRates } from './use-samples.ts';

export function ReassignView({ topic }: { topic: string }) {
  const t = useTexts();
  return (
    <>
      <h2 className="console-title">{t('console.views.reassign')}</h2>
      <Ongoing />
      <Planner topics={topic === '' ? [] : topic.split(',')} />
      <Elections />
    </>
  );
}

function Planner({ topics: initial }: { topics: readonly string[] }) {
  const t = useTexts();
  const { bootstrap } = usePlace();
  const topics = useRead('consoleTopics', {}, { everyMs: 10_000 });
  const overview = useRead('consoleOverview');
  const up = (overview.data?.brokers ?? []).filter((broker) => broker.up).map(({ id }) => id);
  const [chosen, setChosen] = useState<readonly string[]>(initial);
  const [without, setWithout] = useState<ReadonlySet<number>>(new Set());
  const [replicationFactor, setReplicationFactor] = useState<number | null>(null);
  const [throttleMb, setThrottleMb] = useState<number | null>(null);
  const [plan, setPlan] = useState<ReassignmentPlan | null>(null);
  const [edits, setEdits] = useState<Edited>(new Map());
  const brokers = up.filter((id) => !without.has(id));
  const make = useAct('planReassignment');
  const execute = useAct('executeReassignment');
  const throttle = throttleMb === null ? null : Math.round(throttleMb * 1024 * 1024);
  const moves = (plan?.moves ?? []).map(({ topic, partition, after, before, changed }) => {
    const replicas = edits.get(`${topic}/${partition}`) ?? after;
    return {
      topic,
      partition,
      replicas: [...replicas],
      changed: changed || replicas.join() !== before.join(),
    };
  });
  const changed = moves.filter((move) => move.changed).map(({ changed: _, ...move }) => move);
  const forget = (): void => {
    setPlan(null);
    setEdits(new Map());
  };
  const generate = async (): Promise<void> => {
    try {
      setEdits(new Map());
      setPlan(await make.mutateAsync({ topics: [...chosen], brokers, replicationFactor }));
    } catch (error) {
      notifyError(error);
    }
  };
  const run = async (): Promise<void> => {
    try {
      if (
        tellFailures(await execute.mutateAsync({ moves: changed, throttle }), t('console.reassign.started'))
      )
        forget();
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <section className="section">
      <h2>{t('console.reassign.plan')}</h2>
      <div className="row console-tools">
        <MultiSelect
          size="xs"
          className="grow"
          label={t('console.views.topics')}
          placeholder={chosen.length === 0 ? t('console.reassign.chooseTopics') : ''}
          searchable
          data={(topics.data?.topics ?? []).map(({ name }) => name)}
          value={[...chosen]}
          onChange={(value) => {
            setChosen(value);
            forget();
          }}
        />
        <NumberInput
          size="xs"
          w={120}
          label={t('console.topic.replicas')}
          placeholder={t('console.reassign.asNow')}
          value={replicationFactor ?? ''}
          min={1}
          max={Math.max(1, brokers.length)}
          allowDecimal={false}
          onChange={(value) => {
            setReplicationFactor(typeof value === 'number' ? value : null);
            forget();
          }}
        />
        <NumberInput
          size="xs"
          w={130}
          label={t('console.reassign.throttle')}
          placeholder={t('console.reassign.noLimit')}
          value={throttleMb ?? ''}
          min={0.001}
          onChange={(value) => setThrottleMb(typeof value === 'number' && value > 0 ? value : null)}
        />
        <fieldset className="console-brokers">
          <legend>{t('console.brokers')}</legend>
          {up.map((id) => (
            <Checkbox
              key={id}
              size="xs"
              label={id}
              checked={!without.has(id)}
              onChange={(event) => {
                const next = new Set(without);
                if (event.currentTarget.checked) next.delete(id);
                else next.add(id);
                setWithout(next);
                forget();
              }}
            />
          ))}
        </fieldset>
        <Button
          size="xs"
          loading={make.isPending}
          disabled={chosen.length === 0 || brokers.length === 0}
          onClick={() => void generate()}
        >
          {t('console.reassign.generate')}
        </Button>
      </div>
      {plan === null && <CommandLine command={commands.generate(bootstrap, chosen, brokers)} />}
      {plan && (
        <>
          <PlanTable plan={plan} edits={edits} setEdits={setEdits} brokers={up} />
          <p className="console-tools">
            {changed.length === 0
              ? t('console.reassign.nothing')
              : t('console.reassign.toMove', { count: changed.length, bytes: formatBytes(plan.bytesToMove) })}
          </p>
          <CommandLine command={commands.execute(bootstrap, changed, throttle)} />
          <Button
            size="xs"
            variant="filled"
            loading={execute.isPending}
            disabled={changed.length === 0}
            data-testid="console-execute"
            onClick={() => void run()}
          >
            {t('console.reassign.execute')}
          </Button>
        </>
      )}
    </section>
  );
}

function Ongoing() {
  const t = useTexts();
  const { bootstrap } = usePlace();
  const ongoing = useRead('consoleMoves', {}, { everyMs: 1_000 });
  const cancel = useAct('cancelReassignment');
  const setThrottle = useAct('setThrottle');
  const moves = ongoing.data?.moves ?? [];
  const done = moves.reduce((sum, { bytesDone }) => sum + bytesDone, 0);
  const total = moves.reduce((sum, { bytesTotal }) => sum + bytesTotal, 0);
  const rate = useRates([{ key: 'moves', value: done }]).get('moves')?.oneMinute ?? 0;
  const throttle = ongoing.data?.throttle ?? null;
  const lift = () =>
    setThrottle.mutate(
      { throttle: null },
      { onSuccess: (answer) => tellFailures(answer, t('console.reassign.lifted')) },
    );
  return (
    <section className="section">
      <h2>{t('console.reassign.ongoing')}</h2>
      {throttle !== null && (
        <p className="row">
          {t('console.reassign.throttled', { rate: formatBytes(throttle) })}
          <Button size="compact-xs" loading={setThrottle.isPending} onClick={lift}>
            {t('console.reassign.lift')}
          </Button>
        </p>
      )}
      {moves.length === 0 ? (
        <Empty title={t('console.reassign.none')} />
      ) : (
        <>
          <p role="status">
            {t('console.reassign.progress', {
              done: formatBytes(done),
              total: formatBytes(total),
              left: timeLeft(total - done, rate),
            })}
          </p>
          <ul className="console-moves">
            {moves.map((move) => (
              <Move key={`${move.topic}/${move.partition}`} move={move} />
            ))}
          </ul>
          <Button
            size="xs"
            color="red.8"
            loading={cancel.isPending}
            onClick={() =>
              cancel.mutate(
                { partitions: moves.map(({ topic, partition }) => ({ topic, partition })) },
                { onSuccess: (answer) => tellFailures(answer, t('console.reassign.cancelled')) },
              )
            }
          >
            {t('console.reassign.cancel')}
          </Button>
        </>
      )}
      <CommandLine command={`${commands.moves(bootstrap)}\n${commands.verify(bootstrap)}`} />
    </section>
  );
}

function Move({ move }: { move: OngoingMove }) {
  const t = useTexts();
  const share = move.bytesTotal === 0 ? 0 : move.bytesDone / move.bytesTotal;
  return (
    <li>
      <span className="mono">
        {move.topic}-{move.partition}
      </span>
      <span>{t('console.reassign.adding', { brokers: move.adding.join(', ') || '–' })}</span>
      <span>{t('console.reassign.removing', { brokers: move.removing.join(', ') || '–' })}</span>
      <progress max={1} value={share} aria-label={`${move.topic}-${move.partition}`} />
      <span>{Math.round(share * 100)}%</span>
    </li>
  );
}
