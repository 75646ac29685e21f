/** Over the lab: who looks on or types, what the instructor says, their terminal, and the veil of a paused class. */
import type { ClassMessage, TraineeState } from '@brokerlab/server/contract';
import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { formatAgo, useNow } from '../../../ui/format.ts';
import { useTexts } from '../../../ui/i18n.ts';
import { Prose } from '../../../ui/markdown.tsx';
import { useLab } from '../../lab/lab-context.tsx';
import { BroadcastPanel } from './broadcast-panel.tsx';
import type { ClassPart } from './class-part.ts';
import { ConsentCards } from './consent-cards.tsx';
import './class-part.css';

export function ClassOverlay({ part, onStep }: { part: ClassPart; onStep: (stepId: string) => void }) {
  const { state } = part;
  if (!state) return null;
  return (
    <>
      <ConsentCards onlookers={state.onlookers} consents={state.consents} part={part} />
      <Messages part={part} state={state} onStep={onStep} />
      {state.broadcast && (
        <BroadcastPanel key={`${state.broadcast.byId}/${state.broadcast.at}`} by={state.broadcast.by} />
      )}
      {state.paused && <Veil by={state.paused.by} message={state.paused.message} />}
    </>
  );
}

function Messages(props: { part: ClassPart; state: TraineeState; onStep: (stepId: string) => void }) {
  const { part, state, onStep } = props;
  const t = useTexts();
  const now = useNow(20_000) + part.clockOffsetMs;
  if (state.messages.length === 0) return null;
  const read = (...messages: readonly ClassMessage[]): void => part.markRead(messages.map(({ id }) => id));
  return (
    <section className="class-messages" aria-label={t('class.part.messages')} aria-live="polite">
      {state.messages.slice(-4).map((message) => (
        <article
          key={message.id}
          className="class-message"
          data-kind={message.kind}
          data-testid="class-message"
        >
          <header>
            <b>{t(`class.part.kinds.${message.kind}`, { from: message.from })}</b>
            <span className="quiet-text">{formatAgo(now - message.at, t)}</span>
          </header>
          <MessageBody message={message} onStep={onStep} onDone={() => read(message)} />
          <Button size="compact-xs" onClick={() => read(message)} data-testid="read-message">
            {t('class.part.read')}
          </Button>
        </article>
      ))}
      {state.messages.length > 1 && (
        <Button size="compact-xs" variant="subtle" onClick={() => read(...state.messages)}>
          {t('class.part.readAll', { count: state.messages.length })}
        </Button>
      )}
    </section>
  );
}

function MessageBody(props: { message: ClassMessage; onStep: (stepId: string) => void; onDone: () => void }) {
  const { message, onStep, onDone } = props;
  const t = useTexts();
  const { content } = useLab();
  const number = content.steps.findIndex(({ id }) => id === message.stepId) + 1;
  const here = message.labId === content.id && number > 0;
  return (
    <div className="class-message-text">
      {message.kind === 'file' ? (
        <p>
          <span className="mono">{message.text}</span>
        </p>
      ) : (
        message.text !== '' && <Prose text={message.text} />
      )}
      {message.kind === 'state' && (
        <p>{t(number > 0 ? 'class.part.stateGiven' : 'class.part.endGiven', { number })}</p>
      )}
      {message.kind === 'restart' && <p>{t('class.part.restarted')}</p>}
      {message.kind === 'reset' && <p>{t('class.part.wasReset')}</p>}
      {(message.kind === 'step' || message.kind === 'state') &&
        (here ? (
          <Button
            size="compact-xs"
            variant="filled"
            onClick={() => {
              onStep(message.stepId ?? '');
              onDone();
            }}
          >
            {t('class.part.toStep', { number })}
          </Button>
        ) : (
          <a href={`/labs/${message.labId}`}>{t('class.part.toLab')}</a>
        ))}
    </div>
  );
}

/** Takes the focus, so that nothing is typed behind it; gives it back when the class goes on. */
function Veil({ by, message }: { by: string; message: string }) {
  const t = useTexts();
  const place = useRef<HTMLDialogElement>(null);
  const [before] = useState(() => document.activeElement);
  useEffect(() => {
    place.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, [before]);
  return (
    <dialog ref={place} className="veil" data-testid="veil" onCancel={(event) => event.preventDefault()}>
      <p className="veil-title">{t('class.part.paused')}</p>
      {message !== '' && <p className="veil-message">{message}</p>}
      <p className="quiet-text">{t('class.part.pausedBy', { by })}</p>
    </dialog>
  );
}
