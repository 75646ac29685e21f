/**
 * A course whose files are being written (`npm start -- --author`): what is saved is read again at once. A lab that has become
 * wrong keeps its last good version for everybody, and its author is told file, line and cure.
 */
import { type FSWatcher, watch } from 'node:fs';
import { sep } from 'node:path';
import { LabError, type Problem } from '@brokerlab/grader';
import type { LabCatalog } from '../sessions/lab-sessions.ts';
import { openCatalog } from './grader.ts';

/** Editors write a file in several steps, and authors save several files. */
const SETTLE_MS = 120;
const COURSE = '';

export interface Authoring {
  /** How many times the lab was read anew. */
  edition(labId: string): number;
  /** What is wrong with its files as they are now. */
  mistakes(labId: string): readonly Problem[];
  /** Edition or mistakes have changed; null: of any lab. */
  onChange(listener: (labId: string | null) => void): void;
}

/** A class for what it owns: the watcher and its timer. */
export class AuthoredCatalog implements LabCatalog {
  readonly authoring: Authoring;
  readonly #directory: string;
  readonly #editions = new Map<string, number>();
  readonly #mistakes = new Map<string, readonly Problem[]>();
  readonly #listeners: ((labId: string | null) => void)[] = [];
  readonly #changed = new Set<string>();
  /** Labs that were saved since the course was read. */
  readonly #saved = new Map<string, LabCatalog>();
  readonly #watcher: FSWatcher;
  #course: LabCatalog;
  #timer: NodeJS.Timeout | undefined;

  /** `tell`: what is wrong when the course is first read. */
  constructor(directory: string, tell: (problem: Problem) => void) {
    this.#directory = directory;
    this.#course = openCatalog(directory, (problem) => {
      tell(problem);
      this.#note(problem);
    });
    this.authoring = {
      edition: (labId) => this.#editions.get(labId) ?? 0,
      mistakes: (labId) => [...(this.#mistakes.get(COURSE) ?? []), ...(this.#mistakes.get(labId) ?? [])],
      onChange: (listener) => void this.#listeners.push(listener),
    };
    this.#watcher = watch(directory, { recursive: true }, (_, name) => this.#onChange(name));
    // A folder that went away while it was read is no reason to stop.
    this.#watcher.on('error', () => undefined);
  }

  get title(): LabCatalog['title'] {
    return this.#course.title;
  }

  get labIds(): readonly string[] {
    return this.#course.labIds;
  }

  get concepts(): LabCatalog['concepts'] {
    return this.#course.concepts;
  }

  lab(labId: string, seed: string): ReturnType<LabCatalog['lab']> {
    return (this.#saved.get(labId) ?? this.#course).lab(labId, seed);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#watcher.close();
  }

  #onChange(name: string | null): void {
    const [folder = COURSE, ...rest] = (name ?? '').split(sep);
    this.#changed.add(rest.length === 0 || folder === 'concepts' ? COURSE : folder);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#readChanged(), SETTLE_MS);
  }

  #readChanged(): void {
    const changed = [...this.#changed];
    this.#changed.clear();
    if (changed.includes(COURSE)) this.#readCourse();
    else for (const labId of changed) this.#readLab(labId);
  }

  #readCourse(): void {
    this.#mistakes.clear();
    try {
      this.#course = openCatalog(this.#directory, (problem) => this.#note(problem));
      this.#saved.clear();
      for (const labId of this.#course.labIds) this.#editions.set(labId, this.authoring.edition(labId) + 1);
    } catch (error) {
      this.#mistakes.set(COURSE, problemsOf(error));
    }
    this.#tell(null);
  }

  #readLab(labId: string): void {
    const problems: Problem[] = [];
    try {
      const read = openCatalog(this.#directory, (problem) => problems.push(problem), labId);
      if (read.labIds.includes(labId)) {
        this.#saved.set(labId, read);
        this.#editions.set(labId, this.authoring.edition(labId) + 1);
        problems.length = 0;
      }
    } catch (error) {
      problems.push(...problemsOf(error));
    }
    this.#mistakes.set(labId, problems);
    this.#tell(labId);
  }

  #note(problem: Problem): void {
    const labId = this.#labOf(problem.file);
    this.#mistakes.set(labId, [...(this.#mistakes.get(labId) ?? []), problem]);
  }

  #labOf(file: string): string {
    const parts = file.split(/[\\/]/);
    return parts.at(-1) === 'course.yaml' ? COURSE : (parts.at(-2) ?? COURSE);
  }

  #tell(labId: string | null): void {
    for (const listener of this.#listeners) listener(labId);
  }
}

function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof LabError) return error.problems;
  throw error;
}
