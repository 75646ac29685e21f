/** Which exchanges are kept and shown. */
import type { WireFilter } from '@brokerlab/server/contract';
import type { ReactNode } from 'react';
import { useTexts } from '../../ui/i18n.ts';
import { apis } from './wire-view.ts';

export function WireFilters(props: {
  filter: WireFilter;
  onFilter: (filter: WireFilter) => void;
  clusters: readonly string[];
  children: ReactNode;
}) {
  const t = useTexts();
  const { filter, onFilter, clusters } = props;
  const change = (part: Partial<WireFilter>): void => onFilter({ ...filter, ...part });
  return (
    <div className="wire-filters">
      {clusters.length > 1 && (
        <select
          aria-label={t('wire.cluster')}
          value={filter.cluster ?? clusters[0]}
          onChange={(event) => {
            const cluster = event.currentTarget.value;
            const { cluster: _before, ...rest } = filter;
            onFilter(cluster === clusters[0] ? rest : { ...rest, cluster });
          }}
        >
          {clusters.map((cluster) => (
            <option key={cluster}>{cluster}</option>
          ))}
        </select>
      )}
      <select
        aria-label={t('wire.api')}
        data-testid="wire-filter-api"
        value={filter.apis[0] ?? ''}
        onChange={(event) => {
          const { value } = event.currentTarget;
          change({ apis: value === '' ? [] : [Number(value)] });
        }}
      >
        <option value="">{t('wire.allApis')}</option>
        {apis.map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
      <input
        aria-label={t('wire.client')}
        placeholder={t('wire.client')}
        data-testid="wire-filter-client"
        value={filter.clientId}
        maxLength={200}
        onChange={(event) => change({ clientId: event.currentTarget.value })}
      />
      <input
        aria-label={t('wire.topic')}
        placeholder={t('wire.topic')}
        data-testid="wire-filter-topic"
        value={filter.topic}
        maxLength={249}
        onChange={(event) => change({ topic: event.currentTarget.value })}
      />
      <label>
        <input
          type="checkbox"
          checked={filter.brokers}
          onChange={(event) => change({ brokers: event.currentTarget.checked })}
        />
        {t('wire.brokers')}
      </label>
      <label>
        <input
          type="checkbox"
          checked={filter.own}
          onChange={(event) => change({ own: event.currentTarget.checked })}
        />
        {t('wire.own')}
      </label>
      {props.children}
    </div>
  );
}
