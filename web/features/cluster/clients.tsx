/** Who writes and who reads: producers that leave a trace, consumer groups with members, assignments and lag. */
import { formatAgo, formatCount } from '../../ui/format.ts';
import { useTexts } from '../../ui/i18n.ts';
import { useBoard } from './board-context.ts';
import type { ClusterMap, GroupCard, GroupRow, MemberCard, ProducerCard } from './cluster-map.ts';
import { pointsAtGroup } from './look.ts';

const producersMax = 5;
const placesMax = 6;

export function Clients({ map, at }: { map: ClusterMap; at: number }) {
  const t = useTexts();
  if (map.groups.length === 0 && map.producers.length === 0) return null;
  return (
    <div className="groups">
      {map.groups.map((group) => (
        <Group key={group.id} group={group} />
      ))}
      {map.groupsLeftOut > 0 && (
        <p className="quiet-text">{t('map.groupsMore', { count: map.groupsLeftOut })}</p>
      )}
      {map.producers.length > 0 && <Producers producers={map.producers} at={at} />}
    </div>
  );
}

function Group({ group }: { group: GroupCard }) {
  const t = useTexts();
  const { place, look } = useBoard();
  const pointed = pointsAtGroup(look, { ...place, group: group.id });
  return (
    <section
      className="group"
      data-look={pointed}
      data-testid={`map-group-${group.id}`}
      aria-label={t('cluster.group', { id: group.id })}
    >
      <h3>
        <b title={t(`map.protocol.${group.protocol}`)}>{t('cluster.group', { id: group.id })}</b>
        {pointed && <span className="look-word">{t('map.lookHere')}</span>}
        <span
          className="group-state"
          data-behind={group.state !== 'Stable' || (group.lag !== null && group.lag > 0)}
        >
          {group.state} ·{' '}
          {group.lag === null ? t('cluster.lagUnknown') : t('cluster.lag', { count: group.lag })}
        </span>
      </h3>
      {group.members.length === 0 && <p className="quiet-text">{t('cluster.noMembers')}</p>}
      {group.members.map((member) => (
        <Member key={member.id} member={member} />
      ))}
      {group.membersLeftOut > 0 && (
        <p className="quiet-text">{t('map.membersMore', { count: group.membersLeftOut })}</p>
      )}
      {group.unread.length > 0 && (
        <div className="member" data-read="false">
          <p>{t('map.unread')}</p>
          {group.unread.map((row) => (
            <Progress key={`${row.topic}/${row.partition}`} row={row} />
          ))}
        </div>
      )}
    </section>
  );
}

function Member({ member }: { member: MemberCard }) {
  const t = useTexts();
  return (
    <div className="member">
      <p title={member.id}>
        {member.clientId}
        {member.instanceId !== '' && ` · ${member.instanceId}`}
      </p>
      {member.rows.length === 0 && <p className="quiet-text">{t('map.idle')}</p>}
      {member.rows.map((row) => (
        <Progress key={`${row.topic}/${row.partition}`} row={row} />
      ))}
    </div>
  );
}

/** How far a partition is read: the filled part of the bar is committed, the rest is lag. */
function Progress({ row }: { row: GroupRow }) {
  const t = useTexts();
  const share =
    row.committed !== null && row.end ? Math.min(1, row.committed / row.end) : row.end === 0 ? 1 : 0;
  const title =
    row.committed === null
      ? t('cluster.noOffset')
      : t('cluster.committed', { committed: formatCount(row.committed), end: formatCount(row.end ?? 0) });
  return (
    <div className="progress" title={title}>
      <span className="progress-place mono">
        {row.topic} p{row.partition}
      </span>
      <span className="progress-bar" aria-hidden="true">
        <i style={{ width: `${share * 100}%` }} />
      </span>
      <span className="progress-lag" data-behind={row.lag !== null && row.lag > 0}>
        {row.lag === null ? '–' : t('cluster.lag', { count: row.lag })}
      </span>
      <span className="visually-hidden">{title}</span>
    </div>
  );
}

function Producers({ producers, at }: { producers: readonly ProducerCard[]; at: number }) {
  const t = useTexts();
  return (
    <section className="group" aria-label={t('map.producers')}>
      <h3>
        <b>{t('map.producers')}</b>
      </h3>
      {producers.slice(0, producersMax).map((producer) => (
        <div key={producer.id} className="member producer">
          <p>
            {t('map.producer', { id: producer.id })}
            {producer.transactional && <span className="producer-open"> · {t('map.transaction')}</span>}
            <span className="producer-at">
              {t('map.producerAt', { ago: formatAgo(at - producer.lastAt, t) })}
            </span>
          </p>
          <p className="mono producer-places">
            {producer.places
              .slice(0, placesMax)
              .map((place) => t('map.producerPlace', place))
              .join(', ')}
            {producer.places.length > placesMax && ' …'}
          </p>
        </div>
      ))}
      {producers.length > producersMax && (
        <p className="quiet-text">{t('map.producersMore', { count: producers.length - producersMax })}</p>
      )}
    </section>
  );
}
