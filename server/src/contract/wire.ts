/** The wire inspector: requests and responses of the trainee's own clusters as they pass, kept only while somebody looks. */
import { z } from 'zod';
import { TimestampMs } from './text.ts';

export const WireFilter = z.object({
  /** One of the lab's clusters; the first when left out. */
  cluster: z.string().max(60).optional(),
  /** API keys; empty: all. */
  apis: z.array(z.number().int().min(0).max(32_767)).max(100),
  /** A part of the client's id; `''`: any. */
  clientId: z.string().max(200),
  /** A part of a topic's name; `''`: any, and what names none. */
  topic: z.string().max(249),
  /** What brokers and controllers say among themselves. */
  brokers: z.boolean(),
  /** What this server asks the cluster, for checks and map. */
  own: z.boolean(),
});
export type WireFilter = z.infer<typeof WireFilter>;

export const WireEntry = z.object({
  /** Counted up; the newest has the highest. */
  id: z.number().int(),
  at: TimestampMs,
  broker: z.number().int(),
  connection: z.number().int(),
  clientHost: z.string(),
  /** A client's, among brokers and controllers, or this server's own. */
  origin: z.enum(['client', 'broker', 'own']),
  clientId: z.string(),
  apiKey: z.number().int(),
  apiVersion: z.number().int(),
  /** As Kafka names it; `''`: not one of this release. */
  api: z.string(),
  correlationId: z.number().int(),
  topics: z.array(z.string()),
  requestBytes: z.number().int(),
  /** Null: not answered yet, or no answer is wanted. */
  responseBytes: z.number().int().nullable(),
  tookMs: z.number().nullable(),
});
export type WireEntry = z.infer<typeof WireEntry>;

export interface WireField {
  readonly name: string;
  readonly kind: string;
  /** Bytes of the frame, `end` not included. */
  readonly start: number;
  readonly end: number;
  readonly value: string;
  readonly children: readonly WireField[];
  /** The bytes ended here, or could not be this. */
  readonly broken?: boolean | undefined;
}
export const WireField: z.ZodType<WireField> = z.lazy(() =>
  z.object({
    name: z.string(),
    kind: z.string(),
    start: z.number().int(),
    end: z.number().int(),
    value: z.string(),
    children: z.array(WireField),
    broken: z.boolean().optional(),
  }),
);

export const WireFrame = z.object({
  /** Of the whole frame, its length's four bytes not counted. */
  totalBytes: z.number().int(),
  /** The first of them, base64: what is longer was not kept. */
  bytes: z.string(),
  fields: z.array(WireField),
});
export type WireFrame = z.infer<typeof WireFrame>;

/** Answer of `wire.read`. */
export const WireExchange = z.object({
  entry: WireEntry,
  request: WireFrame,
  response: WireFrame.nullable(),
});
export type WireExchange = z.infer<typeof WireExchange>;

/** Pushed to windows that look: what passed since the last push, and later the answers to it (same id). */
export const WireUpdate = z.object({
  entries: z.array(WireEntry),
  /** Passed as well, and was too much to be shown. */
  skipped: z.number().int(),
});
export type WireUpdate = z.infer<typeof WireUpdate>;
