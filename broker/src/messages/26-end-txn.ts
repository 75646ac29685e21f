/** EndTxn: Kafka's API 26, versions 0 to 5. */
import { api } from '../wire/message.ts';
import { bool, type Decoded, int16, int32, int64, string } from '../wire/schema.ts';

export const EndTxnRequest = api(26, 'EndTxnRequest', {
  versions: [0, 5],
  flexibleFrom: 3,
  fields: {
    transactionalId: string,
    producerId: int64,
    producerEpoch: int16,
    committed: bool,
  },
});
export type EndTxnRequest = Decoded<typeof EndTxnRequest>;

export const EndTxnResponse = api(26, 'EndTxnResponse', {
  versions: [0, 5],
  flexibleFrom: 3,
  fields: {
    throttleTimeMs: int32,
    errorCode: int16,
    producerId: int64.default(-1n).since(5),
    producerEpoch: int16.default(-1).since(5),
  },
});
export type EndTxnResponse = Decoded<typeof EndTxnResponse>;
