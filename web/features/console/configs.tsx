/** Settings of a topic or broker with default, source and meaning; those that may be changed are changed here. */
import type { ConsoleConfig } from '@brokerlab/server/contract';
import { Button, Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTexts } from '../../ui/i18n.ts';
import { notifyError } from '../../ui/notify.ts';
import { usePreferences } from '../../ui/preferences.ts';
import { CommandLine } from './command-line.tsx';
import { commands } from './commands.ts';
import { koreanMeaning } from './config-meanings.ts';
import { tellFailures } from './parts.tsx';
import { useAct, usePlace } from './use-console.ts';

export interface ConfigEntity {
  readonly type: 'topics' | 'brokers';
  readonly name: string;
}

export function ConfigTable({
  configs,
  entity,
}: {
  configs: readonly ConsoleConfig[];
  entity: ConfigEntity;
}) {
  const t = useTexts();
  const [filter, setFilter] = useState('');
  const [onlySet, setOnlySet] = useState(false);
  const [editing, setEditing] = useState<string | null>(null);
  // What was set here first, then by name.
  const sorted = [...configs].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  const shown = sorted.filter(
    ({ name, source }) => name.includes(filter.trim()) && (!onlySet || source !== 'DEFAULT_CONFIG'),
  );
  return (
    <>
      <div className="row console-tools">
        <TextInput
          size="xs"
          placeholder={t('console.config.filter')}
          aria-label={t('console.config.filter')}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
        <Checkbox
          size="xs"
          label={t('console.config.onlySet')}
          checked={onlySet}
          onChange={(event) => setOnlySet(event.currentTarget.checked)}
        />
        <span className="quiet-text">
          {t('console.rows', { shown: shown.length, total: configs.length })}
        </span>
      </div>
      <div className="table-scroll">
        <table className="table console-table" aria-label={t('console.tabs.configs')}>
          <thead>
            <tr>
              <th>{t('console.config.name')}</th>
              <th>{t('console.config.value')}</th>
              <th>{t('console.config.default')}</th>
              <th>{t('console.config.source')}</th>
              <th aria-label={t('console.config.edit')} />
            </tr>
          </thead>
          <tbody>
            {shown.map((config) => (
              <ConfigRow
                key={config.name}
                config={config}
                entity={entity}
                editing={editing === config.name}
                setEditing={(on) => setEditing(on ? config.name : null)}
              />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function ConfigRow(props: {
  config: ConsoleConfig;
  entity: ConfigEntity;
  editing: boolean;
  setEditing: (on: boolean) => void;
}) {
  const { config, entity, editing, setEditing } = props;
  const t = useTexts();
  const { language } = usePreferences();
  const isSet = config.source.startsWith('DYNAMIC_');
  return (
    <>
      <tr data-set={isSet}>
        <td>
          <span className="mono">{config.name}</span>
          <span className="console-meaning">
            {language === 'ko' ? koreanMeaning(config.name) : config.documentation}
          </span>
        </td>
        <td className="mono">{config.sensitive ? '••••' : (config.value ?? '–')}</td>
        <td className="mono quiet-text">{config.defaultValue ?? '–'}</td>
        <td className="console-source">{sourceWord(config.source, t)}</td>
        <td>
          {!config.readOnly && !editing && (
            <Button
              size="compact-xs"
              aria-label={`${t('console.config.edit')} ${config.name}`}
              onClick={() => setEditing(true)}
            >
              {t('console.config.edit')}
            </Button>
          )}
        </td>
      </tr>
      {editing && (
        <tr>
          <td colSpan={5}>
            <ConfigForm config={config} entity={entity} isSet={isSet} close={() => setEditing(false)} />
          </td>
        </tr>
      )}
    </>
  );
}

function rank({ source }: ConsoleConfig): number {
  return source === 'DYNAMIC_TOPIC_CONFIG' || source === 'DYNAMIC_BROKER_CONFIG' ? 0 : 1;
}

function sourceWord(source: string, t: ReturnType<typeof useTexts>): string {
  const known = {
    DYNAMIC_TOPIC_CONFIG: t('console.config.sources.topic'),
    DYNAMIC_BROKER_CONFIG: t('console.config.sources.broker'),
    DYNAMIC_DEFAULT_BROKER_CONFIG: t('console.config.sources.allBrokers'),
    STATIC_BROKER_CONFIG: t('console.config.sources.file'),
    DEFAULT_CONFIG: t('console.config.sources.default'),
  };
  return known[source as keyof typeof known] ?? source;
}

function ConfigForm(props: {
  config: ConsoleConfig;
  entity: ConfigEntity;
  isSet: boolean;
  close: () => void;
}) {
  const { config, entity, isSet, close } = props;
  const t = useTexts();
  const { bootstrap } = usePlace();
  const [value, setValue] = useState(config.value ?? '');
  const topic = useAct('alterTopicConfigs', { topic: entity.name });
  const broker = useAct('alterBrokerConfigs', { broker: entity.name });
  const act = entity.type === 'topics' ? topic : broker;
  const save = async (next: string | null): Promise<void> => {
    try {
      const answer = await act.mutateAsync({ changes: [{ name: config.name, value: next }] });
      if (tellFailures(answer, t('console.config.saved', { name: config.name }))) close();
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <form
      className="console-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save(value);
      }}
    >
      <div className="row">
        <TextInput
          size="xs"
          className="grow mono"
          aria-label={config.name}
          value={value}
          data-autofocus
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        <Button size="xs" type="submit" variant="filled" loading={act.isPending}>
          {t('console.config.save')}
        </Button>
        {isSet && (
          <Button size="xs" onClick={() => void save(null)}>
            {t('console.config.unset')}
          </Button>
        )}
        <Button size="xs" variant="subtle" onClick={close}>
          {t('app.cancel')}
        </Button>
      </div>
      <CommandLine command={commands.alterConfig(bootstrap, entity, { name: config.name, value })} />
    </form>
  );
}
