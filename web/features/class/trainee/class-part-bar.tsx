/** In the lab's header: the hand, and the time that is left. */
import { Button } from '@mantine/core';
import { useNow } from '../../../ui/format.ts';
import { useTexts } from '../../../ui/i18n.ts';
import { Icon } from '../../../ui/icons.tsx';
import { clock } from '../live/needs.ts';
import type { ClassPart } from './class-part.ts';

export function ClassPartBar({ part }: { part: ClassPart }) {
  const t = useTexts();
  const { state } = part;
  if (!state?.inClass) return null;
  const up = state.handAt !== null;
  return (
    <>
      {state.timer && <TimeLeft endsAt={state.timer.endsAt} offset={part.clockOffsetMs} />}
      <Button
        variant={up ? 'filled' : 'default'}
        {...(up ? { color: 'orange.9' } : {})}
        aria-pressed={up}
        data-testid="hand"
        leftSection={<Icon name="hand" size={16} />}
        onClick={() => part.raiseHand(!up)}
      >
        {t(up ? 'class.part.handDown' : 'class.part.handUp')}
      </Button>
    </>
  );
}

function TimeLeft({ endsAt, offset }: { endsAt: number; offset: number }) {
  const t = useTexts();
  const left = endsAt - (useNow(1_000) + offset);
  return (
    <span className="class-time" data-over={left <= 0} role="timer">
      {left <= 0 ? t('class.live.timeOver') : t('class.live.timeLeft', { time: clock(left) })}
    </span>
  );
}
