/** A tool's command line, or the tool's end: help and version to standard output, errors to standard error. */
import { ToolExit, type ToolPorts } from '../ports.ts';
import type { Parser } from './declaration.ts';
import { ArgumentError, type Arguments, HelpScreen, parseArguments } from './parse.ts';

export function readArguments(
  ports: ToolPorts,
  parser: Parser,
  codes: { readonly help?: number } = {},
): Arguments {
  try {
    return parseArguments(parser, ports.args, ports.locale);
  } catch (error) {
    if (error instanceof HelpScreen) {
      ports.out(error.screen);
      throw new ToolExit(error.kind === 'version' ? 0 : (codes.help ?? 0));
    }
    if (!(error instanceof ArgumentError)) throw error;
    ports.err(error.screen);
    throw new ToolExit(1);
  }
}
