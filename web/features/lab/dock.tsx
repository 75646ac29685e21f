/** The dock on the right: cluster, files and terminals as tabs that can be moved, split and resized. */
import {
  DockviewReact,
  type DockviewReadyEvent,
  type IDockviewPanelHeaderProps,
  type IDockviewPanelProps,
} from 'dockview-react';
import { lazy, Suspense, useEffect, useRef } from 'react';
import 'dockview-react/dist/styles/dockview.css';
import { useTexts } from '../../ui/i18n.ts';
import { Loading } from '../../ui/states.tsx';
import { ClusterPanel } from '../cluster/cluster-panel.tsx';
import { TerminalPanel } from '../terminal/terminal-panel.tsx';
import { TerminalTab } from '../terminal/terminal-tab.tsx';
import { GroupActions } from './group-actions.tsx';
import { useLab } from './lab-context.tsx';
import './dock.css';

/** The editor is the heaviest part of the page and not needed to start: it comes when its tab is looked at. */
const FilesPanel = lazy(() =>
  import('../editor/files-panel.tsx').then((module) => ({ default: module.FilesPanel })),
);

/** Seldom looked at, and only of use once something runs. */
const WirePanel = lazy(() =>
  import('../wire/wire-panel.tsx').then((module) => ({ default: module.WirePanel })),
);

const components = {
  cluster: () => <ClusterPanel />,
  wire: () => (
    <Suspense fallback={<Loading />}>
      <WirePanel />
    </Suspense>
  ),
  files: () => (
    <Suspense fallback={<Loading />}>
      <FilesPanel />
    </Suspense>
  ),
  terminal: (props: IDockviewPanelProps<{ number: number }>) => (
    <TerminalPanel number={props.params.number} />
  ),
};

const theme = { name: 'brokerlab', className: 'dock-theme', dndPanelOverlay: 'group' as const };

export function Dock() {
  const { workspace } = useLab();
  const t = useTexts();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => () => workspace.detach(), [workspace]);
  return (
    <section ref={place} className="dock" aria-label={t('lab.workspace')}>
      <DockviewReact
        components={components}
        defaultTabComponent={PanelTab}
        rightHeaderActionsComponent={GroupActions}
        theme={theme}
        disableFloatingGroups
        announcements={false}
        onReady={(event: DockviewReadyEvent) => workspace.attach(event.api)}
      />
    </section>
  );
}

function PanelTab(props: IDockviewPanelHeaderProps<{ number?: number }>) {
  const t = useTexts();
  const { number } = props.params;
  const { api } = props;
  const titles = { cluster: t('cluster.title'), wire: t('wire.title') };
  const title = titles[api.id as keyof typeof titles] ?? t('editor.title');
  useEffect(() => {
    if (number === undefined) api.setTitle(title);
  }, [api, title, number]);
  if (number !== undefined) return <TerminalTab number={number} setTitle={(text) => api.setTitle(text)} />;
  return (
    <span className="dock-tab" data-testid={`tab-${api.id}`}>
      {title}
    </span>
  );
}
