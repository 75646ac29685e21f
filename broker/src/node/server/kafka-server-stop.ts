/** kafka-server-stop.sh: sends SIGTERM to the servers that kafka-server-start.sh runs; all, or those of a role or node. */
import { execFileSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { resolve } from 'node:path';
import { OptionError, parseOptions } from '../../tools/framework/options.ts';
import type { ToolPorts } from '../../tools/framework/ports.ts';
import { helpOptions, Usage } from '../../tools/framework/usage.ts';
import { parseProperties } from '../../tools/java/properties.ts';

const options = {
  ...helpOptions,
  'process-role': {
    argument: 'role',
    help: {
      en: 'Stop only servers of this process.roles: broker or controller. Not with --node-id.',
      ko: '이 process.roles(broker 또는 controller)의 서버만 멈춥니다. --node-id와 함께 쓸 수 없습니다.',
    },
  },
  'node-id': {
    argument: 'id',
    help: {
      en: 'Stop only the server with this node.id.',
      ko: '이 node.id의 서버만 멈춥니다.',
    },
  },
} as const;

const about = {
  en: 'Stops the servers that kafka-server-start.sh started on this machine.',
  ko: '이 컴퓨터에서 kafka-server-start.sh로 시작한 서버를 멈춥니다.',
};

interface Server {
  readonly pid: number;
  readonly file: string;
}

export async function run(ports: ToolPorts): Promise<number> {
  const set = parse(ports);
  if (set === null) return 1;
  if (ports.args.length > 0) new Usage(ports, options).helpOrVersion(set, about);
  const servers = runningServers();
  if (servers.length === 0) {
    ports.out('No kafka server to stop\n');
    return 1;
  }
  const nodeId = set.value('node-id');
  const role = set.value('process-role');
  const wanted = servers.filter(({ file }) => {
    const properties = read(ports, file);
    if (nodeId !== null) return properties.get('node.id')?.trim() === nodeId;
    return role === null || properties.get('process.roles')?.replaceAll(' ', '') === role;
  });
  if (wanted.length === 0) {
    const what = nodeId !== null ? `'node.id=${nodeId}'` : `'process.roles=${role}'`;
    ports.out(`No kafka server found with ${what}\n`);
    return 1;
  }
  for (const { pid } of wanted) process.kill(pid, 'SIGTERM');
  return 0;
}

function parse(ports: ToolPorts) {
  try {
    return parseOptions(options, ports.args);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    ports.err(`${error.text}\n`);
    return null;
  }
}

function runningServers(): Server[] {
  const list = execFileSync('ps', ['ax', '-o', 'pid=', '-o', 'args='], { encoding: 'utf8' });
  return list.split('\n').flatMap((line) => {
    const match = /^\s*(\d+) \S*node\S* (?:\S+ )*?\S*run\.cjs kafka-server-start (?!-daemon)(\S+)/.exec(line);
    if (match === null) return [];
    const pid = Number(match[1]);
    return [{ pid, file: resolve(workingFolder(pid), match[2]!) }];
  });
}

function workingFolder(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '.';
  }
}

function read(ports: ToolPorts, file: string): ReadonlyMap<string, string> {
  try {
    return parseProperties(ports.readFile(file));
  } catch {
    return new Map();
  }
}
