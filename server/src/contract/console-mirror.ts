/**
 * MirrorMaker's flows between a lab's clusters: what the clusters themselves tell, and beside it what the MirrorMakers that
 * run in the trainee's box say of themselves. The latter may be anything the trainee likes: shown as such, never graded.
 */
import { z } from 'zod';

const Count = z.number().nonnegative();
const Known = Count.nullable();
const place = { topic: z.string(), partition: Count };

export const MirrorPartition = z.object({
  /** At the source. */
  ...place,
  /** The topic's name on the target. */
  remote: z.string(),
  /** End offset at the source. */
  end: Known,
  /** The source offset with which mirroring goes on, as far as the target tells. */
  next: Known,
  lag: Known,
  /** Whether the lag is what it is, or worked out from the last offset sync and the copy's end. */
  exact: z.boolean(),
  /** In the copy. */
  records: Known,
  bytes: Known,
  /** The last offset sync: `upstream` at the source is `downstream` on the target. */
  sync: z.object({ upstream: Count, downstream: Count, atMs: Count }).nullable(),
});
export type MirrorPartition = z.infer<typeof MirrorPartition>;

export const MirrorCheckpoint = z.object({
  group: z.string(),
  /** The topic's name on the target. */
  ...place,
  upstream: Count,
  downstream: Count,
  atMs: Count,
  /** Of the group on the target; null: none. */
  committed: Known,
});
export type MirrorCheckpoint = z.infer<typeof MirrorCheckpoint>;

export const MirrorFlow = z.object({
  source: z.string(),
  target: z.string(),
  /** Members of the group in which the flow's MirrorMakers meet; null: the target does not tell. */
  makers: z.array(z.object({ clientId: z.string(), host: z.string() })).nullable(),
  /** When the last heartbeat was emitted. */
  heartbeatMs: Known,
  partitions: z.array(MirrorPartition),
  checkpoints: z.array(MirrorCheckpoint),
  /** Partitions and checkpoints past the limit. */
  left: Count,
});
export type MirrorFlow = z.infer<typeof MirrorFlow>;

const figure = z.number().nullable();
const Spread = z.object({ last: figure, least: figure, most: figure, mean: figure });
export type MirrorSpread = z.infer<typeof Spread>;
const name = z.string().max(500);
const named = { topic: name, partition: z.number().int().min(0) };

/** Of one flow, by Kafka's names of the metrics; topics by their names on the target. */
export const ToldFlow = z.object({
  source: name,
  target: name,
  enabled: z.boolean(),
  started: z.boolean(),
  waiting: z.boolean(),
  progress: z
    .array(
      z.object({
        /** At the source. */
        ...named,
        lag: figure,
        problem: z.string().max(2_000).nullable(),
      }),
    )
    .max(500),
  figures: z.object({
    partitions: z
      .array(
        z.object({
          ...named,
          recordCount: z.number(),
          recordRate: z.number(),
          byteCount: z.number(),
          byteRate: z.number(),
          recordAgeMs: Spread,
          replicationLatencyMs: Spread,
        }),
      )
      .max(500),
    groups: z.array(z.object({ group: name, ...named, checkpointLatencyMs: Spread })).max(500),
  }),
});
export type ToldFlow = z.infer<typeof ToldFlow>;

export const ConsoleMirror = z.object({
  clusters: z.array(z.object({ id: z.string(), bootstrap: z.string(), answers: z.boolean() })),
  flows: z.array(MirrorFlow),
  /** By the MirrorMakers that run in the box; those that wait for another one to stop are among them. */
  told: z.array(ToldFlow),
  /** When all this was so. */
  atMs: Count,
});
export type ConsoleMirror = z.infer<typeof ConsoleMirror>;
