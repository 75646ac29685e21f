/** Requests name a topic by its name or, in newer versions, by its id. */
import type { MetadataImage } from '../controller/image.ts';
import { ErrorCode } from '../messages/errors.ts';
import { ZERO_UUID } from '../wire/main.ts';

export type TopicLookup = { readonly name: string; readonly errorCode: 0 } | { readonly errorCode: number };

export function lookUpTopic(image: MetadataImage, topic: { name: string; topicId: string }): TopicLookup {
  if (topic.topicId === ZERO_UUID) {
    return image.topics.has(topic.name)
      ? { name: topic.name, errorCode: 0 }
      : { errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION };
  }
  const name = image.topicNames.get(topic.topicId);
  return name === undefined ? { errorCode: ErrorCode.UNKNOWN_TOPIC_ID } : { name, errorCode: 0 };
}
