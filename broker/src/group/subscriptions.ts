/** What the members of a classic group of consumers read, from the subscriptions embedded in their protocols. */
import { ConsumerProtocolSubscription } from '../messages/consumer-protocol/consumer-protocol-subscription.ts';
import { decodeVersioned } from '../messages/versioned.ts';
import { WireError } from '../wire/wire-error.ts';
import type { ClassicGroup } from './classic-group.ts';

/** Empty for groups that are not consumers', and for members whose subscription cannot be read. */
export function subscribedTopics(group: ClassicGroup): ReadonlySet<string> {
  const topics = new Set<string>();
  if (group.protocolType !== 'consumer') return topics;
  for (const member of group.members.values()) {
    const { name } = member.protocols[0] ?? {};
    for (const topic of topicsOf(group.metadataOf(member, group.protocolName ?? name))) topics.add(topic);
  }
  return topics;
}

function topicsOf(metadata: Buffer): readonly string[] {
  if (metadata.length < 2) return [];
  try {
    return decodeVersioned(ConsumerProtocolSubscription, metadata).topics;
  } catch (error) {
    if (error instanceof WireError || error instanceof RangeError) return [];
    throw error;
  }
}
