/**
 * One terminal as this window sees it: xterm, its place in the output, its typed input. Lives outside React, so that
 * moving a panel, switching tabs or redrawing the page costs it nothing and a keystroke passes no component.
 *
 * States: idle (never shown) → attaching → attached → (connection lost) detached → attaching …; `dispose` ends all.
 * Input typed while not attached waits in the queue and is sent by the next attach.
 */
import {
  type AttachAnswer,
  TERMINAL_INPUT_CHARACTERS_MAX,
  type TerminalSnapshot,
} from '@brokerlab/server/contract';
import { SearchAddon } from '@xterm/addon-search';
import { Terminal } from '@xterm/xterm';
import type { Connection } from '../../api/connection.ts';
import { CallError } from '../../api/rest.ts';
import { createStore } from '../../ui/store.ts';
import { InputQueue } from './input-queue.ts';
import { OutputFlow } from './output-flow.ts';
import { loadRenderer, loadTextAddons } from './terminal-addons.ts';
import { handleTerminalKey } from './terminal-keys.ts';
import { terminalFont, terminalFontLoaded, terminalThemes } from './terminal-theme.ts';

const ackEveryBytes = 32 * 1024;
const ackAfterMs = 500;
const retryAfterMs = 400;
const slowRetryAfterMs = 2_000;
/** The instructor's terminal on everybody's screen. */
export const BROADCAST = 'broadcast';
const inputWaitingMax = 128 * 1024;
const REFUSED: ReadonlySet<string> = new Set(['classPaused', 'readOnly']);

export interface TerminalView {
  readonly waitingCharacters: number;
  readonly searching: boolean;
  /** Pressed on the screen: it holds for the next key. */
  readonly ctrl: boolean;
}

/** Of the row of keys on touch screens; a character stands for itself. */
export type TerminalKey =
  | 'escape'
  | 'tab'
  | 'interrupt'
  | 'end'
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | '-'
  | '/'
  | '|';

export class TerminalSession {
  readonly id: string;
  readonly element: HTMLDivElement;
  readonly view = createStore<TerminalView>({ waitingCharacters: 0, searching: false, ctrl: false });
  readonly search = new SearchAddon();
  readonly xterm: Terminal;
  /** A mirror shows somebody else's terminal at its own size, and types only while that is allowed. */
  typingAllowed = false;
  readonly #mirror: boolean;
  readonly #connection: Connection;
  readonly #input = new InputQueue({ pieceMax: TERMINAL_INPUT_CHARACTERS_MAX, waitingMax: inputWaitingMax });
  readonly #flow = new OutputFlow(ackEveryBytes);
  readonly #endings: (() => void)[] = [];
  readonly #resizeObserver: ResizeObserver;
  #state: 'idle' | 'attaching' | 'attached' | 'detached' | 'disposed' = 'idle';
  #opened = false;
  #everAttached = false;
  #focusWanted = false;
  #ackTimer: ReturnType<typeof setTimeout> | null = null;
  #fitFrame = 0;
  /** The size this window last asked for; another window may have asked for another since. */
  #asked = { cols: 0, rows: 0 };

