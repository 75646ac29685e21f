/** What a sequence is made of. */
import type { Mask } from './mask.ts';

/** `$S` is `--bootstrap-server` and the addresses, `$B` only those; quotes as in a shell; files are named by their names. */
export interface Command {
  readonly run: string;
  readonly input?: string;
  readonly files?: Readonly<Record<string, string>>;
  /** It follows something that takes its time: asked until it says this. */
  readonly until?: RegExp;
  /** What in this command's output is measured, or different on every run, beside what `mask` knows. */
  readonly masks?: readonly Mask[];
  /** Brokers are given by the sequence, so their ids are compared. */
  readonly placed?: true;
}

/** A consumer of ours that runs beside what follows, the same in all pairings. */
interface Begin {
  readonly begin: string;
  readonly as: string;
}

interface End {
  readonly end: string;
}

interface Fault {
  readonly broker: 'stop' | 'start';
  readonly id: number;
}

export type Step = string | Command | Begin | End | Fault;
export type Sequence = readonly Step[];

/** Words of a command line, quoted as in a shell. */
export function wordsOf(line: string): string[] {
  const words = line.match(/(?:[^\s'"]+|'[^']*'|"[^"]*")+/g) ?? [];
  return words.map((word) => word.replace(/'([^']*)'|"([^"]*)"/g, (_, one, two) => one ?? two));
}

const READING =
  /^(kafka-(get-offsets|broker-api-versions|dump-log)|kafka-(features|metadata-quorum) .*describe|kafka-cluster|kafka-transactions .*(list|describe|find-hanging)|\S+ .*--(list|describe|verify|generate|dry-run))\b/;

/** Whether it only looks. */
export function reads(line: string): boolean {
  return READING.test(line);
}
