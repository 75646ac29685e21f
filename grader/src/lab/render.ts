/** Fills a trainee's parameters into a lab's text. */
import type { Block, LabText, Parameters, QuizText, StepText } from './schema.ts';
import { fillText } from './template.ts';

export function fillLabText(text: LabText, parameters: Parameters): LabText {
  const fill = (part: string) => fillText(part, parameters);
  return {
    title: fill(text.title),
    summary: fill(text.summary),
    steps: mapValues(text.steps, (step) => fillStep(step, fill)),
    realLife: fill(text.realLife),
    summaryCard: fill(text.summaryCard),
  };
}

type Fill = (part: string) => string;

function fillStep(step: StepText, fill: Fill): StepText {
  return {
    title: fill(step.title),
    blocks: step.blocks.map((block) => fillBlock(block, fill)),
    checks: mapValues(step.checks, fill),
    quizzes: mapValues(step.quizzes, (quiz) => fillQuiz(quiz, fill)),
    hints: step.hints.map(fill),
    solution: fill(step.solution),
  };
}

function fillBlock(block: Block, fill: Fill): Block {
  switch (block.kind) {
    case 'prose':
    case 'note':
      return { ...block, markdown: fill(block.markdown) };
    case 'command':
      return { ...block, command: fill(block.command) };
    case 'output':
      return { ...block, text: fill(block.text) };
    case 'figure':
      return { ...block, name: block.name === null ? null : fill(block.name), caption: fill(block.caption) };
    case 'quiz':
      return block;
  }
}

function fillQuiz(quiz: QuizText, fill: Fill): QuizText {
  return {
    question: fill(quiz.question),
    choices: quiz.choices.map((choice) => ({ ...choice, text: fill(choice.text) })),
    explanation: fill(quiz.explanation),
  };
}

function mapValues<A, B>(values: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
}
