/** The programs of others that write and read while brokers fall: each with an owner, what it said, and a way to end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { eventually } from '../support/eventually.ts';

const LINES_MAX = 2_000_000;

/** A running program and the lines it has printed on standard output. */
export class Program {
  readonly name: string;
  readonly lines: string[] = [];
  readonly ended: Promise<number | null>;
  readonly child: ChildProcess;
  #errors = '';
  #rest = '';
  #hasEnded = false;

  constructor(name: string, [command, args]: readonly [string, readonly string[]]) {
    this.name = name;
    this.child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.child.stdin!.on('error', () => undefined);
    this.child.stdout!.setEncoding('utf8').on('data', (chunk: string) => this.#take(chunk));
    this.child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
      this.#errors = (this.#errors + chunk).slice(-20_000);
    });
    this.ended = new Promise((resolve) => {
      this.child.on('error', () => resolve(null));
      this.child.on('close', (code) => {
        this.#hasEnded = true;
        resolve(code);
      });
    });
  }

  /** The last of what it said on standard error. */
  get errors(): string {
    return this.#errors;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Waits until a line matches. */
  async says(pattern: RegExp, timeoutMs: number): Promise<void> {
    await eventually(
      () => {
        if (this.lines.some((line) => pattern.test(line))) return;
        throw new Error(`${this.name} did not say ${pattern}: ${this.#errors.slice(-2000)}`);
      },
      { timeoutMs, everyMs: 100 },
    );
  }

  /** Waits for its end, asks for it at the deadline, and insists. */
  async end(options: { signal?: NodeJS.Signals; timeoutMs: number }): Promise<number | null> {
    if (options.signal !== undefined) this.child.kill(options.signal);
    const timer = setTimeout(() => this.child.kill('SIGKILL'), options.timeoutMs);
    try {
      return await this.ended;
    } finally {
      clearTimeout(timer);
    }
  }

  #take(chunk: string): void {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    this.lines.push(...lines);
    if (this.lines.length > LINES_MAX) throw new Error(`${this.name} prints without end`);
  }
}

/** `java` running the one-file program beside this one, against Apache Kafka's client. */
export function transactionalWriter(libs: string, args: readonly string[]): [string, string[]] {
  const source = join(import.meta.dirname, 'TransactionalWriter.java');
  return [
    'java',
    ['-Xmx128M', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', `${libs}/*`, source, ...args],
  ];
}

/** librdkafka, idempotent, one number a line. */
export function kcatWriter(bootstrap: string, topic: string): [string, string[]] {
  const options = ['enable.idempotence=true', 'acks=all', 'message.timeout.ms=300000', 'linger.ms=5'];
  const timeouts = ['socket.timeout.ms=8000', 'reconnect.backoff.max.ms=1000', 'retry.backoff.ms=100'];
  return [
    'kcat',
    [
      '-P',
      '-E',
      '-b',
      bootstrap,
      '-t',
      topic,
      '-q',
      ...[...options, ...timeouts].flatMap((one) => ['-X', one]),
    ],
  ];
}

export function kcatReader(bootstrap: string, topic: string, group: string): [string, string[]] {
  const options = ['auto.offset.reset=earliest', 'session.timeout.ms=10000', 'auto.commit.interval.ms=500'];
  return [
    'kcat',
    ['-E', '-b', bootstrap, '-q', '-u', ...options.flatMap((one) => ['-X', one]), '-G', group, topic],
  ];
}
