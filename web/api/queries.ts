/** What the page reads by REST, as TanStack queries: one place for keys and freshness. */
import type { SessionInfo } from '@brokerlab/server/contract';
import { QueryClient, queryOptions, useQuery } from '@tanstack/react-query';
import { CallError, call } from './rest.ts';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) => failures < 3 && error instanceof CallError && error.code === 'unreachable',
      retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 5_000),
    },
  },
});

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => call('readSession', { signal }),
  staleTime: 60_000,
});

export const courseQuery = queryOptions({
  queryKey: ['labs'],
  queryFn: ({ signal }) => call('listLabs', { signal }),
});

export const labQuery = (labId: string) =>
  queryOptions({
    queryKey: ['labs', labId],
    queryFn: ({ signal }) => call('readLab', { path: { labId }, signal }),
    staleTime: 10 * 60_000,
  });

export const accountsQuery = queryOptions({
  queryKey: ['accounts'],
  queryFn: ({ signal }) => call('listAccounts', { signal }),
});

export const traineesQuery = queryOptions({
  queryKey: ['trainees'],
  queryFn: ({ signal }) => call('listTrainees', { signal }),
  refetchInterval: 10_000,
});

export const environmentsQuery = queryOptions({
  queryKey: ['environments'],
  queryFn: ({ signal }) => call('listOwnEnvironments', { signal }),
  refetchInterval: 3_000,
});

export const adminQuery = queryOptions({
  queryKey: ['admin', 'overview'],
  queryFn: ({ signal }) => call('readAdmin', { signal }),
  refetchInterval: 5_000,
});

export const quotasQuery = queryOptions({
  queryKey: ['admin', 'quotas'],
  queryFn: ({ signal }) => call('readQuotas', { signal }),
});

export function useSession(): SessionInfo | undefined {
  return useQuery(sessionQuery).data;
}

/** After signing in or out: everything read before belonged to somebody else. */
export async function forgetEverything(): Promise<void> {
  queryClient.clear();
  await queryClient.fetchQuery(sessionQuery);
}

export const filesQuery = (labId: string) =>
  queryOptions({
    queryKey: ['labs', labId, 'files'],
    queryFn: ({ signal }) => call('listFiles', { path: { labId }, signal }),
    staleTime: 30_000,
  });

export const classesQuery = queryOptions({
  queryKey: ['classes'],
  queryFn: ({ signal }) => call('listClasses', { signal }),
});

export const classQuery = (classId: string) =>
  queryOptions({
    queryKey: ['classes', classId],
    queryFn: ({ signal }) => call('readClass', { path: { classId }, signal }),
  });

export const myClassesQuery = queryOptions({
  queryKey: ['my-classes'],
  queryFn: ({ signal }) => call('listMyClasses', { signal }),
});

export const conceptQuery = (conceptId: string) =>
  queryOptions({
    queryKey: ['concepts', conceptId],
    queryFn: ({ signal }) => call('readConcept', { path: { conceptId }, signal }),
    staleTime: 10 * 60_000,
  });

const FIGURE_EVERY_MS = 2_000;

/** For figures: the lab's cluster as it is now, again and again while one looks. Null: no lab is open. */
export const clusterQuery = (labId: string | null) =>
  queryOptions({
    queryKey: ['labs', labId, 'cluster'],
    queryFn: ({ signal }) => call('readCluster', { path: { labId: labId ?? '' }, signal }),
    enabled: labId !== null,
    refetchInterval: FIGURE_EVERY_MS,
    retry: false,
  });
