/** `--list`, with states and types where asked for. */

import { illegalArgument } from '../java/java-error.ts';
import { left } from '../java/printf.ts';
import { allGroupIds, listConsumerGroups, type Service } from './service.ts';

const states = [
  'PreparingRebalance',
  'CompletingRebalance',
  'Stable',
  'Dead',
  'Empty',
  'Assigning',
  'Reconciling',
] as const;
const types = ['Consumer', 'Classic'] as const;
const groupWidthLeast = 15;
const groupMargin = 10;

export async function listGroups(service: Service): Promise<void> {
  const { ports, set } = service;
  if (!set.has('type') && !set.has('state')) {
    for (const groupId of await allGroupIds(service)) ports.out(`${groupId}\n`);
    return;
  }
  const filter = {
    types: parseList(set.value('type'), types, 'types'),
    states: parseList(set.value('state'), states, 'state'),
  };
  const groups = await listConsumerGroups(service, filter);
  const width = Math.max(groupWidthLeast, ...groups.map(({ groupId }) => groupId.length)) + groupMargin;
  const line = (cells: readonly [group: string, type: string, state: string]) => {
    const [group, type, state] = cells;
    const shown = [left(group, width)];
    if (set.has('type')) shown.push(left(type, 20));
    if (set.has('state')) shown.push(left(state, 20));
    ports.out(`${shown.join(' ')}\n`);
  };
  line(['GROUP', 'TYPE', 'STATE']);
  for (const { groupId, type, state } of groups) line([groupId, type || 'Unknown', state || 'Unknown']);
}

function parseList(text: string | null, known: readonly string[], what: 'state' | 'types'): string[] {
  if (text === null || text === '') return [];
  const parsed = text.split(',').map((word) => {
    return known.find((name) => name.toLowerCase() === word.trim().toLowerCase()) ?? null;
  });
  if (parsed.includes(null)) {
    const plural = what === 'state' ? 'states' : what;
    throw illegalArgument(`Invalid ${what} list '${text}'. Valid ${plural} are: ${known.join(', ')}`);
  }
  return parsed.filter((name) => name !== null);
}
