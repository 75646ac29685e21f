/** The beginning of a tool that talks to a cluster and has nothing else to check: its options and the client's settings. */
import { loadProperties } from './admin.ts';
import { type OptionSet, type OptionTable, parseOptions, type Wording } from './options.ts';
import type { ToolPorts } from './ports.ts';
import { Usage } from './usage.ts';

/** Help and version end the tool, and so does a required option that is missing. */
export function readConnected<T extends OptionTable & { readonly 'command-config': object }>(
  ports: ToolPorts,
  table: T,
  { about, required }: { readonly about: Wording; readonly required: readonly (keyof T & string)[] },
): { readonly set: OptionSet<T>; readonly properties: Map<string, string> } {
  const set = parseOptions(table, ports.args);
  const usage = new Usage(ports, table);
  usage.helpOrVersion(set, about);
  usage.required(set, ...required);
  return { set, properties: loadProperties(ports, set.value('command-config')) };
}
