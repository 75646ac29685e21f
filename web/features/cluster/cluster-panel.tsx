/** The cluster as the course draws it: brokers side by side, each partition's replicas in them, groups at the right. */
import { useEffect, useState } from 'react';
import { useTexts } from '../../ui/i18n.ts';
import { Empty } from '../../ui/states.tsx';
import { useLab, useLabState } from '../lab/lab-context.tsx';
import { type ClusterMap, drawMap } from './cluster-map.ts';
import './cluster.css';
import { Groups } from './groups.tsx';
import { Topics } from './topics.tsx';

const noBrokers: never[] = [];

export function ClusterPanel() {
  const t = useTexts();
  const { session } = useLab();
  const view = useLabState((state) => state.cluster);
  const brokerStates = useLabState((state) =>
    state.environment?.state === 'ready' ? state.environment.brokers : noBrokers,
  );
  const [showInternal, setShowInternal] = useState(false);
  useEffect(() => session.watchCluster(), [session]);
  if (!view) return <Empty title={t('cluster.waiting')} />;
  const map = drawMap(view, { brokerStates, showInternal });
  return (
    <div className="cluster">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and F6 brings the focus here */}
      <section className="cluster-body" tabIndex={0} data-panel-focus aria-label={t('cluster.map')}>
        <Topics map={map} />
        <Groups groups={map.groups} />
      </section>
      <Legend
        map={map}
        truncated={view.truncated}
        internal={{ shown: showInternal, show: setShowInternal }}
      />
    </div>
  );
}

function Legend(props: {
  map: ClusterMap;
  truncated: boolean;
  internal: { shown: boolean; show: (shown: boolean) => void };
}) {
  const t = useTexts();
  return (
    <div className="cluster-legend">
      <span>
        <i className="legend-mark" data-role="leader" /> {t('cluster.leader')}
      </span>
      <span>
        <i className="legend-mark" data-role="follower" /> {t('cluster.follower')}
      </span>
      <span>★ {t('cluster.preferredLeader')}</span>
      <span>
        <i className="legend-mark" data-role="behind" /> {t('cluster.notInSync')}
      </span>
      <span>
        <i className="legend-mark" data-role="offline" /> {t('cluster.offline')}
      </span>
      <span className="grow">{props.truncated && t('cluster.truncated')}</span>
      {props.map.internalTopics > 0 && (
        <label className="cluster-internal">
          <input
            type="checkbox"
            checked={props.internal.shown}
            onChange={(event) => props.internal.show(event.currentTarget.checked)}
          />
          {t('cluster.showInternal')}
        </label>
      )}
    </div>
  );
}
