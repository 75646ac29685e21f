/** InitProducerId: Kafka's API 22, versions 0 to 6. */
import { api } from '../wire/message.ts';
import { bool, type Decoded, int16, int32, int64, string } from '../wire/schema.ts';

export const InitProducerIdRequest = api(22, 'InitProducerIdRequest', {
  versions: [0, 6],
  flexibleFrom: 2,
  fields: {
    transactionalId: string.nullable(),
    transactionTimeoutMs: int32,
    producerId: int64.default(-1n).since(3),
    producerEpoch: int16.default(-1).since(3),
    enable2Pc: bool.since(6),
    keepPreparedTxn: bool.since(6),
  },
});
export type InitProducerIdRequest = Decoded<typeof InitProducerIdRequest>;

export const InitProducerIdResponse = api(22, 'InitProducerIdResponse', {
  versions: [0, 6],
  flexibleFrom: 2,
  fields: {
    throttleTimeMs: int32,
    errorCode: int16,
    producerId: int64.default(-1n),
    producerEpoch: int16,
    ongoingTxnProducerId: int64.default(-1n).since(6),
    ongoingTxnProducerEpoch: int16.default(-1).since(6),
  },
});
export type InitProducerIdResponse = Decoded<typeof InitProducerIdResponse>;
