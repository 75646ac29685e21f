/** The mirror screen: looks at all clusters of a lab and asks the MirrorMakers in the box. Looks go on from one another. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@brokerlab/broker/client';
import type { ConsoleMirror } from '../../contract/main.ts';
import type { Execute } from '../expression.ts';
import { type ClusterLook, ClusterNotes } from './cluster-notes.ts';
import { flowsBetween } from './flows.ts';
import { askMakers } from './told.ts';

/** A cluster that is down does not hold the others up. */
const LOOK_TIMEOUT_MS = 2_500;

export interface MirrorClusters {
  readonly clusters: readonly { readonly id: string; readonly client: Client; readonly bootstrap: string }[];
  readonly execute: Execute;
  readonly now: () => number;
}

interface Kept {
  readonly notes: ClusterNotes;
  /** Under way: whoever comes meanwhile gets the same. */
  look: Promise<ClusterLook> | null;
}

/** What was read so far, as long as the connection it was read by is there. */
const kept = new WeakMap<Client, Kept>();

export async function readMirror({ clusters, execute, now }: MirrorClusters): Promise<ConsoleMirror> {
  const ids = clusters.map(({ id }) => id);
  const [told, looks] = await Promise.all([
    askMakers(execute),
    Promise.all(
      clusters.map(async ({ id, client }) => {
        const others = ids.filter((other) => other !== id);
        return [id, await lookInTime(client, others)] as const;
      }),
    ),
  ]);
  const byId = new Map(looks);
  return {
    clusters: clusters.map(({ id, bootstrap }) => ({ id, bootstrap, answers: byId.get(id) !== null })),
    flows: flowsBetween(byId),
    told,
    atMs: now(),
  };
}

function lookInTime(client: Client, others: readonly string[]): Promise<ClusterLook | null> {
  const found = kept.get(client) ?? { notes: new ClusterNotes(client, others), look: null };
  kept.set(client, found);
  found.look ??= found.notes.look().finally(() => {
    found.look = null;
  });
  const late = delay(LOOK_TIMEOUT_MS, null, { ref: false });
  return Promise.race([found.look, late]).catch(() => null);
}
