import { Modal } from '@mantine/core';
import { useTexts } from '../../ui/i18n.ts';

export function ShortcutsDialog(props: { opened: boolean; onClose: () => void }) {
  const t = useTexts();
  const rows: readonly (readonly [string, string])[] = [
    [t('shortcuts.commands'), 'F1, Ctrl+Shift+P'],
    [t('shortcuts.openFile'), 'Ctrl+P'],
    [t('shortcuts.searchFiles'), 'Ctrl+Shift+F'],
    [t('shortcuts.files'), 'Ctrl+Shift+E'],
    [t('shortcuts.nextPanel'), 'F6'],
    [t('shortcuts.previousPanel'), 'Shift+F6'],
    [t('shortcuts.leaveTerminal'), 'F6'],
    [t('shortcuts.focusTerminal'), 'Ctrl+`'],
    [t('shortcuts.newTerminal'), 'Ctrl+Shift+`'],
    [t('shortcuts.splitTerminal'), 'Ctrl+Shift+5'],
    [t('shortcuts.nextTab'), 'Alt+PageDown / PageUp'],
    [t('shortcuts.growPanel'), 'Alt+Shift+↑ ↓ ← →'],
    [t('shortcuts.search'), 'Ctrl+Shift+F'],
    [t('shortcuts.copyPaste'), 'Ctrl+Shift+C / V'],
  ];
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={<b>{t('shortcuts.title')}</b>}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <table className="shortcuts">
        <tbody>
          {rows.map(([does, keys]) => (
            <tr key={does}>
              <th scope="row">{does}</th>
              <td>
                <kbd>{keys}</kbd>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Modal>
  );
}
