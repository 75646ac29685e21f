/** What the producers of a partition wrote before decides what they may write next (KIP-98). */
import type { BatchHeader } from '../messages/records.ts';
import type { AppendOrigin, AppendResult } from './log-contract.ts';
import type { ProducerStates } from './producer-state.ts';
import { judgeBatch } from './transaction-marker.ts';

/** The refusal of the first batch that does not follow, or that is there already; undefined: all may be stored. */
export function judgeProducers(
  producers: ProducerStates,
  { batches, headers }: { readonly batches: Buffer; readonly headers: readonly BatchHeader[] },
  log: {
    readonly endOffset: number;
    readonly startOffset: number;
    readonly origin: AppendOrigin;
    /** Of the client whose transaction a marker ends. */
    readonly transactionVersion?: number | undefined;
    /** message.timestamp.type is LogAppendTime. */
    readonly isAppendTime: boolean;
  },
): AppendResult | undefined {
  const { endOffset, startOffset: logStartOffset, isAppendTime } = log;
  for (const header of headers) {
    if (header.producerId < 0) continue;
    const verdict = judgeBatch(batches, header, { ...log, producers, offset: endOffset });
    if (verdict.kind === 'refused') return { ...verdict, kind: 'rejected', recordErrors: [], logStartOffset };
    if (verdict.kind === 'duplicate') {
      const { lastOffset, offsetDelta, timestamp } = verdict.batch;
      return {
        kind: 'duplicate',
        firstOffset: lastOffset - offsetDelta,
        lastOffset,
        logAppendTimeMs: isAppendTime ? timestamp : -1,
        logStartOffset,
      };
    }
  }
  return undefined;
}
