/** What is done to topics from more than one screen. */
import { useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/rest.ts';
import { useTexts } from '../../ui/i18n.ts';
import { notifyError } from '../../ui/notify.ts';
import { tellFailures } from './parts.tsx';
import { usePlace } from './use-console.ts';

/** One after the other; stops at none. */
export function useDeleteTopics(): (topics: readonly string[]) => Promise<void> {
  const t = useTexts();
  const { labId, clusterId, trainee } = usePlace();
  const client = useQueryClient();
  return async (topics) => {
    const failures: { what: string; message: string }[] = [];
    try {
      for (const topic of topics) {
        const path = { labId, clusterId, topic };
        const answer = await call('deleteTopic', { path, ...(trainee ? { query: { trainee } } : {}) });
        failures.push(...answer.failures);
      }
      tellFailures({ failures }, t('console.topic.deleted', { topics: topics.join(', ') }));
    } catch (error) {
      notifyError(error);
    } finally {
      await client.invalidateQueries({ queryKey: ['console', labId] });
    }
  };
}
