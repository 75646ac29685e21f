/** What Apache Kafka's own defaults are, for what a broker does not tell as a synonym. */
import { brokerConfigs, topicConfigs } from '../messages/configs/config-table.ts';

/** Null: none, or no such configuration. */
export function defaultConfigValue(type: 'topic' | 'broker', name: string): string | null {
  return (type === 'topic' ? topicConfigs : brokerConfigs).get(name)?.byDefault ?? null;
}
