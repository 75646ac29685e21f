/** One replica on the map: a box with words, or a tile where there are many. Leader solid, follower outlined. */
import { formatCount } from '../../ui/format.ts';
import { type Translate, useTexts } from '../../ui/i18n.ts';
import { useBoard } from './board-context.ts';
import type { PartitionRow, Replica } from './cluster-map.ts';
import { pointsAtPartition } from './look.ts';

interface Shown {
  readonly topic: string;
  readonly row: PartitionRow;
  readonly replica: Replica;
}

export function ReplicaBox(shown: Shown) {
  const t = useTexts();
  const { row, replica } = shown;
  const isLeader = replica.role === 'leader';
  const isNew = useIsNewLeader(shown);
  const trouble = troubleOf(replica, t);
  return (
    <span {...useCell(shown)} className="replica" data-fresh={isNew}>
      <span className="replica-role">{isLeader ? t('cluster.leader') : t('cluster.follower')}</span>
      {replica.preferred && (
        <span className="replica-preferred">
          {isLeader ? '★' : '☆'}
          <span className="replica-word">
            {isLeader ? t('cluster.preferred') : t('cluster.preferredLeader')}
          </span>
        </span>
      )}
      {isNew && <span className="replica-new">{t('map.newLeader')}</span>}
      <span className="grow" />
      {trouble === null && isLeader && row.end !== null ? (
        <span key={row.end} className="replica-offset">
          {formatCount(row.end)}
        </span>
      ) : (
        <span className="replica-trouble">{trouble}</span>
      )}
    </span>
  );
}

/** Its number, and a mark beside it where something is the matter: the words are in its label. */
export function ReplicaTile(shown: Shown) {
  const { row, replica } = shown;
  const isNew = useIsNewLeader(shown);
  const { place, look } = useBoard();
  const pointed =
    look?.partition !== undefined &&
    pointsAtPartition(look, { ...place, topic: shown.topic, partition: row.partition });
  const mark =
    row.alarm === 'offline' || !replica.inSync || replica.offline ? '!' : replica.moving ? '›' : '';
  return (
    <span {...useCell(shown)} className="replica tile" data-fresh={isNew} data-look={pointed}>
      {replica.role === 'leader' ? '●' : '○'}
      {row.partition}
      {mark && <b>{mark}</b>}
    </span>
  );
}

function useIsNewLeader({ topic, row, replica }: Shown): boolean {
  const { fresh, place } = useBoard();
  return fresh.some(
    (event) =>
      event.kind === 'leader' &&
      event.cluster === place.cluster &&
      event.topic === topic &&
      event.partition === row.partition &&
      event.to === replica.broker,
  );
}

/** Focusable by arrow keys; tells about itself where the pointer or the focus is. */
function useCell(shown: Shown) {
  const t = useTexts();
  const { point, place } = useBoard();
  const { topic, row, replica } = shown;
  const label = labelOf(shown, t);
  return {
    role: 'img',
    'aria-label': label,
    tabIndex: -1,
    'data-cell': `${place.cluster}/${topic}/${row.partition}`,
    'data-column': replica.broker,
    'data-role': replica.role,
    'data-offline': replica.offline,
    'data-in-sync': replica.inSync,
    'data-moving': replica.moving ?? undefined,
    onFocus: () => point(label),
    onBlur: () => point(null),
    onPointerEnter: () => point(label),
    onPointerLeave: () => point(null),
  } as const;
}

function troubleOf({ offline, inSync, moving }: Replica, t: Translate): string | null {
  if (offline) return t('cluster.offline');
  if (moving === 'adding') return t('map.adding');
  if (moving === 'removing') return t('map.removing');
  return inSync ? null : t('cluster.notInSync');
}

function labelOf({ topic, row, replica }: Shown, t: Translate): string {
  const trouble = troubleOf(replica, t);
  const role = [
    replica.role === 'leader' ? t('cluster.leader') : t('cluster.follower'),
    ...(replica.preferred ? [t('cluster.preferredLeader')] : []),
    ...(trouble === null ? [] : [trouble]),
    ...(row.alarm === 'offline' ? [t('cluster.noLeader')] : []),
  ].join(', ');
  const facts = [
    t('cluster.partitionLabel', { topic, partition: row.partition, broker: replica.broker, role }),
    ...(row.end === null ? [] : [t('map.detailEnd', { end: formatCount(row.end) })]),
    t('map.detailIsr', { isr: row.isr.join(', ') || '–' }),
  ];
  return facts.join(' · ');
}
