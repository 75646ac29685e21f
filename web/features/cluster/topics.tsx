import { Fragment } from 'react';
import { formatCount } from '../../ui/format.ts';
import { useTexts } from '../../ui/i18n.ts';
import type { BrokerColumn, ClusterMap, PartitionRow, Replica } from './cluster-map.ts';

/** Rows that fit at full height; with more, rows are lower, so that more of them are seen at once. */
const comfortableRows = 4;

export function Topics({ map }: { map: ClusterMap }) {
  const t = useTexts();
  const rows = map.topics.reduce((count, topic) => count + topic.rows.length, 0);
  return (
    <div className="topics-place">
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
          {map.topics.length === 0 && <NoTopics columns={map.brokers.length} />}
          {map.topics.map((topic) => (
            <Fragment key={topic.name}>
              <tr>
                <th scope="rowgroup" className="topics-name mono" title={topic.name}>
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
    </div>
  );
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

function NoTopics({ columns }: { columns: number }) {
  const t = useTexts();
  return (
    <tr>
      <td />
      <td className="topics-none" colSpan={columns}>
        <b>{t('cluster.emptyTopics')}</b>
        <span>{t('cluster.emptyTopicsHint')}</span>
      </td>
    </tr>
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
