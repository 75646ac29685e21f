/** The parts of a class's page, as they stand in its address. */
export const classTabs = ['live', 'roster', 'report', 'settings', 'log'] as const;
export type ClassTab = (typeof classTabs)[number];

export function isClassTab(value: unknown): value is ClassTab {
  return classTabs.some((tab) => tab === value);
}
