/** What can be done on the lab page by its name. */
import { useMemo } from 'react';
import { useTexts } from '../../ui/i18n.ts';
import { notifyError } from '../../ui/notify.ts';
import { preferences, setPreferences } from '../../ui/preferences.ts';
import { useLab, useLabState } from './lab-context.tsx';
import { focusTerminal } from './lab-keys.ts';
import { openTerminal } from './run-in-terminal.ts';

export interface PaletteCommand {
  readonly id: string;
  readonly label: string;
  readonly keys: string;
  readonly run: () => void;
}

export interface StepActions {
  readonly toStep: (by: 1 | -1) => void;
  /** Null: in no class. */
  readonly raiseHand: (() => void) | null;
}

export function usePaletteCommands({ toStep, raiseHand }: StepActions): readonly PaletteCommand[] {
  const t = useTexts();
  const lab = useLab();
  const terminals = useLabState((state) => state.terminals);
  return useMemo(() => {
    const { session, workspace } = lab;
    const open = (besideOf?: number): void => {
      openTerminal(lab, besideOf === undefined ? {} : { besideOf }).catch(notifyError);
    };
    const command = (id: string, label: string, run: () => void, keys = ''): PaletteCommand => ({
      ...{ id, label, run, keys },
    });
    const palette = (mode: '' | '%') => () => workspace.store.set({ palette: mode });
    const { theme, language } = preferences.get();
    return [
      command('check', t('lab.checkNow'), session.checkNow),
      command('next-step', t('palette.nextStep'), () => toStep(1)),
      command('previous-step', t('palette.previousStep'), () => toStep(-1)),
      ...(raiseHand ? [command('hand', t('class.part.handUp'), raiseHand)] : []),
      command('open-file', t('shortcuts.openFile'), palette(''), 'Ctrl+P'),
      command('search', t('shortcuts.searchFiles'), palette('%'), 'Ctrl+Shift+F'),
      command('terminal', t('terminal.new'), () => open(), 'Ctrl+Shift+`'),
      command('split', t('terminal.split'), () => open(workspace.store.get().terminal), 'Ctrl+Shift+5'),
      ...(terminals ?? []).map(({ number, title }) =>
        command(
          `terminal-${number}`,
          t('palette.toTerminal', { name: title || t('terminal.title', { number }) }),
          () => {
            workspace.showTerminal(number);
            focusTerminal(number);
          },
        ),
      ),
      command('files', t('shortcuts.files'), () => workspace.show('files'), 'Ctrl+Shift+E'),
      command('cluster', t('palette.show', { panel: t('cluster.title') }), () => workspace.show('cluster')),
      command('wire', t('palette.show', { panel: t('wire.title') }), () => workspace.show('wire')),
      command('console', t('palette.show', { panel: t('console.title') }), () =>
        window.open(`/labs/${session.labId}/console`, '_blank', 'noopener'),
      ),
      command('layout', t('lab.resetLayout'), workspace.restoreDefault),
      command('theme', t('palette.theme'), () =>
        setPreferences({ theme: theme === 'dark' ? 'light' : 'dark' }),
      ),
      command('language', language === 'ko' ? 'English' : '한국어', () =>
        setPreferences({ language: language === 'ko' ? 'en' : 'ko' }),
      ),
    ];
  }, [t, lab, terminals, toStep, raiseHand]);
}
