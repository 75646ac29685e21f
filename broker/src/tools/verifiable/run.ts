/** What both verifiable tools do around their work: read the command line and the properties, say events as JSON lines. */
import { loadProperties } from '../framework/admin.ts';
import type { Parser } from '../framework/argparse/declaration.ts';
import { ArgumentError, type Arguments } from '../framework/argparse/parse.ts';
import { readArguments } from '../framework/argparse/read.ts';
import type { ToolPorts } from '../framework/ports.ts';
import { JavaError } from '../java/java-error.ts';
import { configFile, oldConfigFile } from './options.ts';

export type Values = Arguments['values'];

/** An empty command line is a request for help that is no mistake. */
export async function runVerifiable(
  ports: ToolPorts,
  parser: Parser,
  work: (values: Values) => Promise<number>,
): Promise<number> {
  const isEmpty = ports.args.length === 0;
  const args = isEmpty ? ['--help'] : ports.args;
  const { values } = readArguments({ ...ports, args }, parser, { help: isEmpty ? 0 : 1 });
  try {
    return await work(values);
  } catch (error) {
    if (error instanceof ArgumentError) ports.err(error.screen);
    else if (error instanceof JavaError) ports.err(`Exception in thread "main" ${error.trace}`);
    else throw error;
    return 1;
  }
}

export function readConfigFile(ports: ToolPorts, values: Values, parser: Parser): Map<string, string> {
  const given = values.get(configFile) as string | undefined;
  const old = values.get(oldConfigFile) as string | undefined;
  const oldFlag = parser.arguments.find(({ name }) => name === oldConfigFile)!.flags[0]!;
  const refuse = (message: string) => new ArgumentError(message, [parser]);
  if (given !== undefined && old !== undefined) {
    throw refuse(`Options ${oldFlag} and --command-config are mutually exclusive.`);
  }
  if (old !== undefined) {
    ports.out(
      `Option ${oldFlag} has been deprecated and will be removed in a future version. Use --command-config instead.\n`,
    );
  }
  try {
    return loadProperties(ports, given ?? old ?? null);
  } catch (error) {
    if (!(error instanceof JavaError)) throw error;
    throw refuse(error.text ?? '');
  }
}

/** One line, told at once. */
export function say(ports: ToolPorts, event: { readonly name: string; readonly timestamp?: number }): void {
  const { timestamp = ports.now(), ...rest } = event;
  ports.out(`${JSON.stringify({ timestamp, ...rest })}\n`);
  ports.flush();
}
