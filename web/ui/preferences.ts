/**
 * Language and theme: kept in this browser for the first paint, and in the account so that another machine follows.
 * Changing either never reloads: texts and colours are exchanged in place.
 */
import type { Language, Theme } from '@brokerlab/server/contract';
import { createStore, useStore } from './store.ts';

export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
}

const storageKey = 'brokerlab.preferences';

export const preferences = createStore<Preferences>(readStored());

export function usePreferences(): Preferences {
  return useStore(preferences, (state) => state);
}

/** The theme that is drawn: `system` resolved. */
export function useDrawnTheme(): 'light' | 'dark' {
  const { theme } = usePreferences();
  return theme === 'system' ? (darkQuery().matches ? 'dark' : 'light') : theme;
}

export function setPreferences(change: Partial<Preferences>): void {
  preferences.set(change);
  const now = preferences.get();
  document.documentElement.lang = now.language;
  try {
    localStorage.setItem(storageKey, JSON.stringify(now));
  } catch {
    // A browser that keeps nothing still shows what was chosen, until it is closed.
  }
}

export const darkQuery = (): MediaQueryList => matchMedia('(prefers-color-scheme: dark)');

function readStored(): Preferences {
  const byBrowser: Language = navigator.language.startsWith('en') ? 'en' : 'ko';
  try {
    const stored = JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Partial<Preferences>;
    return {
      language: stored.language === 'en' || stored.language === 'ko' ? stored.language : byBrowser,
      theme: stored.theme === 'dark' || stored.theme === 'light' ? stored.theme : 'system',
    };
  } catch {
    return { language: byBrowser, theme: 'system' };
  }
}
