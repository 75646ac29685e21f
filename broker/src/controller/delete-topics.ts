/** DeleteTopics v1–6: by name, or from v6 by id (KIP-516). */
import type { DeleteTopicsRequest, DeleteTopicsResponse } from '../messages/20-delete-topics.ts';
import { type ApiFailure, type DecideContext, type Decision, fail, isFailure, NO_ERROR } from './context.ts';
import { type MetadataRecord, record } from './records.ts';

type DeleteResult = NonNullable<(typeof DeleteTopicsResponse.input)['responses']>[number];

export function decideDeleteTopics(
  context: DecideContext,
  request: DeleteTopicsRequest,
): Decision<typeof DeleteTopicsResponse.input> {
  const asked = [
    ...request.topicNames.map((name) => ({ name, topicId: ZERO_UUID })),
    ...request.topics.map(({ name, topicId }) => ({ name, topicId })),
  ];
  const records: MetadataRecord[] = [];
  const responses: DeleteResult[] = [];
  const found = asked.map(({ name, topicId }) => ({
    name,
    topicId,
    topic: findTopic(context, name, topicId),
  }));
  const ids = found.map(({ topic }) => (isFailure(topic) ? '' : topic.id));
  const repeated = new Set<string>();
  for (const { name, topicId, topic } of found) {
    if (isFailure(topic)) {
      responses.push({ name, topicId, ...topic });
      continue;
    }
    // Named twice, it is deleted not even once.
    if (ids.filter((id) => id === topic.id).length > 1) {
      if (!repeated.has(topic.id)) {
        responses.push({ name, topicId, ...fail('INVALID_REQUEST', 'Duplicate topic name.') });
      }
      repeated.add(topic.id);
      continue;
    }
    if (!context.settings.deleteTopicEnabled) {
      responses.push({ name, topicId, ...fail('TOPIC_DELETION_DISABLED') });
      continue;
    }
    records.push(record('RemoveTopicRecord', { topicId: topic.id }));
    responses.push({ name: topic.name, topicId: topic.id, ...NO_ERROR });
  }
  return { records, response: { responses } };
}

const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA';

function findTopic(
  context: DecideContext,
  name: string | null,
  topicId: string,
): { name: string; id: string } | ApiFailure {
  const { topics, topicNames } = context.image;
  if (name === null) {
    if (topicId === ZERO_UUID) return fail('INVALID_REQUEST', 'Neither topic name nor id were specified.');
    const known = topicNames.get(topicId);
    return known === undefined ? fail('UNKNOWN_TOPIC_ID') : { name: known, id: topicId };
  }
  if (topicId !== ZERO_UUID) {
    return fail('INVALID_REQUEST', 'You may not specify both topic name and topic id.');
  }
  const topic = topics.get(name);
  return topic === undefined ? fail('UNKNOWN_TOPIC_OR_PARTITION') : { name, id: topic.id };
}
