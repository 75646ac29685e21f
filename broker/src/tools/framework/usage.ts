/** The checks that Apache Kafka's tools make of their options, with their words. */
import { formatHelp } from './help.ts';
import type { OptionSet, OptionTable } from './options.ts';
import { ToolExit, type ToolPorts } from './ports.ts';
import { versionLine } from './version.ts';

export const helpOptions = {
  help: { forHelp: true, help: { en: 'Show this help.', ko: '이 도움말을 보여 줍니다.' } },
  version: { forHelp: true, help: { en: 'Show the version.', ko: '버전을 보여 줍니다.' } },
} as const satisfies OptionTable;

export class Usage<T extends OptionTable> {
  readonly #ports: ToolPorts;
  readonly #table: T;

  constructor(ports: ToolPorts, table: T) {
    this.#ports = ports;
    this.#table = table;
  }

  /** Message and option table to standard error, exit code 1. */
  fail(message: string | null): never {
    this.#ports.err(`${message}\n${formatHelp(this.#table, this.#ports.locale)}`);
    throw new ToolExit(1);
  }

  helpOrVersion(set: OptionSet<T>, about: { readonly en: string; readonly ko: string }): void {
    if (this.#ports.args.length === 0 || set.has('help')) this.fail(about[this.#ports.locale]);
    if (set.has('version')) {
      this.#ports.out(`${versionLine}\n`);
      throw new ToolExit(0);
    }
  }

  required(set: OptionSet<T>, ...names: readonly (keyof T & string)[]): void {
    for (const name of names) {
      if (!set.has(name)) this.fail(`Missing required argument "[${name}]"`);
    }
  }

  /** `used` refuses the company of each of `others`. */
  invalid(set: OptionSet<T>, used: keyof T & string, others: readonly (keyof T & string)[]): void {
    if (!set.has(used)) return;
    for (const other of others) {
      if (set.has(other)) this.fail(`Option "[${used}]" can't be used with option "[${other}]"`);
    }
  }

  exactlyOne(set: OptionSet<T>, ...names: readonly (keyof T & string)[]): void {
    if (names.filter((name) => set.has(name)).length !== 1) {
      const list = names.map((name) => `[${name}]`).join(', ');
      this.fail(`Exactly one of the following arguments is required: ${list}`);
    }
  }
}
