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
  const seen = new Set<string>();
  for (const { name, topicId } of asked) {
    const found = findTopic(context, name, topicId);
    const failure = isFailure(found) ? found : deleteFailure(context, found, seen);
    if (failure !== null || isFailure(found)) {
      responses.push({ name, topicId, ...(failure ?? NO_ERROR) });
      continue;
    }
    seen.add(found.id);
    records.push(record('RemoveTopicRecord', { topicId: found.id }));
    responses.push({ name: found.name, topicId: found.id, ...NO_ERROR });
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

function deleteFailure(context: DecideContext, topic: { id: string }, seen: Set<string>): ApiFailure | null {
  if (!context.settings.deleteTopicEnabled) return fail('TOPIC_DELETION_DISABLED');
  return seen.has(topic.id) ? fail('INVALID_REQUEST', 'Duplicate topic name.') : null;
}
