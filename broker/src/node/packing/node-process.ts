/**
 * A node in a process of its own, from the side of the cluster that started it. The process ends with the one that
 * started it, however that ends: the kernel is asked to see to it where `setpriv` can, and the channel's end tells it.
 *
 *   created → bound → running: `bind`, `start`
 *   any → ended: `stop`, `kill`, or by itself or by anyone's signal, which is reported
 *   running ↔ paused: `pause`, `resume` (SIGSTOP, SIGCONT)
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HostedNode, NodeLinks, StopOptions } from '../hosted-node.ts';
import type { NodeOptions, Voters } from '../node-options.ts';
import {
  type Failure,
  type NodeCall,
  type NodeMessage,
  NodeProcessError,
  type NodeRequest,
} from './messages.ts';

/** A process that has not ended this long after it was asked to is killed. */
const stopMsMax = 20_000;

interface Pending {
  readonly resolve: (ports: readonly number[] | undefined) => void;
  readonly reject: (error: Error) => void;
}

export class NodeProcess implements HostedNode {
  readonly links: NodeLinks;
  readonly running: Promise<void>;
  readonly #options: NodeOptions;
  readonly #pending = new Map<number, Pending>();
  readonly #ended: Promise<void>;
  #becameEnded: () => void = () => undefined;
  #becameRunning: () => void = () => undefined;
  #failed: (error: Error) => void = () => undefined;
  #child: ChildProcess | null = null;
  #ports: readonly number[] = [];
  #nextNumber = 1;
  /** The end was asked for, so it is no news. */
  #isEnding = false;

  constructor(options: NodeOptions) {
    this.#options = options;
    this.running = new Promise((resolve, reject) => {
      this.#becameRunning = resolve;
      this.#failed = reject;
    });
    this.running.catch(() => undefined);
    this.#ended = new Promise((resolve) => {
      this.#becameEnded = resolve;
    });
    const tell = (call: NodeCall) => void this.#call(call).catch(() => undefined);
    this.links = {
      isolate: () => tell({ kind: 'isolate' }),
      heal: () => tell({ kind: 'heal' }),
      cut: (nodeId) => tell({ kind: 'cut', nodeId }),
      mend: (nodeId) => tell({ kind: 'mend', nodeId }),
    };
  }

  get id(): number {
    return this.#options.id;
  }

  get ports(): readonly number[] {
    return this.#ports;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  async bind(): Promise<void> {
    this.#launch();
    const {
      clock: _clock,
      onChange: _onChange,
      tap: _tap,
      log: _log,
      onHalted: _onHalted,
      ...settings
    } = this.#options;
    try {
      this.#ports = (await this.#call({ kind: 'bind', settings })) ?? this.#ports;
    } catch (error) {
      await this.kill();
      throw error;
    }
  }

  start(voters: Voters): void {
    this.#call({ kind: 'start', voters }).then(() => this.#becameRunning(), this.#failed);
  }

  async knows(brokerIds: readonly number[], limitMs: number): Promise<void> {
    await this.#call({ kind: 'knows', brokerIds, limitMs });
  }

  async stop(options: StopOptions): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    this.#isEnding = true;
    child.kill('SIGCONT');
    const timer = setTimeout(() => child.kill('SIGKILL'), stopMsMax);
    await this.#call({ kind: 'stop', options }).catch(() => undefined);
    await this.#ended;
    clearTimeout(timer);
  }

  async kill(): Promise<void> {
    if (this.#child === null) return;
    this.#isEnding = true;
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  #launch(): void {
    const [command = '', ...args] = commandLine();
    const child = spawn(command, args, {
      // A group of its own: what a terminal sends to the cluster's group is for the cluster to deal with.
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      serialization: 'advanced',
    });
    this.#child = child;
    child.on('message', (message: NodeMessage) => this.#receive(message));
    child.on('error', (error) => this.#end(`could not be started: ${error.message}`));
    child.on('exit', (code, signal) => this.#end(endOf(code, signal)));
    if (child.pid === undefined) return;
    mkdirSync(dirname(this.#pidFile), { recursive: true });
    writeFileSync(this.#pidFile, `${child.pid}\n`);
  }

  /** Beside the node's log directory, not in it: that one holds what Apache Kafka's would. */
  get #pidFile(): string {
    return `${this.#options.metadataDirectory}.pid`;
  }

  #call(call: NodeCall): Promise<readonly number[] | undefined> {
    const child = this.#child;
    if (child === null) return Promise.reject(new NodeProcessError(`broker ${this.id} is not running`));
    const request: NodeRequest = { number: this.#nextNumber++, call };
    return new Promise((resolve, reject) => {
      this.#pending.set(request.number, { resolve, reject });
      // A process that has gone is told of by its exit.
      child.send(request, () => undefined);
    });
  }

  #receive(message: NodeMessage): void {
    const { log, onChange } = this.#options;
    if (message.kind === 'log') log(message.level, message.message);
    else if (message.kind === 'changed') onChange(message.change);
    else {
      const pending = this.#pending.get(message.number);
      this.#pending.delete(message.number);
      if (message.failure !== undefined) pending?.reject(errorOf(message.failure));
      else pending?.resolve(message.ports);
    }
  }

  #end(how: string): void {
    const { child, pid } = { child: this.#child, pid: this.pid };
    if (child === null) return;
    this.#child = null;
    rmSync(this.#pidFile, { force: true });
    const error = new NodeProcessError(`broker ${this.id} (pid ${pid}) ${how}`);
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
    this.#failed(error);
    this.#becameEnded();
    if (this.#isEnding) return;
    this.#options.log('warn', error.message);
    this.#options.onHalted();
  }
}

function endOf(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal !== null) return `was ended by ${signal}`;
  return code === 0 ? 'was stopped' : `ended with code ${code}`;
}

function errorOf({ message, ...details }: Failure): Error {
  return Object.assign(new NodeProcessError(message), details);
}

function commandLine(): string[] {
  const isSource = import.meta.url.endsWith('.ts');
  const program = fileURLToPath(
    new URL(isSource ? './node-main.ts' : './packing/node-main.mjs', import.meta.url),
  );
  const loader = isSource ? ['--import', createRequire(import.meta.url).resolve('tsx')] : [];
  const node = [process.execPath, '--enable-source-maps', ...loader, program];
  return diesWithParent() ? ['setpriv', '--pdeathsig', 'KILL', ...node] : node;
}

let setprivWorks: boolean | null = null;

/** Whether the kernel can be asked to kill a process when the one that started it is gone; matters to a paused one. */
function diesWithParent(): boolean {
  setprivWorks ??= spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true'], { stdio: 'ignore' }).status === 0;
  return setprivWorks;
}
