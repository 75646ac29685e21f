/**
 * `connect-mirror-maker.sh mm2.properties [--clusters TARGET …] [--status]`: MirrorMaker 2 in its dedicated mode.
 * Ends with 255 on wrong usage, 2 when the file cannot be used, 3 when it cannot start, 143 or 130 after a signal.
 * SIGUSR1 and SIGUSR2 print progress and lag; `--status` does from outside.
 */
import {
  MirrorMaker,
  type MirrorSettings,
  type Problem,
  readSettings,
  statusFromClusters,
  statusText,
} from '../mirror/main.ts';
import { ToolExit, type ToolPorts } from './framework/ports.ts';
import { logTime } from './java/printf.ts';
import { type MirrorMakerOptions, parseOptions, usage } from './mirror-maker/options.ts';

const logger = 'org.apache.kafka.connect.mirror.MirrorMaker';
const exitCodes = { usage: 255, settings: 2, start: 3 } as const;

export async function run(ports: ToolPorts): Promise<number> {
  const options = parseOptions(ports.args);
  if (options === 'help') {
    ports.out(usage(ports.locale));
    throw new ToolExit(0);
  }
  if ('problem' in options) return refuse(ports, options.problem);
  const text = readFile(ports, options.file);
  if (text === null) {
    return refuse(ports, `argument mm2.properties: Insufficient permissions to read file: '${options.file}'`);
  }
  const settings = settingsOf(ports, text, options);
  if (settings === null) return exitCodes.settings;
  if (!options.status) return drive(ports, settings, options.clusters);
  ports.out(await statusFromClusters(settings, options.clusters));
  return 0;
}

function refuse(ports: ToolPorts, problem: string): number {
  const [head] = usage(ports.locale).split('\n\n');
  ports.err(`${head}\nconnect-mirror-maker: error: ${problem}\n`);
  return exitCodes.usage;
}

function readFile(ports: ToolPorts, path: string): string | null {
  try {
    return ports.readFile(path);
  } catch {
    return null;
  }
}

function settingsOf(ports: ToolPorts, text: string, options: MirrorMakerOptions): MirrorSettings | null {
  const { settings, problems } = readSettings(text);
  const { file, clusters } = options;
  for (const problem of problems) log(ports, severity(problem), `${file}${place(problem)}: ${problem.text}`);
  const aliases = settings.clusters.map(({ alias }) => alias);
  const stranger = clusters?.find((alias) => !aliases.includes(alias));
  if (stranger !== undefined) {
    log(ports, 'ERROR', `--clusters: "${stranger}" is not among "clusters" (${aliases.join(', ')})`);
  }
  const refused = stranger !== undefined || problems.some((problem) => problem.severity === 'error');
  return refused ? null : settings;
}

function severity(problem: Problem): 'ERROR' | 'WARN' {
  return problem.severity === 'error' ? 'ERROR' : 'WARN';
}

function place({ line }: Problem): string {
  return line === null ? '' : `:${line}`;
}

async function drive(
  ports: ToolPorts,
  settings: MirrorSettings,
  clusters: readonly string[] | undefined,
): Promise<number> {
  const targets = clusters ?? settings.clusters.map(({ alias }) => alias);
  log(ports, 'INFO', `Targeting clusters [${targets.join(', ')}]`);
  const maker = new MirrorMaker({
    settings,
    ...(clusters === undefined ? {} : { targets: clusters }),
    onLog: ({ level, flow, text }) => log(ports, level, flow === '' ? text : `[${flow}] ${text}`),
    now: ports.now,
    ...(ports.announce === undefined ? {} : { onServing: ports.announce }),
  });
  const stopListening = ports.onReport?.(() => {
    ports.out(statusText(maker.status));
    ports.flush();
  });
  try {
    await maker.start();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    log(ports, 'ERROR', `Failed to start MirrorMaker: ${text}`);
    return exitCodes.start;
  }
  const ended = ending(ports, maker);
  const code = await ended.code;
  await maker.stop();
  ended.release();
  stopListening?.();
  return code;
}

/** Signals are listened to until all is stopped: a second one does not cut short what the first one began. */
function ending(ports: ToolPorts, maker: MirrorMaker): { code: Promise<number>; release: () => void } {
  let release = () => {};
  const code = new Promise<number>((resolve) => {
    release = ports.onInterrupt(resolve);
    maker.failure.catch(() => resolve(exitCodes.settings));
  });
  return { code, release };
}

function log(ports: ToolPorts, level: 'INFO' | 'WARN' | 'ERROR', text: string): void {
  ports.out(`${logTime(new Date(ports.now()))} ${level} ${text} (${logger})\n`);
  ports.flush();
}
