/**
 * The terminals of one trainee, as the server keeps them. A terminal outlives every viewer: what it printed is
 * held here, so that a reload, a second window or a lost network shows it again, without a gap and without a
 * doubled byte.
 *
 * Offsets count the bytes a terminal has printed since it was opened. Numbered input is taken once.
 */
import type { Language } from '../sandbox/sandbox.ts';

export interface TerminalHub {
  open(options: OpenTerminal): Promise<TerminalInfo>;
  list(): readonly TerminalInfo[];
  close(terminalId: string): void;
  rename(terminalId: string, title: string): void;
  /** Undefined when it is gone. */
  rest(terminalId: string): Promise<TerminalRest | undefined>;
  /** Undefined when there is no such terminal. */
  attach(viewer: TerminalViewer, options: AttachOptions): Attachment | undefined;
  /** The list changed: opened, closed, renamed, ended. */
  onChange(listener: (terminals: readonly TerminalInfo[]) => void): () => void;
  /** The language of notices written into terminals ("the box was restarted"). */
  setLanguage(language: Language): void;
  dispose(): void;
}

export interface OpenTerminal {
  readonly cols: number;
  readonly rows: number;
  readonly title?: string;
  /** What a terminal showed before its environment slept; the new shell begins below it. */
  readonly before?: TerminalRest;
}

/** What is left of a terminal when its environment sleeps. */
export interface TerminalRest {
  /** Sequences that draw screen and scrollback, without a full-screen program's picture; bounded. */
  readonly screen: string;
  /** Null: not known. */
  readonly directory: string | null;
}

export interface TerminalInfo {
  /** 't1', 't2', …, never reused within a hub. */
  readonly id: string;
  readonly title: string;
  readonly cols: number;
  readonly rows: number;
  /** `waiting`: its box is being started anew; the same terminal goes on with a new shell. */
  readonly state: 'running' | 'waiting' | 'ended';
}

/** One window. `send` must not block: what it can't pass on it keeps, which `acknowledge` bounds. */
export interface TerminalViewer {
  /** The same for a window over its reconnections; numbered input is deduplicated by it. */
  readonly id: string;
  send(output: TerminalOutput): void;
}

export type TerminalOutput =
  /** Bytes; `offset` is the one of the first. */
  | {
      readonly kind: 'data';
      readonly terminalId: string;
      readonly offset: number;
      readonly data: Uint8Array;
    }
  | {
      readonly kind: 'resized';
      readonly terminalId: string;
      readonly cols: number;
      readonly rows: number;
    }
  /** This viewer fell too far behind and missed bytes: clear, write `data`, go on from `offset`. */
  | {
      readonly kind: 'snapshot';
      readonly terminalId: string;
      readonly snapshot: TerminalSnapshot;
    }
  | { readonly kind: 'ended'; readonly terminalId: string; readonly exitCode: number };

export interface AttachOptions {
  readonly terminalId: string;
  /** Where the viewer stands; left out by one that has nothing yet. */
  readonly fromOffset?: number;
}

export interface TerminalSnapshot {
  /** Escape sequences that draw the terminal's present content, scrollback included, on a cleared terminal. */
  readonly data: string;
  readonly offset: number;
  readonly cols: number;
  readonly rows: number;
}

export interface Attachment {
  readonly terminal: TerminalInfo;
  /** Write this first; `send` is called only for what comes after it. */
  readonly start:
    | { readonly kind: 'snapshot'; readonly snapshot: TerminalSnapshot }
    /** All bytes from `fromOffset` on. */
    | { readonly kind: 'missing'; readonly offset: number; readonly data: Uint8Array };
  /** The last numbered input taken from this viewer: send again what came after it, and only that. */
  readonly inputSequence: number;
  /** Input number `sequence` (1, 2, 3, …). A number taken before is ignored. */
  input(sequence: number, data: Uint8Array): void;
  resize(cols: number, rows: number): void;
  /** The viewer has drawn everything before this offset. */
  acknowledge(offset: number): void;
  detach(): void;
}
