/** A figure of a concept or a step: drawn from the trainee's cluster, or from the example where there is none to draw. */
import type { ClusterView, Figure } from '@brokerlab/server/contract';
import { useQuery } from '@tanstack/react-query';
import { clusterQuery } from '../../api/queries.ts';
import { formatCount } from '../../ui/format.ts';
import { useTexts } from '../../ui/i18n.ts';
import { Inline } from '../../ui/markdown.tsx';
import { brokersOf, canDraw, EXAMPLE, groupOf, logsOf, membersOf, topicOf } from './figure-data.ts';
import './figures.css';

/** `labId`: the lab that is open; null: none is. */
export function ClusterFigure({ figure, labId }: { figure: Figure; labId: string | null }) {
  const t = useTexts();
  const live = useQuery(clusterQuery(labId)).data;
  // A step's figure names what is on this cluster; an example would mislead there.
  const shown = live && (figure.name !== null || canDraw(live, figure)) ? live : undefined;
  return (
    <figure className="figure" data-testid={`figure-${figure.figure}`} data-live={shown !== undefined}>
      <p className="figure-source" title={shown ? undefined : t('concepts.exampleHint')}>
        {shown ? t('concepts.live') : t('concepts.example')}
      </p>
      <Drawing figure={figure} view={shown ?? EXAMPLE} />
      <figcaption>
        <Inline text={figure.caption} />
      </figcaption>
    </figure>
  );
}

function Drawing({ figure, view }: { figure: Figure; view: ClusterView }) {
  switch (figure.figure) {
    case 'brokers':
      return <Brokers view={view} />;
    case 'topic':
      return <Topic view={view} name={figure.name} />;
    case 'log':
      return <Log view={view} name={figure.name} />;
    case 'group':
      return <Group view={view} name={figure.name} />;
  }
}

function Brokers({ view }: { view: ClusterView }) {
  const t = useTexts();
  return (
    <ul className="figure-brokers">
      {brokersOf(view).map((broker) => (
        <li key={broker.id} data-up={broker.up}>
          <b>{t('concepts.broker', { id: broker.id })}</b>
          {broker.isController && <span className="figure-mark">{t('concepts.controller')}</span>}
          <span className="mono figure-quiet">{broker.up ? broker.address : t('concepts.down')}</span>
          <span className="figure-quiet">
            {t('concepts.leaders', { count: broker.leaders })} ·{' '}
            {t('concepts.replicas', { count: broker.replicas })}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Topic({ view, name }: { view: ClusterView; name: string | null }) {
  const t = useTexts();
  const topic = topicOf(view, name);
  if (!topic) return <p className="figure-none">{t('concepts.noTopic')}</p>;
  const brokers = brokersOf(view);
  return (
    <div className="table-scroll">
      <table className="figure-topic">
        <caption className="mono">{topic.name}</caption>
        <thead>
          <tr>
            <td />
            {brokers.map(({ id }) => (
              <th key={id} scope="col">
                {t('concepts.broker', { id })}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {topic.partitions.map((partition) => (
            <tr key={partition.partition}>
              <th scope="row">
                p{partition.partition}
                {partition.leader === null && <em>{t('concepts.noLeader')}</em>}
              </th>
              {brokers.map(({ id }) => (
                <td key={id}>
                  {partition.replicas.includes(id) && <Replica partition={partition} broker={id} />}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type Partition = ClusterView['topics'][number]['partitions'][number];

function Replica({ partition, broker }: { partition: Partition; broker: number }) {
  const t = useTexts();
  const leads = partition.leader === broker;
  const inSync = partition.isr.includes(broker);
  const preferred = partition.replicas[0] === broker;
  return (
    <span className="figure-replica" data-leader={leads} data-in-sync={inSync}>
      {leads ? t('concepts.leader') : inSync ? t('concepts.follower') : t('concepts.behind')}
      {preferred && <span title={t('concepts.preferred')}>{leads ? ' ★' : ' ☆'}</span>}
      {preferred && <span className="visually-hidden">{t('concepts.preferred')}</span>}
    </span>
  );
}

function Log({ view, name }: { view: ClusterView; name: string | null }) {
  const t = useTexts();
  const topic = topicOf(view, name);
  if (!topic) return <p className="figure-none">{t('concepts.noTopic')}</p>;
  return (
    <div className="figure-rows">
      <p className="mono figure-name">{topic.name}</p>
      {logsOf(topic).map(({ partition, first, last, from, to }) => (
        <div key={partition} className="figure-log">
          <span>p{partition}</span>
          <span className="figure-bar" aria-hidden="true">
            <i style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }} />
          </span>
          <span className="figure-quiet">
            <span aria-hidden="true">
              {formatCount(first)}–{formatCount(last)}
            </span>
            <span className="visually-hidden">
              {t('concepts.logFrom', {
                first: formatCount(first),
                last: formatCount(last),
                count: last - first,
              })}
            </span>
          </span>
        </div>
      ))}
    </div>
  );
}

function Group({ view, name }: { view: ClusterView; name: string | null }) {
  const t = useTexts();
  const group = groupOf(view, name);
  if (!group) return <p className="figure-none">{t('concepts.noGroup')}</p>;
  return (
    <div className="figure-rows">
      <p className="mono figure-name">{group.id}</p>
      {membersOf(group).map((member) => (
        <div key={member.id} className="figure-member" data-idle={member.rows.length === 0}>
          <b>{member.clientId ?? t('concepts.nobody')}</b>
          {member.rows.length === 0 && <span className="figure-quiet">{t('concepts.idle')}</span>}
          {member.rows.map(({ topic, partition, lag, share }) => (
            <div key={`${topic}/${partition}`} className="figure-log">
              <span className="mono">
                {topic} p{partition}
              </span>
              <span className="figure-bar" aria-hidden="true">
                <i style={{ left: 0, width: `${share * 100}%` }} />
              </span>
              <span className="figure-quiet">{lag === null ? '–' : t('concepts.lag', { count: lag })}</span>
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
