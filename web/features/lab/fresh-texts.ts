/** Texts carry names drawn for one trainee. Given another's state, they are others: read again as soon as the lab says so. */
import type { LabContent } from '@brokerlab/server/contract';
import { useEffect } from 'react';
import { useStore } from '../../ui/store.ts';
import type { LabSession } from './lab-session.ts';

export function useFreshTexts(content: LabContent, session: LabSession, read: () => void): void {
  const variant = useStore(session.store, ({ lab }) => lab?.variant);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each variant, however often it is drawn
  useEffect(() => {
    if (variant !== undefined && variant !== content.variant) read();
  }, [variant, content.variant]);
}