  constructor(options: {
    id: string;
    connection: Connection;
    theme: 'light' | 'dark';
    mirror?: boolean;
  }) {
    this.id = options.id;
    this.#mirror = options.mirror ?? false;
    this.#connection = options.connection;
    this.element = document.createElement('div');
    this.element.className = 'terminal-host';
    this.xterm = new Terminal({
      allowProposedApi: true,
      fontFamily: terminalFont.family,
      fontSize: terminalFont.sizePx,
      lineHeight: terminalFont.lineHeight,
      cursorBlink: false,
      scrollback: 5_000,
      macOptionIsMeta: true,
      rightClickSelectsWord: false,
      theme: terminalThemes[options.theme],
    });
    this.xterm.loadAddon(this.search);
    loadTextAddons(this.xterm);
    this.xterm.attachCustomKeyEventHandler((event) => handleTerminalKey(this, event));
    this.xterm.onData((data) => this.type(this.#withCtrl(data)));
    this.xterm.onBinary((data) => this.type(data));
    this.#resizeObserver = new ResizeObserver(() => this.#scheduleFit());
    this.#listen();
  }

  /** Puts the terminal into the page; the first time it is measured, drawn and attached. */
  async mount(parent: HTMLElement): Promise<void> {
    parent.append(this.element);
    this.#resizeObserver.observe(this.element);
    if (this.#opened) return this.#scheduleFit();
    this.#opened = true;
    await terminalFontLoaded;
    if (this.#state === 'disposed') return;
    this.xterm.open(this.element);
    loadRenderer(this.xterm);
    if (this.#focusWanted) this.xterm.focus();
    this.#fit();
    this.attach();
  }

  unmount(): void {
    this.#resizeObserver.unobserve(this.element);
    this.element.remove();
  }

  /** Also before the panel is on the screen: the terminal has the focus as soon as it is. */
  focus(): void {
    this.#focusWanted = true;
    this.xterm.focus();
    this.#claimSize();
  }

  setTheme(theme: 'light' | 'dark'): void {
    this.xterm.options.theme = terminalThemes[theme];
  }

  setLabel(label: string): void {
    this.xterm.textarea?.setAttribute('aria-label', label);
  }

  /** Keystrokes, pastes and commands of the instructions alike. */
  type(data: string): void {
    if (this.#mirror && !this.typingAllowed) return;
    const pieces = this.#input.push(data);
    if (!pieces) return;
    if (this.#state === 'attached') for (const piece of pieces) this.#send(piece);
    else this.#showWaiting();
  }

  press(key: TerminalKey): void {
    this.type(this.#withCtrl(sequenceOf(key, this.xterm.modes.applicationCursorKeysMode)));
    this.focus();
  }

  #withCtrl(data: string): string {
    if (!this.view.get().ctrl) return data;
    this.view.set({ ctrl: false });
    return /^[a-z@[\]^_]$/i.test(data) ? String.fromCharCode(data.toUpperCase().charCodeAt(0) & 0x1f) : data;
  }

  /** A command of the instructions, as if typed and followed by Enter. */
  run(command: string): void {
    this.type(`${command.trimEnd().replaceAll('\n', '\r')}\r`);
    this.xterm.scrollToBottom();
  }

  /** After every connect, once the lab is open again on the server. */
  attach(): void {
    if (!this.#opened || this.#state === 'attaching' || this.#state === 'disposed') return;
    this.#state = 'attaching';
    const from = this.#everAttached ? this.#flow.received : null;
    this.#connection
      .request(
        this.id === BROADCAST
          ? { type: 'class.attachBroadcast' }
          : {
              type: 'terminal.attach',
              terminalId: this.id,
              from,
              cols: this.xterm.cols,
              rows: this.xterm.rows,
            },
      )
      .then((answer) => this.#begin(answer))
      .catch((error: unknown) => {
        this.#detached();
        // Not answered in time: the connection may be there all the same. A lost one asks again by itself.
        if (error instanceof CallError && error.code === 'unreachable') this.#attachAgain(slowRetryAfterMs);
      });
  }

  dispose(): void {
    this.#state = 'disposed';
    for (const end of this.#endings) end();
    if (this.#ackTimer) clearTimeout(this.#ackTimer);
    cancelAnimationFrame(this.#fitFrame);
    this.#resizeObserver.disconnect();
    this.xterm.dispose();
    this.element.remove();
  }

  #listen(): void {
    const { id } = this;
    this.#endings.push(
      this.#connection.on('terminal.output', (message) => {
        if (message.terminalId === id) this.#draw(message.offset, new Uint8Array(message.data));
      }),
      this.#connection.on('terminal.snapshot', (message) => {
        if (message.terminalId === id) this.#restore(message.snapshot);
      }),
      this.#connection.on('terminal.size', (message) => {
        if (message.terminalId === id) this.xterm.resize(message.cols, message.rows);
      }),
      this.#connection.store.subscribe(() => {
        const { state } = this.#connection.store.get();
        if (state !== 'connected' && this.#state === 'attached') this.#state = 'detached';
      }),
    );
  }

  #begin(answer: AttachAnswer): void {
    if (this.#state === 'disposed') return;
    if (answer.start.kind === 'snapshot') this.#restore(answer.start.snapshot);
    else this.#draw(answer.start.offset, new Uint8Array(answer.start.data));
    if (!this.#everAttached) this.#input.startAfter(answer.inputSequence);
    this.#everAttached = true;
    this.#state = 'attached';
    for (const piece of this.#input.resendAfter(answer.inputSequence)) this.#send(piece);
    this.#showWaiting();
    this.#asked = { cols: answer.terminal.cols, rows: answer.terminal.rows };
    // The snapshot may be older than the size that attaching asked for.
    this.xterm.resize(answer.terminal.cols, answer.terminal.rows);
    this.#fit();
  }

  #detached(): void {
    if (this.#state === 'disposed') return;
    this.#state = 'detached';
    this.#showWaiting();
  }

  #send(piece: { sequence: number; data: string }): void {
    const sent = this.#connection.send(
      { type: 'terminal.input', terminalId: this.id, sequence: piece.sequence, data: piece.data },
      (reply) => {
        if (reply.ok) this.#input.acknowledge(reply.value.sequence);
        else if (reply.error.code === 'tooMuchInput') this.#attachAgain(retryAfterMs);
        // Refused is not delayed: it must not be typed when the class goes on.
        else if (REFUSED.has(reply.error.code)) this.#input.acknowledge(piece.sequence);
        this.#showWaiting();
      },
    );
    if (!sent) this.#detached();
  }

  /** The server could not take the input now; attaching says where to go on. */
  #attachAgain(afterMs: number): void {
    if (this.#state === 'disposed' || this.#state === 'attaching') return;
    this.#state = 'detached';
    setTimeout(() => {
      if (this.#state === 'detached' && this.#connection.store.get().state === 'connected') this.attach();
    }, afterMs);
  }

  /** Only tells when something waits for a connection: typing while connected changes no state. */
  #showWaiting(): void {
    const waiting = this.#state === 'attached' ? 0 : this.#input.waitingCharacters;
    if (waiting !== this.view.get().waitingCharacters) this.view.set({ waitingCharacters: waiting });
  }

  #draw(offset: number, data: Uint8Array): void {
    const fresh = this.#flow.accept(offset, data);
    if (!fresh) {
      this.#state = 'detached';
      this.attach();
      return;
    }
    if (fresh.length === 0) return;
    this.xterm.write(fresh, () => {
      const ack = this.#flow.wrote(fresh.length);
      if (ack !== null) this.#acknowledge(ack);
      else this.#ackTimer ??= setTimeout(() => this.#acknowledge(this.#flow.takeAck()), ackAfterMs);
    });
  }

  #acknowledge(offset: number | null): void {
    if (this.#ackTimer) clearTimeout(this.#ackTimer);
    this.#ackTimer = null;
    if (offset === null || this.#state === 'disposed') return;
    this.#connection.tell({ type: 'terminal.ack', terminalId: this.id, offset });
  }

  #restore(snapshot: TerminalSnapshot): void {
    this.xterm.reset();
    this.xterm.resize(snapshot.cols, snapshot.rows);
    this.xterm.write(snapshot.data);
    this.#flow.startAt(snapshot.offset);
  }

  #scheduleFit(): void {
    cancelAnimationFrame(this.#fitFrame);
    this.#fitFrame = requestAnimationFrame(() => this.#fit());
  }

  /** Takes the size of the panel; the server hears of it when this window asks for something new. */
  #fit(): void {
    const size = this.#mirror ? null : this.#measure();
    if (!size || this.#state === 'disposed') return;
    if (size.cols === this.#asked.cols && size.rows === this.#asked.rows) return;
    this.#asked = size;
    this.xterm.resize(size.cols, size.rows);
    // Attaching says the size by itself.
    if (this.#state === 'attached') {
      this.#connection.tell({ type: 'terminal.resize', terminalId: this.id, ...size });
    }
  }

  /** Another window's size may be in force; who types here wants this one's. */
  #claimSize(): void {
    if (this.xterm.cols === this.#asked.cols && this.xterm.rows === this.#asked.rows) return;
    this.#asked = { cols: 0, rows: 0 };
    this.#fit();
  }

  #measure(): { cols: number; rows: number } | null {
    const screen = this.element.querySelector('.xterm-screen');
    if (!screen || this.element.clientWidth === 0 || this.element.clientHeight === 0) return null;
    const box = screen.getBoundingClientRect();
    const cellWidth = box.width / this.xterm.cols;
    const cellHeight = box.height / this.xterm.rows;
    if (!(cellWidth > 0) || !(cellHeight > 0)) return null;
    const scrollbarWidth = 14;
    const style = getComputedStyle(this.element);
    const width = this.element.clientWidth - Number.parseFloat(style.paddingLeft) - scrollbarWidth;
    const height =
      this.element.clientHeight -
      Number.parseFloat(style.paddingTop) -
      Number.parseFloat(style.paddingBottom);
    return {
      cols: Math.min(500, Math.max(20, Math.floor(width / cellWidth))),
      rows: Math.min(300, Math.max(4, Math.floor(height / cellHeight))),
    };
  }
}

function sequenceOf(key: TerminalKey, isApplication: boolean): string {
  const arrow = { up: 'A', down: 'B', right: 'C', left: 'D' }[key as string];
  if (arrow !== undefined) return `\x1b${isApplication ? 'O' : '['}${arrow}`;
  const control = { escape: '\x1b', tab: '\t', interrupt: '\x03', end: '\x04' }[key as string];
  return control ?? key;
}
