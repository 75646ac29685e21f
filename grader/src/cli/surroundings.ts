/** What the commands are given by `main.ts`. */
import type { Locale } from '../lab/schema.ts';
import type { ProgressPort } from './progress.ts';

export interface Surroundings {
  /** The course's folder. */
  readonly labs: string;
  /** The repository's folder, where our tools and cluster are. */
  readonly root: string;
  readonly language: Locale;
  readonly environment: NodeJS.ProcessEnv;
  readonly print: (text: string) => void;
  readonly progress: ProgressPort;
  /** Told when the command is to end early. */
  readonly signal: AbortSignal;
}
