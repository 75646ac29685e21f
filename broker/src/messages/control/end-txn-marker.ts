/** EndTxnMarker: a control record. */
import { message, NEVER } from '../../wire/message.ts';
import { type Decoded, int32 } from '../../wire/schema.ts';

export const EndTxnMarker = message('EndTxnMarker', {
  versions: [0, 0],
  flexibleFrom: NEVER,
  fields: {
    coordinatorEpoch: int32,
  },
});
export type EndTxnMarker = Decoded<typeof EndTxnMarker>;
