/** `labs show ID`: a lab as one trainee gets it. */
import { drawLab } from '../lab/load.ts';
import type { Block, Command, Lab, Step } from '../lab/schema.ts';
import { findLab } from './find-lab.ts';
import type { Surroundings } from './surroundings.ts';
import type { Call } from './usage.ts';
import { requireId } from './usage.ts';

export const SEED_DEFAULT = '1';

export function runShow(call: Call, { labs, language, print }: Surroundings): number {
  const seed = call.options.seed ?? SEED_DEFAULT;
  const lab = drawLab(findLab(labs, requireId(call)), seed);
  if (call.json) {
    print(JSON.stringify(shown(lab, seed), null, 2));
    return 0;
  }
  const text = lab.text[language];
  print(`# ${text.title}\n\n${text.summary}`);
  for (const [index, step] of lab.steps.entries()) {
    const words = text.steps[step.id];
    print(`\n## ${index + 1}. ${words?.title ?? step.id} (${step.id})\n`);
    print((words?.blocks ?? []).map(blockText).join('\n\n'));
    print(`\n${step.checks.map((check) => `- [ ] ${words?.checks[check.id]} (${check.id})`).join('\n')}`);
    print(`\n$ ${runs(step.solution.commands).join('\n$ ')}`);
  }
  return 0;
}

function shown(lab: Lab, seed: string): object {
  const { id, minutes, parameters, clusters, text } = lab;
  return {
    id,
    seed,
    minutes,
    parameters,
    clusters,
    title: { ko: text.ko.title, en: text.en.title },
    summary: { ko: text.ko.summary, en: text.en.summary },
    steps: lab.steps.map((step) => shownStep(lab, step)),
  };
}

function shownStep({ text }: Lab, step: Step): object {
  const [ko, en] = [text.ko.steps[step.id], text.en.steps[step.id]];
  return {
    id: step.id,
    title: { ko: ko?.title, en: en?.title },
    text: { ko: ko?.blocks.map(blockText).join('\n\n'), en: en?.blocks.map(blockText).join('\n\n') },
    blocks: { ko: ko?.blocks, en: en?.blocks },
    checks: step.checks.map((check) => ({
      ...check,
      title: { ko: ko?.checks[check.id], en: en?.checks[check.id] },
    })),
    quizzes: { ko: ko?.quizzes, en: en?.quizzes },
    hints: { ko: ko?.hints, en: en?.hints },
    solution: {
      commands: runs(step.solution.commands),
      /** Indexes of the commands whose failing is the point. */
      failing: step.solution.commands.flatMap((command, index) => (command.fails ? [index] : [])),
      explanation: { ko: ko?.solution, en: en?.solution },
    },
    wrongAnswers: step.wrongAnswers.map(({ commands, mend, ...rest }) => ({
      ...rest,
      commands: runs(commands),
      mend: runs(mend),
    })),
  };
}

function runs(commands: readonly Command[]): string[] {
  return commands.map((command) => command.run);
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'prose':
      return block.markdown;
    case 'note':
      return block.markdown.replace(/^/gm, '> ');
    case 'command':
      return `\`\`\`\n${block.command}\n\`\`\``;
    case 'output':
      return `\`\`\`\n${block.text}\n\`\`\``;
    case 'quiz':
      return `[${block.check}]`;
    case 'figure':
      return `[${block.figure}${block.name === null ? '' : ` ${block.name}`}] ${block.caption}`;
  }
}
