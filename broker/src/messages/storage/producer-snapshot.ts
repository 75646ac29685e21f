/** ProducerSnapshot: a file of the storage layer. */
import { message, NEVER } from '../../wire/message.ts';
import { array, type Decoded, int16, int32, int64, struct, uint32 } from '../../wire/schema.ts';

export const ProducerSnapshot = message('ProducerSnapshot', {
  versions: [1, 1],
  flexibleFrom: NEVER,
  fields: {
    crc: uint32,
    producerEntries: array(
      struct({
        producerId: int64,
        epoch: int16,
        lastSequence: int32,
        lastOffset: int64,
        offsetDelta: int32,
        timestamp: int64,
        coordinatorEpoch: int32,
        currentTxnFirstOffset: int64,
      }),
    ),
  },
});
export type ProducerSnapshot = Decoded<typeof ProducerSnapshot>;
