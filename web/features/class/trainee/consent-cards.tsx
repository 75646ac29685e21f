/** Who of the staff looks on, what they ask to change, and what they may, with the way to end it. */
import type { Consent, Onlooker } from '@brokerlab/server/contract';
import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { useNow } from '../../../ui/format.ts';
import { useTexts } from '../../../ui/i18n.ts';
import { wordsOf } from '../consent-words.ts';
import type { ClassPart } from './class-part.ts';

export function ConsentCards(props: {
  onlookers: readonly Onlooker[];
  consents: readonly Consent[];
  part: ClassPart;
}) {
  const { onlookers, consents, part } = props;
  const asked = consents.filter(({ state }) => state === 'asked');
  const allowed = consents.filter(({ state }) => state !== 'asked');
  useTitleMark(asked.length > 0);
  if (onlookers.length === 0 && consents.length === 0) return null;
  return (
    <div className="onlookers">
      <div className="onlookers-list" role="status">
        {onlookers.map((onlooker) => (
          <OnlookerLine key={onlooker.id} onlooker={onlooker} />
        ))}
        {allowed.map((consent) => (
          <Allowed key={consent.id} consent={consent} part={part} />
        ))}
      </div>
      <div className="onlookers-list" role="alert">
        {asked.map((consent) => (
          <Question key={consent.id} consent={consent} part={part} />
        ))}
      </div>
    </div>
  );
}

function OnlookerLine({ onlooker }: { onlooker: Onlooker }) {
  const t = useTexts();
  const { name, typing } = onlooker;
  return (
    <div className="onlooker" data-typing={typing} data-testid="onlooker">
      <span aria-hidden="true">{typing === 'granted' ? '⌨' : '◉'}</span>
      {t(typing === 'granted' ? 'class.part.types' : 'class.part.looks', { name })}
    </div>
  );
}

/** Answered by the buttons only: an Enter meant for the terminal answers nothing. */
function Question({ consent, part }: { consent: Consent; part: ClassPart }) {
  const t = useTexts();
  const { id, by, subject, until } = consent;
  const left = Math.max(0, Math.ceil(((until ?? 0) - (useNow(1_000) + part.clockOffsetMs)) / 1_000));
  return (
    <div className="consent" data-testid="consent-question" data-what={subject.what}>
      <p>
        <b>{t('class.part.asks', { by })}</b> {wordsOf(subject, t)}
        <span className="consent-left"> · {t('class.part.secondsLeft', { count: left })}</span>
      </p>
      <div className="consent-answers">
        <Button size="sm" variant="filled" data-testid="consent" onClick={() => part.consent(id, 'once')}>
          {t(subject.what === 'terminal' ? 'class.part.allowTyping' : 'class.part.allowOnce')}
        </Button>
        <Button size="sm" data-testid="consent-session" onClick={() => part.consent(id, 'session')}>
          {t('class.part.allowSession')}
        </Button>
        <Button size="sm" data-testid="consent-refuse" onClick={() => part.consent(id, 'refused')}>
          {t('class.part.refuse')}
        </Button>
      </div>
    </div>
  );
}

function Allowed({ consent, part }: { consent: Consent; part: ClassPart }) {
  const t = useTexts();
  const { id, by, subject, state } = consent;
  return (
    <div className="onlooker" data-typing="granted" data-testid="allowed" data-state={state}>
      {t(`class.part.may.${subject.what}`, { by })}
      <Button size="compact-sm" data-testid="revoke" onClick={() => part.revoke(id)}>
        {t('class.part.revoke')}
      </Button>
    </div>
  );
}

/** In another tab one sees that something waits here. */
function useTitleMark(on: boolean): void {
  useEffect(() => {
    if (!on) return;
    const before = document.title;
    document.title = `● ${before}`;
    return () => {
      document.title = before;
    };
  }, [on]);
}
