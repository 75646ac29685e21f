/** Keeps language and theme in the account as well, so that they follow to another machine. */
import type { Me } from '@brokerlab/server/contract';
import { queryClient, sessionQuery } from '../api/queries.ts';
import { call } from '../api/rest.ts';
import { type Preferences, preferences, setPreferences } from './preferences.ts';

export function savePreferences(change: Partial<Preferences>): void {
  setPreferences(change);
  const session = queryClient.getQueryData(sessionQuery.queryKey);
  if (!session?.me) return;
  queryClient.setQueryData(sessionQuery.queryKey, { ...session, me: { ...session.me, ...change } });
  // Failing costs nothing here: this browser keeps its own copy.
  call('updateMe', { body: change }).catch(() => undefined);
}

/** On signing in: what the account says wins, and an account that says nothing learns from this browser. */
export function adoptPreferences(me: Me): void {
  const now = preferences.get();
  const language = me.language ?? now.language;
  const theme = me.theme === 'system' ? now.theme : me.theme;
  if (language !== now.language || theme !== now.theme) setPreferences({ language, theme });
}
