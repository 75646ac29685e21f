/** MirrorMaker between the clusters: an arrow with what is copied and how far it is behind. */
import { formatCount } from '../../ui/format.ts';
import { useTexts } from '../../ui/i18n.ts';
import type { Flow } from './flows.ts';

export function FlowArrows({ flows }: { flows: readonly Flow[] }) {
  const t = useTexts();
  return (
    <>
      {flows.map((flow) => (
        <section
          key={`${flow.from}/${flow.to}`}
          className="flow"
          data-testid={`map-flow-${flow.from}-${flow.to}`}
          aria-label={t('map.flowTitle', { from: flow.from, to: flow.to })}
        >
          <b>{flow.from}</b>
          <span className="flow-line" aria-hidden="true">
            <i />
          </span>
          <b>{flow.to}</b>
          <span className="flow-topics mono">
            {flow.topics.map(({ topic, remote }) => t('map.flowTopic', { topic, remote })).join(', ')}
          </span>
          <span className="flow-behind" data-behind={flow.behind !== null && flow.behind > 0}>
            {flow.behind === null
              ? t('map.flowUnknown')
              : flow.behind === 0
                ? t('map.flowCaughtUp')
                : t('map.flowBehind', { records: formatCount(flow.behind) })}
          </span>
        </section>
      ))}
    </>
  );
}
