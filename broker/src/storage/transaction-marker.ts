/** The one record of a control batch that ends a transaction (KIP-98): key version and type, value EndTxnMarker. */
import { EndTxnMarker } from '../messages/control/end-txn-marker.ts';
import { type BatchHeader, iterateRecords } from '../messages/records.ts';
import type { AppendOrigin } from './log-contract.ts';
import type { ProducerStates, SequenceVerdict, TransactionMarker } from './producer-state.ts';

const abortType = 0;
const commitType = 1;

/** undefined for control batches that say something else (leader change, snapshots). */
export function readMarker(buffer: Buffer, header: BatchHeader): TransactionMarker | undefined {
  for (const record of iterateRecords(buffer, header)) {
    if (record.key === null || record.key.length < 4 || record.value === null) return undefined;
    const type = record.key.readInt16BE(2);
    if (type !== abortType && type !== commitType) return undefined;
    const marker = EndTxnMarker.decode(0, record.value.subarray(2));
    return { committed: type === commitType, coordinatorEpoch: marker.coordinatorEpoch };
  }
  return undefined;
}

/** What producer states say of a batch: records by their sequence, a marker by its epochs. */
export function judgeBatch(
  batches: Buffer,
  header: BatchHeader,
  options: {
    readonly producers: ProducerStates;
    readonly offset: number;
    readonly origin: AppendOrigin;
    readonly transactionVersion?: number | undefined;
  },
): SequenceVerdict {
  const { producers, offset, origin, transactionVersion = 0 } = options;
  if (!header.isControl) return producers.judge(header, { offset, origin });
  const marker = readMarker(batches, header);
  if (marker === undefined) return { kind: 'new' };
  return producers.judgeMarker(header, marker, { offset, transactionVersion });
}
