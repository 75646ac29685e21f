/** `labs new ID`: a lab that passes `labs test`, to start from. */
import { join } from 'node:path';
import { addLab, folderOfNew } from './add-lab.ts';
import type { Surroundings } from './surroundings.ts';
import type { Call } from './usage.ts';
import { requireId } from './usage.ts';

export function runNew(call: Call, { labs, print }: Surroundings): number {
  const id = requireId(call);
  const folder = folderOfNew(labs, id);
  addLab(labs, id, { 'lab.yaml': YAML.replaceAll('LAB', id), 'ko.md': KO, 'en.md': EN });
  print(`Made ${folder} and listed it in ${join(labs, 'course.yaml')}. Prove it: npm run labs -- test ${id}`);
  return 0;
}

const YAML = `# yaml-language-server: $schema=../lab.schema.json
id: LAB
minutes: 10

parameters:
  topic: { oneOf: [orders, payments, bookings] }
  partitions: { from: 2, to: 5 }

steps:
  - id: create
    checks:
      - id: created
        kind: topic
        topic: "{{topic}}"
        partitions: "{{partitions}}"
    solution:
      commands:
        - kafka-topics.sh --bootstrap-server localhost:9092 --create --topic {{topic}} --partitions {{partitions}}
    wrongAnswers:
      - id: one-partition
        commands:
          - kafka-topics.sh --bootstrap-server localhost:9092 --create --topic {{topic}}
        fails:
          created: { ko: 파티션이 1개예요, en: It has 1 partition }
        mend:
          - kafka-topics.sh --bootstrap-server localhost:9092 --delete --topic {{topic}}
`;

const KO = `# 새 실습

이 실습을 왜 하는지 한두 문장으로 쓰세요.

## create: 토픽 만들기

토픽(topic)은 레코드를 담는 곳이에요. 파티션이 {{partitions}}개인 토픽 \`{{topic|을}}\` 만들어 보세요.

\`\`\`type
kafka-topics.sh --bootstrap-server localhost:9092 --create …
\`\`\`

:::checks
- created: 토픽 \`{{topic}}\`에 파티션이 {{partitions}}개 있어요
:::

:::hint
토픽은 \`kafka-topics.sh --create\`로 만들어요.
:::

:::hint
파티션 수는 \`--partitions\`로 정해요.
:::

:::hint
\`…\` 자리에 \`--topic {{topic}} --partitions 수\`를 쓰세요.
:::

:::solution
파티션 수를 적지 않으면 브로커의 기본값을 써요.
:::
`;

const EN = `# A new lab

Say in a sentence or two why this is worth doing.

## create: Create a topic

A topic holds records. Create the topic \`{{topic}}\` with {{partitions}} partitions.

\`\`\`type
kafka-topics.sh --bootstrap-server localhost:9092 --create …
\`\`\`

:::checks
- created: The topic \`{{topic}}\` has {{partitions}} partitions
:::

:::hint
\`kafka-topics.sh --create\` makes topics.
:::

:::hint
\`--partitions\` says how many partitions it gets.
:::

:::hint
In place of \`…\` write \`--topic {{topic}} --partitions number\`.
:::

:::solution
Without \`--partitions\`, the broker's default applies.
:::
`;
