/** Chooses the sandbox: the one asked for, or the safest that works here; what does not work is said with its advice. */
import {
  createBwrapDriver,
  createProcessDriver,
  type ProbeReport,
  type SandboxDriver,
} from './sandbox/main.ts';

export class SandboxUnusableError extends Error {
  override readonly name = 'SandboxUnusableError';
}

export interface ChoiceOptions {
  /** Null: choose. */
  readonly wanted: 'bwrap' | 'process' | null;
  /** Only one person, on this machine, can reach the server. */
  readonly alone: boolean;
  readonly dataDir: string;
  readonly programDir: string;
  readonly say: (line: string) => void;
}

export async function chooseDriver(options: ChoiceOptions): Promise<SandboxDriver> {
  const { wanted, alone, say } = options;
  const bwrap = createBwrapDriver(options);
  if (wanted !== 'process') {
    const report = await bwrap.probe();
    sayAll(report, say);
    if (report.usable) return swept(bwrap);
    if (wanted === 'bwrap' || !alone) {
      throw new SandboxUnusableError(
        `The bwrap sandbox does not work on this machine, and nobody is let in without one. ${adviceOf(report)}`,
      );
    }
    say('The bwrap sandbox does not work here; going on without isolation, for you alone on this machine.');
  }
  const plain = createProcessDriver(options);
  const report = await plain.probe();
  if (!report.usable) throw new SandboxUnusableError(`No environment can be opened. ${adviceOf(report)}`);
  sayAll(report, say);
  return swept(plain);
}

async function swept(driver: SandboxDriver): Promise<SandboxDriver> {
  await driver.sweep();
  return driver;
}

function sayAll(report: ProbeReport, say: (line: string) => void): void {
  for (const check of report.checks) {
    if (check.state !== 'ok') say(`Sandbox, ${check.name}: ${check.found}. ${check.advice.en}`);
  }
}

function adviceOf(report: ProbeReport): string {
  return report.checks.flatMap((check) => (check.state === 'failed' ? [check.advice.en] : [])).join(' ');
}
