import { Fragment, useEffect, useRef } from 'react';
import { formatCount } from '../../ui/format.ts';
import { useTexts } from '../../ui/i18n.ts';
import type { BrokerColumn, ClusterMap, PartitionRow, Replica } from './cluster-map.ts';

/** Rows that fit at full height; with more, rows are lower, so that more of them are seen at once. */
const comfortableRows = 4;

export function Topics({ map }: { map: ClusterMap }) {
  const t = useTexts();
  const place = useNewTopicInView(map);
  const rows = map.topics.reduce((count, topic) => count + topic.rows.length, 0);
  return (
    <div ref={place} className="topics-place">
      <table className="topics" data-dense={rows > comfortableRows}>
        <colgroup>
          <col className="topics-label" />
          {map.brokers.map((broker) => (
            <col key={broker.id} />
          ))}
        </colgroup>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">{t('cluster.topic')}</span>
            </th>
            {map.brokers.map((broker) => (
              <BrokerHead key={broker.id} broker={broker} />
            ))}
          </tr>
        </thead>
        <tbody>
          {map.topics.length === 0 && <EmptyLanes brokers={map.brokers} />}
          {map.topics.map((topic) => (
            <Fragment key={topic.name}>
              <tr>
                <th scope="rowgroup" className="topics-name mono" title={topic.name} data-topic={topic.name}>
                  {topic.name}
                </th>
                {map.brokers.map((broker) => (
                  <td key={broker.id} className="topics-lane" />
                ))}
              </tr>
              {topic.rows.map((row) => (
                <Row key={row.partition} topic={topic.name} row={row} brokers={map.brokers} />
              ))}
            </Fragment>
          ))}
          <tr>
            <td />
            {map.brokers.map((broker) => (
              <td key={broker.id} className="topics-lane topics-lane-end" />
            ))}
          </tr>
        </tbody>
      </table>
      {map.topics.length === 0 && <NoTopics />}
    </div>
  );
}

/** A topic that appears while one looks is brought into view; those of before stay where they are. */
function useNewTopicInView(map: ClusterMap) {
  const place = useRef<HTMLDivElement>(null);
  const known = useRef<ReadonlySet<string> | null>(null);
  useEffect(() => {
    const before = known.current;
    known.current = new Set(map.topics.map((topic) => topic.name));
    const appeared = before && map.topics.find((topic) => !before.has(topic.name));
    if (!appeared) return;
    const head = place.current?.querySelector(`[data-topic="${CSS.escape(appeared.name)}"]`);
    head?.closest('tr')?.nextElementSibling?.scrollIntoView({ block: 'nearest' });
    head?.scrollIntoView({ block: 'nearest' });
  }, [map]);
  return place;
}

function BrokerHead({ broker }: { broker: BrokerColumn }) {
  const t = useTexts();
  return (
    <th scope="col" className="broker" data-state={broker.state}>
      <span className="broker-head">
        <b>{t('cluster.broker', { id: broker.id })}</b>
        {broker.state !== 'up' && <span className="broker-state">{t(`cluster.state.${broker.state}`)}</span>}
        {broker.isController && <span className="broker-controller">{t('cluster.controller')}</span>}
      </span>
    </th>
  );
}

function EmptyLanes({ brokers }: { brokers: readonly BrokerColumn[] }) {
  return (
    <tr>
      <td />
      {brokers.map((broker) => (
        <td key={broker.id} className="topics-lane topics-lane-empty" />
      ))}
    </tr>
  );
}

function NoTopics() {
  const t = useTexts();
  return (
    <div className="topics-none">
      <b>{t('cluster.emptyTopics')}</b>
      <span>{t('cluster.emptyTopicsHint')}</span>
    </div>
  );
}

function Row(props: { topic: string; row: PartitionRow; brokers: readonly BrokerColumn[] }) {
  const t = useTexts();
  const { row } = props;
  return (
    <tr>
      <th scope="row" className="topics-partition">
        p{row.partition}
        {!row.hasLeader && <span className="topics-alarm">{t('cluster.noLeader')}</span>}
      </th>
      {row.cells.map((replica, index) => (
        <td key={props.brokers[index]?.id} className="topics-lane">
          {replica && <ReplicaBox topic={props.topic} row={row} replica={replica} />}
        </td>
      ))}
    </tr>
  );
}

function ReplicaBox({ topic, row, replica }: { topic: string; row: PartitionRow; replica: Replica }) {
  const t = useTexts();
  const role = replica.role === 'leader' ? t('cluster.leader') : t('cluster.follower');
  const marks = [
    role,
    ...(replica.preferred ? [t('cluster.preferredLeader')] : []),
    ...(replica.offline ? [t('cluster.offline')] : replica.inSync ? [] : [t('cluster.notInSync')]),
  ].join(', ');
  const label = t('cluster.partitionLabel', {
    topic,
    partition: row.partition,
    broker: replica.broker,
    role: marks,
  });
  return (
    <span
      className="replica"
      title={label}
      data-role={replica.role}
      data-offline={replica.offline}
      data-in-sync={replica.inSync}
    >
      <span className="replica-role">{role}</span>
      {replica.preferred && (
        <span className="replica-preferred">
          {replica.role === 'leader' ? '★' : '☆'}
          <span className="replica-word">
            {replica.role === 'leader' ? t('cluster.preferred') : t('cluster.preferredLeader')}
          </span>
        </span>
      )}
      <span className="grow" />
      <span className="replica-offset">
        {replica.offline
          ? t('cluster.offline')
          : !replica.inSync
            ? t('cluster.notInSync')
            : replica.role === 'leader' && row.lastOffset !== null
              ? formatCount(row.lastOffset)
              : ''}
      </span>
    </span>
  );
}
