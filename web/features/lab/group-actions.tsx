/** The buttons at the right end of a group's tabs: new terminal, beside, find. */
import { TERMINALS_MAX } from '@brokerlab/server/contract';
import type { IDockviewHeaderActionsProps } from 'dockview-react';
import { useTexts } from '../../ui/i18n.ts';
import { Icon, type IconName } from '../../ui/icons.tsx';
import { notifyError } from '../../ui/notify.ts';
import { useLab, useLabState } from './lab-context.tsx';
import { openTerminal } from './run-in-terminal.ts';
import { numberOf } from './workspace.ts';

export function GroupActions(props: IDockviewHeaderActionsProps) {
  const t = useTexts();
  const lab = useLab();
  const { session } = lab;
  const count = useLabState((state) => state.terminals?.length ?? 0);
  const ready = useLabState((state) => state.environment?.state === 'ready');
  const active = useLabState((state) => {
    const number = props.activePanel ? numberOf(props.activePanel.id) : null;
    return state.terminals?.find((terminal) => terminal.number === number) ?? null;
  });
  const number = props.activePanel ? numberOf(props.activePanel.id) : null;
  if (number === null) return null;
  const full = count >= TERMINALS_MAX;
  const isFirst = props.containerApi.groups.find((group) =>
    group.panels.some((panel) => numberOf(panel.id) !== null),
  );
  const open = (beside: boolean): void => {
    openTerminal(lab, beside ? { besideOf: number } : {}).catch(notifyError);
  };
  return (
    <div className="group-actions">
      <Action
        name="plus"
        label={full ? t('terminal.tooMany') : t('terminal.new')}
        disabled={!ready || full}
        {...(isFirst === props.group ? { testId: 'new-terminal' } : {})}
        onClick={() => open(false)}
      />
      <Action name="split" label={t('terminal.split')} disabled={!ready || full} onClick={() => open(true)} />
      <Action
        name="search"
        label={t('terminal.search')}
        disabled={!active}
        onClick={() => active && session.hub.sessionOf(active).view.set({ searching: true })}
      />
    </div>
  );
}

function Action(props: {
  name: IconName;
  label: string;
  disabled: boolean;
  testId?: string;
  onClick: () => void;
}) {
  return (
    <button
      type="button"
      className="group-action"
      aria-label={props.label}
      title={props.label}
      disabled={props.disabled}
      data-testid={props.testId}
      onClick={props.onClick}
    >
      <Icon name={props.name} size={14} />
    </button>
  );
}
