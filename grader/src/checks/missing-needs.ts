/** What a step needs and the trainee has deleted: told, with how to put it back. */
import type { Lab, Localized, Step } from '../lab/schema.ts';
import type { Snapshot } from '../observe/snapshot.ts';
import { firstCluster } from './needs.ts';
import type { Evidence } from './verdict.ts';
import { code, say } from './wording.ts';

export function missingNeeds(
  lab: Lab,
  step: Step,
  { snapshot, evidence }: { snapshot: Snapshot; evidence: Evidence },
): Localized[] {
  return step.needs.flatMap((need): Localized[] => {
    if ('file' in need) {
      return evidence.files?.[need.file] === null ? [gone('파일', 'file', need.file)] : [];
    }
    const cluster = snapshot.clusters[need.cluster ?? firstCluster(lab)];
    if (cluster?.reachable !== true) return [];
    if ('topic' in need)
      return cluster.topics[need.topic] === undefined ? [gone('토픽', 'topic', need.topic)] : [];
    return cluster.groups[need.group] ? [] : [gone('컨슈머 그룹', 'consumer group', need.group)];
  });
}

function gone(ko: string, en: string, name: string): Localized {
  return say(
    `이 단계에 필요한 ${ko} ${code(name, '이')} 없어요. [되돌려 놓기]를 누르거나 터미널에서 \`lab restore\`를 입력하세요.`,
    `The ${en} ${code(name)}, which this step needs, is gone. Press Put back, or type \`lab restore\` in a terminal.`,
  );
}
