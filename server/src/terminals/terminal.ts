/**
 * One terminal on the server: its shell's output, kept, drawn and passed on.
 *
 *   waiting ── shell started ──▶ running
 *   running ── box is being started anew ──▶ waiting
 *   waiting, running ── shell exits, cannot start, cell closes ──▶ ended
 */
import { createPace } from '../sandbox/pace.ts';
import { type Cell, CellError, type Language, type RawTerminal, type Sentence } from '../sandbox/sandbox.ts';
import type {
  Attachment,
  AttachOptions,
  TerminalInfo,
  TerminalRest,
  TerminalSnapshot,
  TerminalViewer,
} from './hub.ts';
import { createOutputLog } from './output-log.ts';
import { isTerminalReport } from './reports.ts';
import { createScreen, type Screen } from './screen.ts';
import { type AttachedViewer, createViewers, UNACKNOWLEDGED_BYTES_MAX, type Viewers } from './viewers.ts';

/** How long output gathers before it is sent, after a first piece that goes at once. */
const GATHER_MS = 5;
/** Of screen and scrollback, kept while the environment sleeps. */
const REST_CHARACTERS_MAX = 64 * 1024;
const LOG_BYTES = 512 * 1024;
const SCROLLBACK_LINES = 2_000;
const SCREEN_BEHIND_BYTES_MAX = 256 * 1024;
/** So far behind comes only an agent that does not hold when it is told to: one that was taken over. */
const SCREEN_LOST_BYTES = 8 * 1024 * 1024;
const EARLY_INPUTS_MAX = 256;
/** Nobody reads faster for long, and without a bound one `yes` would take a core of the server from all others. */
const PACE = { unitsPerSecond: 2 * 1024 * 1024, burst: 4 * 1024 * 1024 };
/** A window that stops drawing without a word must not hold the program for ever. */
const HOLD_CHECK_MS = 1_000;

export interface HubTerminalOptions {
  readonly id: string;
  readonly title: string;
  readonly cols: number;
  readonly rows: number;
  readonly couldNotStart: (reason: string) => Sentence;
  readonly language: () => Language;
  /** Where its first shell begins. */
  readonly directory?: string;
  onChange(): void;
}

export class HubTerminal {
  readonly #options: HubTerminalOptions;
  readonly #log = createOutputLog(LOG_BYTES);
  readonly #screen: Screen;
  readonly #pace = createPace(PACE);
  readonly #viewers: Viewers;
  #info: TerminalInfo;
  /** Present in `running` only. */
  #raw: RawTerminal | undefined;
  /** What is typed while the box is being started anew is for its new shell. */
  #early: Buffer[] = [];
  #activeMs = performance.now();
  #gathering: NodeJS.Timeout | undefined;
  #checking: NodeJS.Timeout | undefined;
  #held = false;
  #closed = false;
  /** The window in which something was last typed: it speaks for the terminal when a program asks. */
  #typist: string | undefined;

