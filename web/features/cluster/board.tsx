/** One cluster: brokers side by side, in each the replicas it holds. */
import { Fragment, memo } from 'react';
import { formatCount } from '../../ui/format.ts';
import { useTexts } from '../../ui/i18n.ts';
import { useBoard } from './board-context.ts';
import type { BrokerColumn, ClusterMap, PartitionRow, TopicRows } from './cluster-map.ts';
import { pointsAtBroker, pointsAtPartition } from './look.ts';
import { ReplicaBox, ReplicaTile } from './replica.tsx';

export function Board({ map }: { map: ClusterMap }) {
  const t = useTexts();
  const comfortable = map.topics.reduce((count, topic) => count + topic.rows.length, 0) <= 4;
  return (
    <div className="topics-place">
      <table className="topics" data-dense={!comfortable}>
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
              <TopicHead topic={topic} brokers={map.brokers} />
              {topic.dense ? (
                <Tiles topic={topic} brokers={map.brokers} />
              ) : (
                topic.rows.map((row) => (
                  <Row key={row.partition} topic={topic.name} row={row} brokers={map.brokers} />
                ))
              )}
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

function BrokerHead({ broker }: { broker: BrokerColumn }) {
  const t = useTexts();
  const { place, look } = useBoard();
  const pointed = pointsAtBroker(look, { ...place, broker: broker.id });
  const { state } = broker;
  const word =
    state === 'fenced' || state === 'silent' ? t(`map.seen.${state}`) : t(`cluster.state.${state}`);
  return (
    <th
      scope="col"
      className="broker"
      data-state={state}
      data-look={pointed}
      data-testid={`map-broker-${broker.id}`}
      title={[broker.address, broker.rack && `rack ${broker.rack}`].filter(Boolean).join(' · ')}
    >
      <span className="broker-head">
        <b>{t('cluster.broker', { id: broker.id })}</b>
        {state !== 'up' && <span className="broker-state">{word}</span>}
        {pointed && <span className="look-word">{t('map.lookHere')}</span>}
        {broker.isController && <span className="broker-controller">{t('cluster.controller')}</span>}
      </span>
    </th>
  );
}

function TopicHead({ topic, brokers }: { topic: TopicRows; brokers: readonly BrokerColumn[] }) {
  const t = useTexts();
  const { place, look } = useBoard();
  const pointed =
    look?.topic === topic.name &&
    look.partition === undefined &&
    pointsAtPartition(look, { ...place, topic: topic.name, partition: 0 });
  return (
    <tr data-topic={topic.name}>
      <th scope="rowgroup" className="topics-name mono" title={topic.name} data-look={pointed}>
        {topic.name}
        {pointed && <span className="look-word">{t('map.lookHere')}</span>}
        {topic.source !== null && (
          <span className="topics-source">{t('map.mirrorOf', { source: topic.source })}</span>
        )}
      </th>
      {brokers.map((broker) => (
        <td key={broker.id} className="topics-lane" />
      ))}
    </tr>
  );
}

const Row = memo(function Row(props: { topic: string; row: PartitionRow; brokers: readonly BrokerColumn[] }) {
  const t = useTexts();
  const { row, topic } = props;
  const { place, look } = useBoard();
  const pointed =
    look?.partition !== undefined && pointsAtPartition(look, { ...place, topic, partition: row.partition });
  return (
    <tr data-look={pointed}>
      <th scope="row" className="topics-partition">
        p{row.partition}
        {row.alarm === 'offline' && <span className="topics-alarm">! {t('cluster.noLeader')}</span>}
        {row.alarm === 'underReplicated' && (
          <span className="topics-alarm" data-tone="warn">
            ! {t('map.underReplicated')}
          </span>
        )}
        {pointed && <span className="look-word">{t('map.lookHere')}</span>}
      </th>
      {row.cells.map((replica, index) => (
        <td key={props.brokers[index]?.id} className="topics-lane">
          {replica && <ReplicaBox topic={topic} row={row} replica={replica} />}
        </td>
      ))}
    </tr>
  );
}, sameRow);

/** A row is drawn anew only when something in it moved. */
function sameRow(
  before: { topic: string; row: PartitionRow; brokers: readonly BrokerColumn[] },
  now: { topic: string; row: PartitionRow; brokers: readonly BrokerColumn[] },
): boolean {
  return before.topic === now.topic && JSON.stringify(before.row) === JSON.stringify(now.row);
}

function Tiles({ topic, brokers }: { topic: TopicRows; brokers: readonly BrokerColumn[] }) {
  const t = useTexts();
  const alarms = topic.rows.filter(({ alarm }) => alarm !== null).length;
  const records = topic.rows.reduce((sum, row) => sum + (row.records ?? 0), 0);
  return (
    <tr>
      <th scope="row" className="topics-partition topics-many">
        <span>{t('map.partitions', { count: topic.rows.length })}</span>
        <span>{t('map.detailRecords', { records: formatCount(records) })}</span>
        {alarms > 0 && <span className="topics-alarm">! {alarms}</span>}
      </th>
      {brokers.map((broker, index) => (
        <td key={broker.id} className="topics-lane topics-tiles">
          <div className="tiles">
            {topic.rows.map((row) => {
              const replica = row.cells[index];
              return replica ? (
                <ReplicaTile key={row.partition} topic={topic.name} row={row} replica={replica} />
              ) : null;
            })}
          </div>
        </td>
      ))}
    </tr>
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
