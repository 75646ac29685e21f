/**
 * A terminal's screen and scrollback as a viewer would see it, kept so that it can be drawn again elsewhere.
 * Widths are those of grapheme clusters, as in the page's terminal, so that Korean and emoji fall on the same
 * cells in both.
 */
import { createRequire } from 'node:module';
import type { SerializeAddon } from '@xterm/addon-serialize';
import type { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes';
import type { Terminal } from '@xterm/headless';
import { completeLength } from './complete-length.ts';

export interface Screen {
  /** `onParsed`: everything so far is drawn. */
  write(data: Uint8Array, onParsed: () => void): void;
  resize(cols: number, rows: number): void;
  /** Sequences that draw what was parsed so far, and how many bytes that were. */
  snapshot(): { readonly data: string; readonly parsedBytes: number };
  /** The newest lines that fit, without modes and without a full-screen program's picture. */
  rest(charactersMax: number): string;
  readonly parsedBytes: number;
  /** A full-screen program (an editor, a pager) is drawing. */
  readonly alternate: boolean;
  dispose(): void;
}

interface Modules {
  readonly Terminal: typeof Terminal;
  readonly SerializeAddon: typeof SerializeAddon;
  readonly UnicodeGraphemesAddon: typeof UnicodeGraphemesAddon;
}

let modules: Modules | undefined;

export function createScreen(options: { cols: number; rows: number; scrollbackLines: number }): Screen {
  modules ??= loadModules();
  const terminal = new modules.Terminal({
    cols: options.cols,
    rows: options.rows,
    scrollback: options.scrollbackLines,
    allowProposedApi: true,
    logLevel: 'off',
  });
  const serialize = new modules.SerializeAddon();
  terminal.loadAddon(serialize);
  terminal.loadAddon(new modules.UnicodeGraphemesAddon());
  terminal.unicode.activeVersion = '15-graphemes';
  let parsedBytes = 0;
  // A snapshot must not fall into the middle of a character or an escape sequence, so the beginning of one waits.
  let held: Buffer = Buffer.alloc(0);

  return {
    write(data, onParsed) {
      const all = held.length === 0 ? Buffer.from(data) : Buffer.concat([held, data]);
      const complete = completeLength(all);
      held = all.subarray(complete);
      terminal.write(all.subarray(0, complete), () => {
        parsedBytes += complete;
        onParsed();
      });
    },
    resize: (cols, rows) => terminal.resize(cols, rows),
    snapshot: () => ({ data: serialize.serialize(), parsedBytes }),
    rest(charactersMax) {
      for (let lines = options.scrollbackLines; lines > 0; lines = Math.floor(lines / 3)) {
        const text = serialize.serialize({ scrollback: lines, excludeModes: true, excludeAltBuffer: true });
        if (text.length <= charactersMax) return text;
      }
      return '';
    },
    get parsedBytes() {
      return parsedBytes;
    },
    get alternate() {
      return terminal.buffer.active.type === 'alternate';
    },
    dispose: () => terminal.dispose(),
  };
}

/** Loaded with the first terminal, not with the server. */
function loadModules(): Modules {
  const require = createRequire(import.meta.url);
  const { Terminal } = require('@xterm/headless');
  const { SerializeAddon } = require('@xterm/addon-serialize');
  // The addon reads its tables from a Buffer as if it began at the start of its memory, which pooled ones don't.
  const poolSize = Buffer.poolSize;
  Buffer.poolSize = 0;
  const { UnicodeGraphemesAddon } = require('@xterm/addon-unicode-graphemes');
  Buffer.poolSize = poolSize;
  return { Terminal, SerializeAddon, UnicodeGraphemesAddon };
}