  constructor(options: HubTerminalOptions) {
    const { id, title, cols, rows } = options;
    this.#options = options;
    this.#info = { id, title, cols, rows, state: 'waiting' };
    this.#screen = createScreen({ cols, rows, scrollbackLines: SCROLLBACK_LINES });
    this.#viewers = createViewers({
      terminalId: id,
      log: this.#log,
      snapshot: () => this.#snapshot(),
      onProgress: () => this.#applyFlow(),
      now: () => performance.now(),
    });
  }

  get info(): TerminalInfo {
    return this.#info;
  }

  /** When it last printed or was typed into. */
  get activeMs(): number {
    return this.#activeMs;
  }

  get drawsFullScreen(): boolean {
    return this.#screen.alternate;
  }

  async start(cell: Cell): Promise<void> {
    this.#held = false;
    const { id, cols, rows } = this.#info;
    let raw: RawTerminal;
    try {
      const { directory } = this.#options;
      raw = await cell.openTerminal({
        cols,
        rows,
        name: id,
        ...(directory === undefined ? {} : { directory }),
      });
    } catch (error) {
      this.#couldNotStart(cell, error);
      return;
    }
    if (this.#closed) {
      raw.kill();
      return;
    }
    this.#raw = raw;
    if (this.#info.cols !== cols || this.#info.rows !== rows) raw.resize(this.#info.cols, this.#info.rows);
    raw.onData((data) => this.#output(data));
    raw.onExit(({ exitCode }) => {
      if (this.#raw !== raw) return;
      this.#raw = undefined;
      if (cell.state.kind === 'restarting') this.#change({ state: 'waiting' });
      else this.#end(exitCode);
    });
    for (const data of this.#early.splice(0)) raw.write(data);
    this.#change({ state: 'running' });
  }

  attach(viewer: TerminalViewer, { fromOffset }: AttachOptions): Attachment {
    const resumable =
      fromOffset !== undefined && fromOffset >= this.#log.start && fromOffset <= this.#log.end;
    const start: Attachment['start'] = resumable
      ? { kind: 'missing', offset: fromOffset, data: this.#log.read(fromOffset, UNACKNOWLEDGED_BYTES_MAX) }
      : { kind: 'snapshot', snapshot: this.#snapshot() };
    const offset = start.kind === 'missing' ? start.offset + start.data.length : start.snapshot.offset;
    const attached = this.#viewers.attach(viewer, offset);
    this.#typist ??= viewer.id;
    // After the caller has the start in hand.
    queueMicrotask(() => {
      this.#viewers.flush();
      this.#applyFlow();
    });
    return {
      terminal: this.#info,
      start,
      inputSequence: this.#viewers.lastInput(viewer.id),
      input: (sequence, data) => this.#input(viewer.id, sequence, data),
      resize: (cols, rows) => this.#resize(cols, rows, attached),
      acknowledge: attached.acknowledge,
      detach: () => {
        attached.detach();
        if (this.#typist === viewer.id) this.#typist = undefined;
      },
    };
  }

  rename(title: string): void {
    this.#change({ title });
  }

  /** Our own words, on a line of their own. */
  print(text: string): void {
    this.#output(Buffer.from(`\r\n\x1b[0m\x1b[33m${text.replaceAll('\n', '\r\n')}\x1b[0m\r\n`));
  }

  /** What stood here before, then our own words. */
  show(screen: string, text: string): void {
    this.#output(Buffer.from(screen));
    this.print(text);
  }

  async rest(): Promise<TerminalRest> {
    const directory = (await this.#raw?.directory().catch(() => null)) ?? null;
    return { screen: this.#screen.rest(REST_CHARACTERS_MAX), directory };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#gathering);
    clearTimeout(this.#checking);
    this.#raw?.kill();
    this.#screen.dispose();
  }

  #input(viewerId: string, sequence: number, data: Uint8Array): void {
    if (sequence <= this.#viewers.lastInput(viewerId)) return;
    this.#viewers.noteInput(viewerId, sequence);
    // Every window answers a program's question about the terminal; the program asked once.
    const report = isTerminalReport(data);
    if (report && this.#viewers.count > 1 && this.#typist !== viewerId) return;
    if (!report) this.#typist = viewerId;
    this.#activeMs = performance.now();
    if (this.#raw !== undefined) this.#raw.write(data);
    else if (this.#info.state === 'waiting' && this.#early.length < EARLY_INPUTS_MAX) {
      this.#early.push(Buffer.from(data));
    }
  }

  #resize(cols: number, rows: number, by: AttachedViewer): void {
    if (cols === this.#info.cols && rows === this.#info.rows) return;
    this.#screen.resize(cols, rows);
    this.#raw?.resize(cols, rows);
    this.#viewers.broadcast({ kind: 'resized', terminalId: this.#info.id, cols, rows }, by);
    this.#change({ cols, rows });
  }

  #output(data: Uint8Array): void {
    if (this.#closed) return;
    if (this.#behindBytes > SCREEN_LOST_BYTES) {
      this.#raw?.kill();
      return;
    }
    this.#activeMs = performance.now();
    this.#log.append(data);
    this.#screen.write(data, () => this.#applyFlow());
    this.#pace.take(data.length, this.#activeMs);
    if (this.#gathering === undefined) {
      this.#viewers.flush();
      this.#gathering = setTimeout(() => {
        this.#gathering = undefined;
        this.#viewers.flush();
        this.#applyFlow();
      }, GATHER_MS);
    }
    this.#applyFlow();
  }

  get #behindBytes(): number {
    return this.#log.end - this.#screen.parsedBytes;
  }

  /** Holds the program while the windows, the screen or the pace can't follow. */
  #applyFlow(): void {
    if (this.#raw === undefined || this.#closed) return;
    const waitMs = this.#pace.waitMs(performance.now());
    const hold = waitMs > 0 || this.#behindBytes > SCREEN_BEHIND_BYTES_MAX || this.#viewers.saturated;
    if (hold) this.#checkAgainAfter(waitMs > 0 ? waitMs : HOLD_CHECK_MS);
    if (hold === this.#held) return;
    this.#held = hold;
    if (hold) this.#raw.pause();
    else this.#raw.resume();
  }

  #checkAgainAfter(milliseconds: number): void {
    if (this.#checking !== undefined) return;
    this.#checking = setTimeout(() => {
      this.#checking = undefined;
      this.#applyFlow();
    }, milliseconds);
  }

  #couldNotStart(cell: Cell, error: unknown): void {
    // Restarted again in the meantime: the next start finds it waiting.
    if (error instanceof CellError && error.code === 'gone' && cell.state.kind === 'restarting') return;
    const reason = error instanceof Error ? error.message : String(error);
    this.print(this.#options.couldNotStart(reason)[this.#options.language()]);
    this.#end(1);
  }

  #end(exitCode: number): void {
    if (this.#info.state === 'ended') return;
    this.#viewers.flush();
    this.#viewers.broadcast({ kind: 'ended', terminalId: this.#info.id, exitCode });
    this.#change({ state: 'ended' });
  }

  #change(next: Partial<TerminalInfo>): void {
    this.#info = { ...this.#info, ...next };
    this.#options.onChange();
  }

  #snapshot(): TerminalSnapshot {
    const { data, parsedBytes } = this.#screen.snapshot();
    return { data, offset: parsedBytes, cols: this.#info.cols, rows: this.#info.rows };
  }
}
