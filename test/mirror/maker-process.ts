/** MirrorMaker as a program of its own, that can be killed: the tool as it is built. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const SCRIPT = join(ROOT, 'broker/bin/connect-mirror-maker.sh');

/** Why it cannot run; undefined when it can. */
export const notBuilt = existsSync(join(ROOT, 'dist/tools/run.cjs')) ? undefined : 'dist/tools is not built';

export class MakerProcess {
  readonly #child: ChildProcess;
  readonly #folder = mkdtempSync(join(tmpdir(), 'mirror-maker-'));
  readonly #ended: Promise<unknown>;
  #printed = '';

  /** `command`: another program than ours, which is given the properties file as its last argument. */
  constructor(lines: readonly string[], command: readonly string[] = [SCRIPT]) {
    const file = join(this.#folder, 'mm2.properties');
    writeFileSync(file, lines.join('\n'));
    const [program, ...args] = [...command, file];
    this.#child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.#ended = new Promise((resolve) => this.#child.once('close', resolve));
    for (const stream of [this.#child.stdout!, this.#child.stderr!])
      stream.on('data', (data: Buffer) => {
        this.#printed = (this.#printed + data.toString()).slice(-500_000);
      });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get printed(): string {
    return this.#printed;
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) process.kill(-this.pid, signal);
    await this.#ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
