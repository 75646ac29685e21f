/**
 * One terminal on the server: its shell's output, kept, drawn and passed on.
 *
 *   running ── box is being started anew ──▶ waiting ── new shell ──▶ running
 *   running, waiting ── shell exits, cell closes ──▶ ended
 */
import { type Cell, CellError, type RawTerminal, type Sentence } from '../sandbox/sandbox.ts';
import type { Attachment, AttachOptions, TerminalInfo, TerminalSnapshot, TerminalViewer } from './hub.ts';
import { createOutputLog } from './output-log.ts';
import { createPace } from './pace.ts';
import { isTerminalReport } from './reports.ts';
import { createScreen } from './screen.ts';
import { createViewers, UNACKNOWLEDGED_BYTES_MAX } from './viewers.ts';

/** How long output gathers before it is sent, after a first piece that goes at once. */
const GATHER_MS = 5;
const LOG_BYTES = 512 * 1024;
const SCROLLBACK_LINES = 2_000;
const SCREEN_BEHIND_BYTES_MAX = 256 * 1024;
const EARLY_INPUTS_MAX = 256;
const PACE = { bytesPerSecond: 2 * 1024 * 1024, burstBytes: 4 * 1024 * 1024 };

export interface HubTerminal {
  readonly info: TerminalInfo;
  /** When it last printed or was typed into. */
  readonly activeMs: number;
  readonly drawsFullScreen: boolean;
  start(cell: Cell): Promise<void>;
  attach(viewer: TerminalViewer, options: AttachOptions): Attachment;
  rename(title: string): void;
  /** Our own words, on a line of their own. */
  print(text: string): void;
  close(): void;
}

export interface HubTerminalOptions {
  readonly id: string;
  readonly title: string;
  readonly cols: number;
  readonly rows: number;
  readonly couldNotStart: (reason: string) => Sentence;
  readonly language: () => 'ko' | 'en';
  onChange(): void;
}

