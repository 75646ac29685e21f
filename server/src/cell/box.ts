/**
 * The trainee's box: started, watched, started anew.
 *
 *   stopped ── start ──▶ starting ── agent answers ──▶ ready
 *   starting, ready ── process ends ──▶ stopped (started again, unless it ends too often)
 *   any ── close ──▶ closed
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import type { Duplex, Writable } from 'node:stream';
import type { RestartReason } from '../sandbox/sandbox.ts';
import { boxArguments, boxCommand, boxEnvironment, etcFiles } from './box-command.ts';
import { type Frame, type FrameChannel, openFrameChannel } from './frame.ts';
import { encodeArguments } from './mounts.ts';
import type { BoxSettings } from './protocol.ts';
import { seccompFilter } from './seccomp.ts';

/** More ends than this within the window is a box that cannot run. */
const ENDS_MAX = 5;
const ENDS_WINDOW_MS = 20_000;
const ETC_DIR = '/tmp/etc';
const SECCOMP_FILE = '/tmp/seccomp.bpf';

export interface Box {
  start(): void;
  /** Ends it; it starts anew by itself, unless `close` was called. */
  restart(reason: RestartReason): Promise<void>;
  /** Ends it until `start`. */
  stop(): Promise<void>;
  readonly channel: FrameChannel | undefined;
}

export interface BoxHandlers {
  onFrame(frame: Frame): void;
  onEnded(reason: RestartReason): void;
  /** It ends again and again; the last that it said. */
  onFailed(message: string): void;
}

export function createBox(settings: BoxSettings, handlers: BoxHandlers): Box {
  let child: ChildProcess | undefined;
  let channel: FrameChannel | undefined;
  let stopping: RestartReason | 'stop' | undefined;
  let ended: Promise<void> = Promise.resolve();
  const ends: number[] = [];
  if (settings.isolation === 'namespace') writeSupportFiles(settings);

  function start(): void {
    const launched = launch(settings);
    child = launched.child;
    let lastWords = '';
    launched.child.stderr?.on('data', (chunk: Buffer) => {
      lastWords = (lastWords + chunk.toString('utf8')).slice(-2000);
    });
    const opened = openFrameChannel(launched.stream, {
      onFrame: handlers.onFrame,
      onClose: () => void launched.child.kill('SIGKILL'),
    });
    channel = opened;
    ended = new Promise((resolve) => {
      const finish = (): void => {
        if (child !== launched.child) return;
        child = undefined;
        channel = undefined;
        opened.destroy();
        resolve();
        afterEnd(lastWords);
      };
      launched.child.once('exit', finish);
      launched.child.once('error', (error) => {
        lastWords += error.message;
        finish();
      });
    });
  }

  function afterEnd(lastWords: string): void {
    const why = stopping ?? 'boxEnded';
    stopping = undefined;
    if (why === 'stop') return;
    if (why === 'boxEnded') {
      const now = performance.now();
      ends.push(now);
      while (ends.length > 0 && now - ends[0]! > ENDS_WINDOW_MS) ends.shift();
      if (ends.length > ENDS_MAX) {
        handlers.onFailed(lastWords.trim());
        return;
      }
    }
    handlers.onEnded(why);
    start();
  }

  function kill(): void {
    child?.kill('SIGKILL');
  }

  return {
    start,
    async restart(reason) {
      if (child === undefined) {
        start();
        return;
      }
      stopping = reason;
      kill();
      await ended;
    },
    async stop() {
      if (child === undefined) return;
      stopping = 'stop';
      kill();
      await ended;
    },
    get channel() {
      return channel;
    },
  };
}

function writeSupportFiles(settings: BoxSettings): void {
  mkdirSync(ETC_DIR, { recursive: true });
  for (const [name, content] of Object.entries(etcFiles(settings))) {
    writeFileSync(`${ETC_DIR}/${name}`, content);
  }
  const filter = seccompFilter(process.arch);
  if (filter !== undefined) writeFileSync(SECCOMP_FILE, filter);
}

function launch(settings: BoxSettings): { child: ChildProcess; stream: Duplex } {
  const command = boxCommand(settings);
  if (settings.isolation === 'none') {
    const child = spawn(command[0]!, command.slice(1), {
      env: boxEnvironment(settings),
      cwd: settings.homeDir,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    return { child, stream: child.stdio[3] as Duplex };
  }
  const filtered = seccompFilter(process.arch) !== undefined;
  const filter = filtered ? openSync(SECCOMP_FILE, 'r') : 'ignore';
  const child = spawn('bwrap', ['--args', '4', ...(filtered ? ['--seccomp', '5'] : []), '--', ...command], {
    env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', filter],
  });
  if (typeof filter === 'number') closeSync(filter);
  const args = child.stdio[4] as Writable;
  args.on('error', () => undefined);
  args.end(encodeArguments(boxArguments(settings, { etcDir: ETC_DIR })));
  return { child, stream: child.stdio[3] as Duplex };
}
