/**
 * Before and after of each partition. A replica is dragged to another place in its row to become leader or follower, or onto
 * another broker's chip to be exchanged with it; with the keyboard, arrow keys move it and a broker's number replaces it.
 */
import type { ReassignmentPlan } from '@brokerlab/server/contract';
import { formatBytes } from '../../ui/format.ts';
import { useTexts } from '../../ui/i18n.ts';
import { movedTo, replaced } from './replica-order.ts';

/** By `topic/partition`: what was changed by hand. */
export type Edited = ReadonlyMap<string, readonly number[]>;

export function PlanTable(props: {
  plan: ReassignmentPlan;
  edits: Edited;
  setEdits: (edits: Edited) => void;
  brokers: readonly number[];
}) {
  const { plan, edits, setEdits, brokers } = props;
  const t = useTexts();
  return (
    <div className="table-scroll console-plan">
      <table className="table console-table" aria-label={t('console.reassign.plan')}>
        <caption>{t('console.reassign.editHint')}</caption>
        <thead>
          <tr>
            <th>{t('console.topic.name')}</th>
            <th data-number>{t('console.partition.number')}</th>
            <th>{t('console.reassign.before')}</th>
            <th>{t('console.reassign.after')}</th>
            <th data-number>{t('console.reassign.data')}</th>
          </tr>
        </thead>
        <tbody>
          {plan.moves.map(({ topic, partition, before, after, bytesToMove }) => {
            const key = `${topic}/${partition}`;
            const replicas = edits.get(key) ?? after;
            return (
              <tr key={key} data-changed={replicas.join() !== before.join()}>
                <td>{topic}</td>
                <td data-number>{partition}</td>
                <td>
                  <span className="console-replicas">
                    {before.map((broker, index) => (
                      <span key={broker} className="console-chip" data-leader={index === 0}>
                        {broker}
                      </span>
                    ))}
                  </span>
                </td>
                <td>
                  <Replicas
                    label={key}
                    replicas={replicas}
                    brokers={brokers}
                    change={(next) => setEdits(new Map(edits).set(key, next))}
                  />
                </td>
                <td data-number>{formatBytes(bytesToMove)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Replicas(props: {
  label: string;
  replicas: readonly number[];
  brokers: readonly number[];
  change: (next: readonly number[]) => void;
}) {
  const { label, replicas, brokers, change } = props;
  const t = useTexts();
  const others = brokers.filter((broker) => !replicas.includes(broker));
  const drop = (event: React.DragEvent, index: number): void => {
    event.preventDefault();
    const [from, key] = event.dataTransfer.getData('text/plain').split('|');
    if (key === label) change(movedTo(replicas, Number(from), index));
  };
  return (
    <span className="console-replicas">
      {replicas.map((broker, index) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: the drop target is the place; the button in it has the keys
        <span
          key={broker}
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => drop(event, index)}
        >
          <button
            type="button"
            draggable
            className="console-chip"
            data-leader={index === 0}
            aria-label={t(index === 0 ? 'console.reassign.leaderChip' : 'console.reassign.followerChip', {
              partition: label,
              broker,
            })}
            onDragStart={(event) => event.dataTransfer.setData('text/plain', `${index}|${label}`)}
            onKeyDown={(event) => {
              if (event.key === 'ArrowLeft') change(movedTo(replicas, index, index - 1));
              if (event.key === 'ArrowRight') change(movedTo(replicas, index, index + 1));
              const broker = Number(event.key);
              if (others.includes(broker)) change(replaced(replicas, index, broker));
            }}
          >
            {broker}
          </button>
        </span>
      ))}
      {others.map((broker) => (
        <button
          key={broker}
          type="button"
          className="console-chip console-chip-other"
          title={t('console.reassign.useInstead', { broker })}
          aria-label={t('console.reassign.useInstead', { broker })}
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault();
            const [from, key] = event.dataTransfer.getData('text/plain').split('|');
            if (key === label) change(replaced(replicas, Number(from), broker));
          }}
          onClick={() => change(replaced(replicas, replicas.length - 1, broker))}
        >
          +{broker}
        </button>
      ))}
    </span>
  );
}
