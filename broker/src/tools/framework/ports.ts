/** What a tool sees of the world; `main.ts` builds the real one, tests their own. */
import type { Client, ClientOptions } from '../../client/main.ts';

export type Locale = 'en' | 'ko';

export interface ToolPorts {
  readonly args: readonly string[];
  readonly locale: Locale;
  /** Standard input and output are both terminals, as Java's `System.console()` wants it. */
  readonly interactive: boolean;
  /** Held for a while, unless `flush` or `err` follows. */
  out(text: string): void;
  flush(): void;
  err(text: string): void;
  /** Bytes to standard output, waiting while nobody takes them; false: nobody listens any more. */
  write(bytes: Buffer): Promise<boolean>;
  /** Standard input, piece by piece, until its end. */
  input(): AsyncIterable<Buffer>;
  readFile(path: string): string;
  now(): number;
  /** Whole number from 0 to below `bound`. */
  random(bound: number): number;
  /** SIGINT and SIGTERM, with the exit code a process ends with after it; returns the way to stop listening. */
  onInterrupt(listener: (exitCode: number) => void): () => void;
  /** SIGUSR1 and SIGUSR2, which ask for a report; returns the way to stop listening. */
  onReport?(listener: () => void): () => void;
  /** Tells whoever watches the place where the tool serves its metrics, until it ends; left out: nobody watches. */
  readonly announce?: (port: number) => void;
  connect(options: ClientOptions): Promise<Client>;
}

export type Tool = (ports: ToolPorts) => Promise<number>;

/** Ends the tool at once with an exit code. */
export class ToolExit extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`exit ${exitCode}`);
    this.exitCode = exitCode;
  }
}
