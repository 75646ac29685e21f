/** Reads and acts of the console: one cluster of one person's lab, read again every two seconds. */
import type { RouteName } from '@brokerlab/server/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { type CallOptions, call } from '../../api/rest.ts';

export interface ConsolePlace {
  readonly labId: string;
  readonly clusterId: string;
  /** Whose lab; null: one's own. */
  readonly trainee: string | null;
  /** As the tools are told it. */
  readonly bootstrap: string;
  readonly go: (to: ConsoleView) => void;
}

export type ConsoleView =
  | { readonly view: 'overview' | 'topics' | 'groups' | 'mirror' | 'acls' }
  /** `name`: topics to begin with, separated by commas. */
  | { readonly view: 'reassign'; readonly name?: string }
  | { readonly view: 'broker' | 'topic' | 'group'; readonly name: string; readonly tab?: string };

export const PlaceContext = createContext<ConsolePlace | null>(null);

export function usePlace(): ConsolePlace {
  const place = useContext(PlaceContext);
  if (!place) throw new Error('outside the console');
  return place;
}

const READ_EVERY_MS = 2_000;
/** Longer than the trainee is given to answer. */
const CONSENT_MS = 75_000;

type Reads = Extract<RouteName, `console${string}`>;

export function useRead<Name extends Reads>(
  name: Name,
  path: Readonly<Record<string, string>> = {},
  options: { readonly everyMs?: number | false } = {},
) {
  const { labId, clusterId, trainee } = usePlace();
  return useQuery({
    queryKey: ['console', labId, clusterId, trainee, name, path],
    queryFn: ({ signal }) => call(name, { ...optionsFor<Name>({ labId, clusterId, trainee }, path), signal }),
    refetchInterval: options.everyMs ?? READ_EVERY_MS,
    retry: false,
  });
}

function optionsFor<Name extends RouteName>(
  place: Pick<ConsolePlace, 'labId' | 'clusterId' | 'trainee'>,
  path: Readonly<Record<string, string>>,
): CallOptions<Name> {
  const { labId, clusterId, trainee } = place;
  return { path: { labId, clusterId, ...path }, ...(trainee ? { query: { trainee } } : {}) };
}

/** Calls a route that changes something; every screen is read again afterwards. */
export function useAct<Name extends RouteName>(name: Name, path: Readonly<Record<string, string>> = {}) {
  const place = usePlace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CallOptions<Name>['body']) =>
      call(name, {
        ...optionsFor<Name>(place, path),
        ...(body === undefined ? {} : { body }),
        // Somebody else's cluster is changed with their consent, which is waited for.
        ...(place.trainee === null ? {} : { timeoutMs: CONSENT_MS }),
      } as CallOptions<Name>),
    onSettled: () => client.invalidateQueries({ queryKey: ['console', place.labId] }),
  });
}