export function createHubTerminal(options: HubTerminalOptions): HubTerminal {
  const { id } = options;
  const { cols, rows } = options;
  let info: TerminalInfo = { id, title: options.title, cols, rows, state: 'waiting' };
  let raw: RawTerminal | undefined;
  let activeMs = performance.now();
  let gathering: NodeJS.Timeout | undefined;
  let pacing: NodeJS.Timeout | undefined;
  let paused = false;
  let closed = false;
  let typist: string | undefined;
  const early: Buffer[] = [];

  const log = createOutputLog(LOG_BYTES);
  const screen = createScreen({ cols, rows, scrollbackLines: SCROLLBACK_LINES });
  const pace = createPace(PACE);
  const viewers = createViewers({
    terminalId: id,
    log,
    snapshot,
    onProgress: applyFlow,
    now: () => performance.now(),
  });

  function snapshot(): TerminalSnapshot {
    const { data, parsedBytes } = screen.snapshot();
    return { data, offset: parsedBytes, cols: info.cols, rows: info.rows };
  }

  function change(next: Partial<TerminalInfo>): void {
    info = { ...info, ...next };
    options.onChange();
  }

  function output(data: Uint8Array): void {
    if (closed) return;
    activeMs = performance.now();
    log.append(data);
    screen.write(data, applyFlow);
    pace.take(data.length, activeMs);
    if (gathering === undefined) {
      viewers.flush();
      gathering = setTimeout(() => {
        gathering = undefined;
        viewers.flush();
        applyFlow();
      }, GATHER_MS);
    }
    applyFlow();
  }

  /** Holds the program while the windows, the screen or the pace can't follow. */
  function applyFlow(): void {
    if (raw === undefined || closed) return;
    const waitMs = pace.waitMs(performance.now());
    if (waitMs > 0 && pacing === undefined) {
      pacing = setTimeout(() => {
        pacing = undefined;
        applyFlow();
      }, waitMs);
    }
    const hold = waitMs > 0 || log.end - screen.parsedBytes > SCREEN_BEHIND_BYTES_MAX || viewers.saturated;
    if (hold === paused) return;
    paused = hold;
    if (hold) raw.pause();
    else raw.resume();
    // A window that stops drawing without a word must not hold the program for ever.
    if (hold && pacing === undefined) {
      pacing = setTimeout(() => {
        pacing = undefined;
        applyFlow();
      }, 1_000);
    }
  }

  function end(exitCode: number): void {
    if (info.state === 'ended') return;
    raw = undefined;
    viewers.flush();
    viewers.broadcast({ kind: 'ended', terminalId: id, exitCode });
    change({ state: 'ended' });
  }

  async function start(cell: Cell): Promise<void> {
    paused = false;
    const { cols, rows } = info;
    let opened: RawTerminal;
    try {
      opened = await cell.openTerminal({ cols, rows, name: id });
    } catch (error) {
      // Restarted again in the meantime: the next start finds it waiting.
      if (error instanceof CellError && error.code === 'gone' && cell.state.kind === 'restarting') return;
      const reason = error instanceof Error ? error.message : String(error);
      print(options.couldNotStart(reason)[options.language()]);
      end(1);
      return;
    }
    if (closed) {
      opened.kill();
      return;
    }
    raw = opened;
    if (info.cols !== cols || info.rows !== rows) opened.resize(info.cols, info.rows);
    opened.onData(output);
    opened.onExit(({ exitCode }) => {
      if (raw !== opened) return;
      if (cell.state.kind === 'restarting') {
        raw = undefined;
        change({ state: 'waiting' });
      } else {
        end(exitCode);
      }
    });
    for (const data of early.splice(0)) opened.write(data);
    change({ state: 'running' });
  }

  /** What is typed while the box is being started anew is for its new shell. */
  function type(data: Uint8Array): void {
    if (raw !== undefined) raw.write(data);
    else if (info.state === 'waiting' && early.length < EARLY_INPUTS_MAX) early.push(Buffer.from(data));
  }

  function print(text: string): void {
    output(Buffer.from(`\r\n\x1b[0m\x1b[33m${text.replaceAll('\n', '\r\n')}\x1b[0m\r\n`));
  }

  function attach(viewer: TerminalViewer, { fromOffset }: AttachOptions): Attachment {
    const resumable = fromOffset !== undefined && fromOffset >= log.start && fromOffset <= log.end;
    const drawn = resumable ? undefined : snapshot();
    const missing = resumable ? log.read(fromOffset, UNACKNOWLEDGED_BYTES_MAX) : undefined;
    const offset = drawn?.offset ?? (fromOffset ?? 0) + (missing?.length ?? 0);
    const attached = viewers.attach(viewer, offset);
    typist ??= viewer.id;
    // After the caller has the start in hand.
    queueMicrotask(() => {
      viewers.flush();
      applyFlow();
    });
    return {
      terminal: info,
      start:
        drawn === undefined
          ? { kind: 'missing', offset: fromOffset ?? 0, data: missing ?? Buffer.alloc(0) }
          : { kind: 'snapshot', snapshot: drawn },
      inputSequence: viewers.lastInput(viewer.id),
      input(sequence, data) {
        if (sequence <= viewers.lastInput(viewer.id)) return;
        viewers.noteInput(viewer.id, sequence);
        // Every window answers a program's question about the terminal; the program asked once.
        if (viewers.count > 1 && typist !== viewer.id && isTerminalReport(data)) return;
        if (!isTerminalReport(data)) typist = viewer.id;
        activeMs = performance.now();
        type(data);
      },
      resize(cols, rows) {
        if (cols === info.cols && rows === info.rows) return;
        screen.resize(cols, rows);
        raw?.resize(cols, rows);
        viewers.broadcast({ kind: 'resized', terminalId: id, cols, rows }, attached);
        change({ cols, rows });
      },
      acknowledge: attached.acknowledge,
      detach() {
        attached.detach();
        if (typist === viewer.id) typist = undefined;
      },
    };
  }

  return {
    get info() {
      return info;
    },
    get activeMs() {
      return activeMs;
    },
    get drawsFullScreen() {
      return screen.alternate;
    },
    start,
    attach,
    rename: (title) => change({ title }),
    print,
    close() {
      if (closed) return;
      closed = true;
      clearTimeout(gathering);
      clearTimeout(pacing);
      raw?.kill();
      screen.dispose();
    },
  };
}
