/** Which names a topic may have (Kafka's Topic.validate). */
const topicNameLengthMax = 249;

export function isTopicName(name: string): boolean {
  if (name.length === 0 || name.length > topicNameLengthMax || name === '.' || name === '..') return false;
  return /^[a-zA-Z0-9._-]+$/.test(name);
}
