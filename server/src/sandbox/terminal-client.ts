/** Terminals of one cell, as the server holds them: numbered, named, with bytes in both directions. */
import type { BoxCaller } from './cell-client.ts';
import type { RawTerminal, TerminalOptions } from './sandbox.ts';
import { createSignal, type Signal } from './signal.ts';

/** A frame of input must leave room for others. */
const INPUT_CHUNK_BYTES = 64 * 1024;

export interface TerminalClients {
  readonly open: (options: TerminalOptions) => Promise<RawTerminal>;
  onData(number: number, data: Uint8Array): void;
  onExit(number: number, exitCode: number): void;
  nameOf(number: number): string | undefined;
  /** Their box is gone. */
  abandon(): void;
}

interface Entry {
  readonly name: string;
  readonly data: Signal<Uint8Array>;
  readonly exit: Signal<{ exitCode: number }>;
}

const BOX_GONE_EXIT_CODE = 129;

export function createTerminalClients(options: {
  call: BoxCaller;
  sendData(number: number, data: Uint8Array): void;
}): TerminalClients {
  const entries = new Map<number, Entry>();
  let last = 0;
  // A terminal that has ended meanwhile is no error worth anyone's attention.
  const quietly = (call: Promise<unknown>): void => void call.catch(() => undefined);

  function end(number: number, exitCode: number): void {
    const entry = entries.get(number);
    if (entry === undefined) return;
    entries.delete(number);
    entry.exit.emit({ exitCode });
  }

  return {
    async open({ cols, rows, name, directory }) {
      const terminal = ++last;
      const entry: Entry = { name, data: createSignal(), exit: createSignal() };
      entries.set(terminal, entry);
      const early = holdEarly(entry);
      try {
        await options.call({
          kind: 'openTerminal',
          ...{ terminal, cols, rows, name },
          ...(directory === undefined ? {} : { directory }),
        });
      } catch (error) {
        entries.delete(terminal);
        throw error;
      }
      return {
        name,
        directory: () => options.call({ kind: 'directory', terminal }),
        write(data) {
          for (let start = 0; start < data.length; start += INPUT_CHUNK_BYTES) {
            options.sendData(terminal, data.subarray(start, start + INPUT_CHUNK_BYTES));
          }
        },
        resize: (cols, rows) => quietly(options.call({ kind: 'resize', terminal, cols, rows })),
        pause: () => quietly(options.call({ kind: 'flow', terminal, paused: true })),
        resume: () => quietly(options.call({ kind: 'flow', terminal, paused: false })),
        kill: () => quietly(options.call({ kind: 'kill', terminal })),
        onData: (listener) => {
          early.release(listener);
          return entry.data.subscribe(listener);
        },
        onExit: entry.exit.subscribe,
      };
    },
    onData: (number, data) => entries.get(number)?.data.emit(data),
    onExit: end,
    nameOf: (number) => entries.get(number)?.name,
    abandon() {
      for (const number of [...entries.keys()]) end(number, BOX_GONE_EXIT_CODE);
    },
  };
}

/** What arrives before the first listener (the prompt may be quicker than the awaiting caller) is not lost. */
function holdEarly(entry: Entry): { release(listener: (data: Uint8Array) => void): void } {
  let held: Uint8Array[] | undefined = [];
  const end = entry.data.subscribe((data) => void held?.push(data));
  return {
    release(listener) {
      end();
      for (const data of held ?? []) listener(data);
      held = undefined;
    },
  };
}
