import { Menu } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTexts } from '../../ui/i18n.ts';
import { Icon } from '../../ui/icons.tsx';
import type { FileRow } from './file-rows.ts';

export function TreeRow(props: {
  row: FileRow;
  isActive: boolean;
  /** The one row that Tab reaches. */
  focusable: boolean;
  onFocus: () => void;
  onOpen: () => void;
  onRename: () => void;
  onDelete: () => void;
}) {
  const { row } = props;
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Arrow keys moved here: the focus follows.
    const tree = element.current?.parentElement;
    if (props.focusable && tree?.contains(document.activeElement)) element.current?.focus();
  }, [props.focusable]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around it handles the keys of all rows
    <div
      ref={element}
      role="treeitem"
      className="tree-row"
      aria-level={row.level}
      aria-expanded={row.kind === 'directory' ? row.expanded : undefined}
      aria-selected={props.isActive}
      tabIndex={props.focusable ? 0 : -1}
      data-path={row.path}
      title={row.path}
      style={{ paddingLeft: 6 + (row.level - 1) * 12 }}
      onFocus={props.onFocus}
      onClick={props.onOpen}
    >
      <span className="tree-icon">
        {row.kind === 'directory' ? (
          <Icon name={row.expanded ? 'chevronDown' : 'chevronRight'} size={12} />
        ) : (
          <Icon name="file" size={12} />
        )}
      </span>
      <span className="tree-name">{row.name}</span>
      <span className="grow" />
      <RowMenu path={row.path} onRename={props.onRename} onDelete={props.onDelete} />
    </div>
  );
}

/** For the pointer; on the keyboard F2 and Delete do the same. */
function RowMenu(props: { path: string; onRename: () => void; onDelete: () => void }) {
  const t = useTexts();
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <button
          type="button"
          className="tree-more"
          tabIndex={-1}
          aria-label={t('editor.openTreeMenu', { path: props.path })}
          onClick={(event) => event.stopPropagation()}
        >
          <Icon name="more" size={12} />
        </button>
      </Menu.Target>
      <Menu.Dropdown
        onClick={(event) => event.stopPropagation()}
        onKeyDown={(event) => event.stopPropagation()}
      >
        <Menu.Item rightSection={<kbd>F2</kbd>} onClick={props.onRename}>
          {t('editor.rename')}
        </Menu.Item>
        <Menu.Item color="red" rightSection={<kbd>Delete</kbd>} onClick={props.onDelete}>
          {t('editor.delete')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
