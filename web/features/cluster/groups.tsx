import { formatCount } from '../../ui/format.ts';
import { useTexts } from '../../ui/i18n.ts';
import type { GroupCard, GroupMember, GroupRow } from './cluster-map.ts';

export function Groups({ groups }: { groups: readonly GroupCard[] }) {
  if (groups.length === 0) return null;
  return (
    <div className="groups">
      {groups.map((group) => (
        <Group key={group.id} group={group} />
      ))}
    </div>
  );
}

function Group({ group }: { group: GroupCard }) {
  const t = useTexts();
  return (
    <section className="group" aria-label={t('cluster.group', { id: group.id })}>
      <h3>
        <b>{t('cluster.group', { id: group.id })}</b>
        <span className="group-state" data-behind={group.lag !== null && group.lag > 0}>
          {group.state} ·{' '}
          {group.lag === null ? t('cluster.lagUnknown') : t('cluster.lag', { count: group.lag })}
        </span>
      </h3>
      {group.members.length === 0 && <p className="quiet-text">{t('cluster.noMembers')}</p>}
      {group.members.map((member) => (
        <Member key={member.id} member={member} />
      ))}
    </section>
  );
}

function Member({ member }: { member: GroupMember }) {
  const t = useTexts();
  return (
    <div className="member" data-read={member.clientId !== null}>
      <p title={member.id}>{member.clientId ?? t('cluster.noMembers')}</p>
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
      <span className="mono">
        {row.topic} p{row.partition}
      </span>
      <span className="progress-bar" aria-hidden="true">
        <i style={{ width: `${share * 100}%` }} />
      </span>
      <span className="progress-lag">{row.lag === null ? '–' : t('cluster.lag', { count: row.lag })}</span>
      <span className="visually-hidden">{title}</span>
    </div>
  );
}
