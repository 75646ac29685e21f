/**
 * A classic group's generation and its members' settings. No request tells them: they stand in the record that the
 * coordinator writes to `__consumer_offsets` after each rebalance, which is read like any other.
 */
import { GroupMetadataKey } from '../messages/group/group-metadata-key.ts';
import { GroupMetadataValue } from '../messages/group/group-metadata-value.ts';
import { decodeRecordKey, decodeVersioned, readRecordType } from '../messages/versioned.ts';
import { fetchRecords } from './fetch-records.ts';
import { listOffsets } from './list-offsets.ts';
import type { Network } from './network.ts';
import { withRetries } from './retry.ts';
import type { GroupGeneration } from './types.ts';

const offsetsTopic = '__consumer_offsets';
const groupMetadataType = 2;
/** A group that commits twice a second for a quarter of an hour writes about so many records. */
const recordsBackMax = 4_000;

/** `null`: no such record, as for a group that has never had a member, or one of KIP-848. */
export async function readGroupGeneration(
  network: Network,
  groupId: string,
): Promise<GroupGeneration | null> {
  const answer = await withRetries(network.limits, () => network.metadata([offsetsTopic]));
  const count = answer.topics.find(({ name }) => name === offsetsTopic)?.partitions.length ?? 0;
  if (count === 0) return null;
  const partition = coordinatorHash(groupId) % count;
  const [end, start] = await Promise.all([
    endOf(network, partition, 'latest'),
    endOf(network, partition, 'earliest'),
  ]);
  let found: GroupGeneration | null = null;
  let from = Math.max(start, end - recordsBackMax);
  while (from < end) {
    const batch = await fetchRecords(network, { topic: offsetsTopic, partition, from, max: recordsBackMax });
    for (const { key, value } of batch.records) {
      if (key === null || readRecordType(key) !== groupMetadataType) continue;
      if (decodeRecordKey(GroupMetadataKey, key).group !== groupId) continue;
      found = value === null ? null : generationOf(decodeVersioned(GroupMetadataValue, value));
    }
    if (batch.nextOffset <= from) break;
    from = batch.nextOffset;
  }
  return found;
}

function generationOf(value: GroupMetadataValue): GroupGeneration {
  return {
    generation: value.generation,
    protocol: value.protocol,
    members: value.members.map((member) => ({
      memberId: member.memberId,
      instanceId: member.groupInstanceId,
      clientId: member.clientId,
      sessionTimeoutMs: member.sessionTimeout,
      rebalanceTimeoutMs: member.rebalanceTimeout,
    })),
  };
}

async function endOf(network: Network, partition: number, at: 'earliest' | 'latest'): Promise<number> {
  const [answer] = await listOffsets(network, [{ topic: offsetsTopic, partition, at }]);
  return answer === undefined || answer.error !== null ? 0 : answer.offset;
}

/** Java's String.hashCode made positive by Kafka's Utils.abs: the smallest integer counts as 0. */
function coordinatorHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  return hash === -2_147_483_648 ? 0 : Math.abs(hash);
}
