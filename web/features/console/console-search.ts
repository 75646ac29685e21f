/** Which screen of the console an address shows. */
import type { ConsoleView } from './use-console.ts';

export interface ConsoleSearch {
  readonly cluster?: string;
  /** Whose cluster; left out: one's own. */
  readonly trainee?: string;
  readonly view?: ConsoleView['view'];
  readonly name?: string;
  readonly tab?: string;
}

const views = [
  'overview',
  'broker',
  'topics',
  'topic',
  'groups',
  'group',
  'reassign',
  'mirror',
  'acls',
] as const;

/** What an address does not say as it should is left out. Names that look like numbers come as numbers. */
export function readConsoleSearch(search: Record<string, unknown>): ConsoleSearch {
  const text = (key: string): string | undefined => {
    const value = search[key];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  };
  const view = views.find((one) => one === search.view);
  const [cluster, trainee, name, tab] = ['cluster', 'trainee', 'name', 'tab'].map(text);
  return {
    ...(cluster === undefined ? {} : { cluster }),
    ...(trainee === undefined ? {} : { trainee }),
    ...(view === undefined ? {} : { view }),
    ...(name === undefined ? {} : { name }),
    ...(tab === undefined ? {} : { tab }),
  };
}
