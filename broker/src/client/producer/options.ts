/** A producer's settings (Kafka's names in camel case, Kafka's defaults) and the shapes it deals in. */
import type { CodecName } from '../../messages/compression.ts';
import type { ApiError, ClientOptions, RecordHeader } from '../types.ts';

export interface ProducerOptions extends ClientOptions {
  /** Default -1 (all in-sync replicas). */
  readonly acks?: -1 | 0 | 1;
  /** Writes in transactions under this id (KIP-98); with it, acks are all and the producer is idempotent. */
  readonly transactionalId?: string;
  /** How long a transaction may be open before the coordinator aborts it. Default 60,000. */
  readonly transactionTimeoutMs?: number;
  /** Default true, unless acks, retries or in-flight requests forbid it. */
  readonly idempotence?: boolean;
  readonly compression?: CodecName;
  /** Default 16,384. */
  readonly batchBytes?: number;
  /** Default 5. */
  readonly lingerMs?: number;
  /** Default 2,147,483,647. */
  readonly retries?: number;
  /** Default 120,000. */
  readonly deliveryTimeoutMs?: number;
  /** Most requests under way to one broker. Default 5. */
  readonly inFlightMax?: number;
  /** Default 32 MiB. */
  readonly bufferBytesMax?: number;
  /** How long `send` may wait for metadata or room. Default 60,000. */
  readonly blockMsMax?: number;
  /** Default 1 MiB. */
  readonly requestBytesMax?: number;
  /** Whole number below `bound`; left out: Math.random. */
  readonly random?: (bound: number) => number;
}

export interface ProducerRecord {
  readonly topic: string;
  readonly partition?: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: readonly RecordHeader[];
  /** Milliseconds; left out: now. */
  readonly timestamp?: number;
}

export interface RecordMetadata {
  readonly topic: string;
  readonly partition: number;
  /** -1 with acks=0. */
  readonly offset: number;
  readonly timestamp: number;
}

/** Why a record did not arrive: a code of a broker's, or the client's own limits under Java's names. */
export interface SendFailure {
  readonly exception: string;
  readonly message: string;
}

export type SendOutcome =
  | { readonly ok: true; readonly metadata: RecordMetadata }
  | { readonly ok: false; readonly failure: SendFailure };

export function failureOfApi(error: ApiError): SendFailure {
  return { exception: error.exception, message: error.message };
}

export interface ResolvedProducerOptions {
  readonly acks: -1 | 0 | 1;
  readonly idempotence: boolean;
  readonly transactionalId: string | null;
  readonly transactionTimeoutMs: number;
  readonly compression: CodecName;
  readonly batchBytes: number;
  readonly lingerMs: number;
  readonly retries: number;
  readonly deliveryTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly retryBackoffMs: number;
  readonly retryBackoffMaxMs: number;
  readonly inFlightMax: number;
  readonly bufferBytesMax: number;
  readonly blockMsMax: number;
  readonly requestBytesMax: number;
}

export function resolveProducerOptions(options: ProducerOptions): ResolvedProducerOptions {
  const acks = options.acks ?? -1;
  const retries = options.retries ?? 2_147_483_647;
  const inFlightMax = options.inFlightMax ?? 5;
  const mayBeIdempotent = acks === -1 && retries > 0 && inFlightMax <= 5;
  return {
    acks,
    idempotence: mayBeIdempotent && options.idempotence !== false,
    transactionalId: options.transactionalId ?? null,
    transactionTimeoutMs: options.transactionTimeoutMs ?? 60_000,
    compression: options.compression ?? 'none',
    batchBytes: options.batchBytes ?? 16_384,
    lingerMs: options.lingerMs ?? 5,
    retries,
    deliveryTimeoutMs: options.deliveryTimeoutMs ?? 120_000,
    requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
    retryBackoffMs: options.retryBackoffMs ?? 100,
    retryBackoffMaxMs: options.retryBackoffMaxMs ?? 1_000,
    inFlightMax,
    bufferBytesMax: options.bufferBytesMax ?? 32 * 1024 * 1024,
    blockMsMax: options.blockMsMax ?? 60_000,
    requestBytesMax: options.requestBytesMax ?? 1_048_576,
  };
}
