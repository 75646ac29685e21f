/** The trainee's part of a running class, in the page of an open lab: asked for after every connect, then pushed. */
import type { ConsentAnswer, TraineeState } from '@brokerlab/server/contract';
import { useEffect, useState } from 'react';
import { notifyError } from '../../../ui/notify.ts';
import { useLab } from '../../lab/lab-context.tsx';

export interface ClassPart {
  /** Null: in no class, or not known yet. */
  readonly state: TraineeState | null;
  /** Server's clock minus ours. */
  readonly clockOffsetMs: number;
  raiseHand(up: boolean): void;
  markRead(messageIds: number[]): void;
  consent(consentId: string, answer: ConsentAnswer): void;
  revoke(consentId: string): void;
}

export function useClassPart(): ClassPart {
  const { session } = useLab();
  const { connection, labId } = session;
  const [state, setState] = useState<TraineeState | null>(null);
  const [clockOffsetMs, setOffset] = useState(0);
  useEffect(() => {
    const take = (next: TraineeState): void => {
      const { inClass, messages, consents } = next;
      setState(inClass || messages.length > 0 || consents.length > 0 ? next : null);
      setOffset(next.now - Date.now());
    };
    const endings = [
      connection.onConnect(() => {
        // Not answered (the connection went again): the next connect asks.
        connection.request({ type: 'class.enter', labId }).then(take, () => undefined);
      }),
      connection.on('class.trainee', (message) => take(message.state)),
    ];
    return () => {
      for (const end of endings) end();
    };
  }, [connection, labId]);
  return {
    state,
    clockOffsetMs,
    raiseHand: (up) => void connection.request({ type: 'class.hand', up }).catch(notifyError),
    markRead: (messageIds) => connection.tell({ type: 'class.read', messageIds }),
    consent: (consentId, answer) =>
      void connection.request({ type: 'class.consent', consentId, answer }).catch(notifyError),
    revoke: (consentId) => void connection.request({ type: 'class.revoke', consentId }).catch(notifyError),
  };
}
