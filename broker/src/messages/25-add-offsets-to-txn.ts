/** AddOffsetsToTxn: Kafka's API 25, versions 0 to 4. */
import { api } from '../wire/message.ts';
import { type Decoded, int16, int32, int64, string } from '../wire/schema.ts';

export const AddOffsetsToTxnRequest = api(25, 'AddOffsetsToTxnRequest', {
  versions: [0, 4],
  flexibleFrom: 3,
  fields: {
    transactionalId: string,
    producerId: int64,
    producerEpoch: int16,
    groupId: string,
  },
});
export type AddOffsetsToTxnRequest = Decoded<typeof AddOffsetsToTxnRequest>;

export const AddOffsetsToTxnResponse = api(25, 'AddOffsetsToTxnResponse', {
  versions: [0, 4],
  flexibleFrom: 3,
  fields: {
    throttleTimeMs: int32,
    errorCode: int16,
  },
});
export type AddOffsetsToTxnResponse = Decoded<typeof AddOffsetsToTxnResponse>;
