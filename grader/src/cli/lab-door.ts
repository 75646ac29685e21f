/**
 * `lab` and `cluster` typed into the terminal of a proof: two small scripts that ask this process over a local port, as
 * the ones in a trainee's box ask their agent.
 */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';

export interface DoorReply {
  readonly text: string;
  readonly exitCode: number;
}

export type DoorHandler = (tool: 'lab' | 'cluster', words: readonly string[]) => Promise<DoorReply>;

export interface LabDoor {
  /** To be put before the PATH. */
  readonly folder: string;
  close(): void;
}

export async function openDoor(home: string, handle: DoorHandler): Promise<LabDoor> {
  const server = await listen(handle);
  const { port } = server.address() as AddressInfo;
  const folder = join(home, '.lab');
  mkdirSync(folder, { recursive: true });
  for (const tool of ['lab', 'cluster']) {
    const file = join(folder, tool);
    writeFileSync(file, script(tool, port));
    chmodSync(file, 0o755);
  }
  return { folder, close: () => server.close() };
}

function script(tool: string, port: number): string {
  return `#!/bin/bash
exec 4<>/dev/tcp/127.0.0.1/${port} || exit 1
{ printf '%s\\n' ${tool} "$#"; for argument; do printf '%s\\n' "\${argument//$'\\n'/ }"; done; } >&4
IFS= read -r code <&4
cat <&4
exit "\${code:-1}"
`;
}

function listen(handle: DoorHandler): Promise<Server> {
  const server = createServer((socket) => {
    let text = '';
    let asked = false;
    socket.on('error', () => undefined);
    socket.on('data', (data: Buffer) => {
      text += data.toString();
      const [tool, count, ...rest] = text.split('\n');
      const words = rest.slice(0, -1);
      if (asked || count === undefined || rest.length === 0 || words.length < Number(count)) return;
      asked = true;
      handle(tool === 'cluster' ? 'cluster' : 'lab', words)
        .catch((error: unknown) => ({
          text: `${error instanceof Error ? error.message : String(error)}\n`,
          exitCode: 1,
        }))
        .then(({ text: answer, exitCode }) => socket.end(`${exitCode}\n${answer}`));
    });
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}
