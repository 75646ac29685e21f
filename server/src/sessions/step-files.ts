/** The trainee's own files as they were when a step passed, where its solution changes them too: for the comparison afterwards. */
import type { Lab } from '@brokerlab/grader';
import type { Cell } from '../sandbox/main.ts';
import type { Progress } from './progress.ts';
import { solutionFiles } from './solution-files.ts';

const FILE_CHARACTERS_MAX = 64 * 1024;
const FILES_MAX = 6;

export class StepFiles {
  readonly #lab: Lab;
  readonly #progress: Progress;
  readonly #files: Cell['files'];
  /** Nothing of theirs is to be read any more. */
  readonly #settled = new Set<string>();

  constructor({ lab, progress, files }: { lab: Lab; progress: Progress; files: Cell['files'] }) {
    this.#lab = lab;
    this.#progress = progress;
    this.#files = files;
    for (const [stepId, step] of progress.steps) if (step.passedAt) this.#settled.add(stepId);
  }

  /** After a look: reads what belongs to steps that have passed since. */
  async keep(): Promise<void> {
    for (const { id } of this.#lab.steps) {
      const record = this.#progress.steps.get(id);
      if (!record?.passedAt || record.givenAt || this.#settled.has(id)) continue;
      this.#settled.add(id);
      const wanted = solutionFiles(this.#lab, id).slice(0, FILES_MAX);
      const written: Record<string, string> = {};
      for (const { path } of wanted) {
        const content = await this.#files.read(path).then(
          (file) => file.content,
          // Gone, binary or too large: it is not compared.
          () => null,
        );
        if (content !== null && content.length <= FILE_CHARACTERS_MAX) written[path] = content;
      }
      if (wanted.length > 0) this.#progress.changeStep(id, { written });
    }
  }
}
