/** Many of Apache Kafka's tools in one JVM (Tools.java), which makes a command cheap: its start is what takes the time. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { classOf, LIBS, type ToolRun } from './apache-kafka.ts';

const SOURCE = join(import.meta.dirname, 'apache-kafka', 'Tools.java');
const LOG4J = join(import.meta.dirname, 'apache-kafka', 'log4j2.yaml');
const FLAGS = ['-Xmx256M', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dfile.encoding=UTF-8'];

export class JavaTools {
  #jvm: Jvm | null = null;

  /** One after another: the next only when the last has ended. */
  async run(
    tool: string,
    args: readonly string[],
    options: { readonly input?: string; readonly timeoutMs?: number } = {},
  ): Promise<ToolRun> {
    this.#jvm ??= new Jvm();
    const jvm = this.#jvm;
    const words = [options.input ?? '', ...args].map((word) => `=${Buffer.from(word).toString('base64')}`);
    const timer = setTimeout(() => jvm.end(), options.timeoutMs ?? 120_000);
    const answer = await jvm.ask([classOf(tool), ...words].join(' '));
    clearTimeout(timer);
    if (answer === null) throw new Error(`${tool} ${args.join(' ')} has not ended in time`);
    const [stdout, stderr, code] = answer.split(' ');
    // Some of them end the JVM; the next starts another.
    const exited = code === 'exit';
    if (exited) this.#jvm = null;
    const exitCode = exited ? await jvm.ended : Number(code);
    return { stdout: decode(stdout), stderr: decode(stderr), exitCode };
  }

  async close(): Promise<void> {
    await this.#jvm?.end();
  }
}

class Jvm {
  readonly #process: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly ended: Promise<number | null>;

  constructor() {
    const args = [...FLAGS, `-Dlog4j2.configurationFile=${LOG4J}`, '-cp', `${LIBS}/*`, SOURCE];
    this.#process = spawn('java', args, { stdio: ['pipe', 'pipe', 'ignore'] });
    this.ended = new Promise((resolve) => {
      this.#process.once('close', resolve);
      this.#process.once('error', () => resolve(null));
    });
    this.#process.stdin!.on('error', () => undefined); // it ended, which its answers' end says
    this.#answers = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
  }

  /** Null: it ended without an answer. */
  async ask(line: string): Promise<string | null> {
    this.#process.stdin!.write(`${line}\n`);
    const { done, value } = await this.#answers.next();
    return done ? null : value;
  }

  async end(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.ended;
  }
}

function decode(word = ''): string {
  return Buffer.from(word.slice(1), 'base64').toString('utf8');
}
