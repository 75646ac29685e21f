/**
 * The windows that look at one terminal. Each is sent what it lacks, as long as it keeps up: what it has not
 * acknowledged is bounded, and a window that falls further behind than the log reaches gets the screen anew.
 */
import type { TerminalOutput, TerminalSnapshot, TerminalViewer } from './hub.ts';
import type { OutputLog } from './output-log.ts';

/** Sent and not yet drawn by a window. About two screens of a busy terminal: Ctrl-C must feel immediate. */
export const UNACKNOWLEDGED_BYTES_MAX = 128 * 1024;
const SEND_BYTES_MAX = 32 * 1024;
/** A window that has been drawing nothing for this long no longer holds the program back. */
const STALLED_MS = 5_000;
const INPUT_MEMORY_MAX = 64;

export interface Viewers {
  /** Replaces an attachment of the same window to this terminal. */
  attach(viewer: TerminalViewer, offset: number): AttachedViewer;
  /** Sends everybody what they lack and may have. */
  flush(): void;
  broadcast(output: TerminalOutput, except?: AttachedViewer): void;
  /** Every window that draws at all has more than enough to draw. */
  readonly saturated: boolean;
  /** The last input number taken from a window, over its reconnections. */
  lastInput(viewerId: string): number;
  noteInput(viewerId: string, sequence: number): void;
  readonly count: number;
}

export interface AttachedViewer {
  readonly id: string;
  acknowledge(offset: number): void;
  detach(): void;
}

interface State {
  readonly viewer: TerminalViewer;
  sent: number;
  acknowledged: number;
  progressMs: number;
}

export interface ViewersOptions {
  readonly terminalId: string;
  readonly log: OutputLog;
  snapshot(): TerminalSnapshot;
  /** Someone has room again. */
  onProgress(): void;
  now(): number;
}

export function createViewers(options: ViewersOptions): Viewers {
  const { terminalId, log } = options;
  const states = new Map<string, State>();
  const inputs = new Map<string, number>();

  function flushOne(state: State): void {
    if (state.sent < log.start) {
      // Gone from the log: draw anew, and only when it has drawn what it was sent before.
      if (state.acknowledged < state.sent) return;
      const snapshot = options.snapshot();
      state.viewer.send({ kind: 'snapshot', terminalId, snapshot });
      state.sent = snapshot.offset;
      state.acknowledged = snapshot.offset;
    }
    while (state.sent < log.end && state.sent - state.acknowledged < UNACKNOWLEDGED_BYTES_MAX) {
      const data = log.read(state.sent, SEND_BYTES_MAX);
      state.viewer.send({ kind: 'data', terminalId, offset: state.sent, data });
      state.sent += data.length;
    }
  }

  return {
    attach(viewer, offset) {
      const state: State = { viewer, sent: offset, acknowledged: offset, progressMs: options.now() };
      states.set(viewer.id, state);
      return {
        id: viewer.id,
        acknowledge(offset) {
          // A window can't have drawn what it was not sent.
          const drawn = Math.min(offset, state.sent);
          if (drawn <= state.acknowledged || states.get(viewer.id) !== state) return;
          state.acknowledged = drawn;
          state.progressMs = options.now();
          flushOne(state);
          options.onProgress();
        },
        detach() {
          if (states.get(viewer.id) !== state) return;
          states.delete(viewer.id);
          options.onProgress();
        },
      };
    },
    flush() {
      for (const state of states.values()) flushOne(state);
    },
    broadcast(output, except) {
      for (const [id, { viewer }] of states) if (id !== except?.id) viewer.send(output);
    },
    get saturated() {
      const now = options.now();
      let drawing = 0;
      for (const state of states.values()) {
        const behind = log.end - state.acknowledged >= UNACKNOWLEDGED_BYTES_MAX;
        if (!behind) return false;
        if (now - state.progressMs < STALLED_MS) drawing++;
      }
      return drawing > 0;
    },
    lastInput: (viewerId) => inputs.get(viewerId) ?? 0,
    noteInput(viewerId, sequence) {
      // Most recently used last; the longest unused window is forgotten first.
      inputs.delete(viewerId);
      inputs.set(viewerId, sequence);
      if (inputs.size > INPUT_MEMORY_MAX) inputs.delete(inputs.keys().next().value!);
    },
    get count() {
      return states.size;
    },
  };
}
