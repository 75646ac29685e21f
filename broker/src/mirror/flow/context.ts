/** What every part of one flow has in common. */
import type { Client } from '../../client/client.ts';
import type { FlowMetrics } from '../metrics/flow-metrics.ts';
import type { NameFilter } from '../names/filters.ts';
import type { ReplicationPolicy } from '../names/replication-policy.ts';
import type { FlowSettings } from '../settings/settings.ts';

export type LogLevel = 'INFO' | 'WARN' | 'ERROR';
export type Log = (level: LogLevel, text: string) => void;

export interface FlowContext {
  readonly settings: FlowSettings;
  readonly source: Client;
  readonly target: Client;
  readonly policy: ReplicationPolicy;
  /** What `topics` and `topics.exclude` say, without more. */
  readonly topicFilter: NameFilter;
  /** What is carried over in the end: also heartbeats, no internal topics, no cycles. */
  readonly isReplicated: NameFilter;
  readonly metrics: FlowMetrics;
  readonly log: Log;
  readonly now: () => number;
}

export function remoteTopic({ policy, settings }: FlowContext, topic: string): string {
  return policy.remoteTopic(settings.source, topic);
}

/** The client and the topic that hold the offset syncs. */
export function offsetSyncsPlace(context: FlowContext): { readonly client: Client; readonly topic: string } {
  const { settings, policy } = context;
  return settings.offsetSyncs.location === 'source'
    ? { client: context.source, topic: policy.offsetSyncsTopic(settings.target) }
    : { client: context.target, topic: policy.offsetSyncsTopic(settings.source) };
}
