/** Preferred leaders put in their place, now or every few minutes while this page is open. */
import { Button, NativeSelect } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTexts } from '../../ui/i18n.ts';
import { notifyError } from '../../ui/notify.ts';
import { CommandLine } from './command-line.tsx';
import { commands } from './commands.ts';
import { tellFailures } from './parts.tsx';
import { useAct, usePlace, useRead } from './use-console.ts';

const minutes = [0, 1, 5, 15, 60] as const;

export function Elections() {
  const t = useTexts();
  const { bootstrap } = usePlace();
  const overview = useRead('consoleOverview');
  const elect = useAct('electLeaders');
  const [every, setEvery] = useState(0);
  const [last, setLast] = useState<{ submitted: Date; completed: Date | null } | null>(null);
  const run = async (): Promise<void> => {
    const submitted = new Date();
    setLast({ submitted, completed: null });
    try {
      tellFailures(await elect.mutateAsync({ partitions: [] }), t('console.elect.done'));
      setLast({ submitted, completed: new Date() });
    } catch (error) {
      notifyError(error);
    }
  };
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    if (every === 0) return;
    const timer = setInterval(() => void latest.current(), every * 60_000);
    return () => clearInterval(timer);
  }, [every]);
  const preferred = overview.data?.preferredPercent ?? 100;
  const clock = (date: Date | null) => date?.toTimeString().slice(0, 8) ?? '–';
  return (
    <section className="section">
      <h2>{t('console.elect.title')}</h2>
      <p>
        {preferred === 100
          ? t('console.elect.allPreferred')
          : t('console.elect.some', { percent: preferred })}
      </p>
      <div className="row console-tools">
        <Button size="xs" loading={elect.isPending} disabled={preferred === 100} onClick={() => void run()}>
          {t('console.elect.do')}
        </Button>
        <NativeSelect
          size="xs"
          aria-label={t('console.elect.every')}
          data={minutes.map((value) => ({
            value: String(value),
            label:
              value === 0 ? t('console.elect.byHand') : t('console.elect.everyMinutes', { count: value }),
          }))}
          value={String(every)}
          onChange={(event) => setEvery(Number(event.currentTarget.value))}
        />
        {last && (
          <span className="quiet-text">
            {t('console.elect.times', { submitted: clock(last.submitted), completed: clock(last.completed) })}
          </span>
        )}
      </div>
      <CommandLine command={commands.elect(bootstrap, [])} />
    </section>
  );
}
