/** Tools that run until they are told to stop, in this process: servers from properties files. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { connectCluster } from '@brokerlab/broker/client';
import { type Tool, ToolExit, type ToolPorts } from '../../broker/src/tools/framework/ports.ts';

export interface Running {
  readonly ended: Promise<number>;
  readonly interrupt: (code: number) => void;
  readonly out: () => string;
  readonly err: () => string;
}

export function launch(tool: Tool, ...args: string[]): Running {
  const text = { out: '', err: '' };
  let interrupt: (code: number) => void = () => undefined;
  const ports: ToolPorts = {
    args,
    locale: 'en',
    interactive: false,
    out: (piece) => {
      text.out += piece;
    },
    err: (piece) => {
      text.err += piece;
    },
    write: async () => true,
    async *input() {},
    readFile: (path) => readFileSync(path, 'utf8'),
    now: () => Date.now(),
    random: () => 0,
    onInterrupt(listener) {
      interrupt = listener;
      return () => undefined;
    },
    connect: async (options) => connectCluster(options),
    flush: () => undefined,
  };
  const ended = tool(ports).catch((error: unknown) => {
    if (error instanceof ToolExit) return error.exitCode;
    throw error;
  });
  return { ended, interrupt: (code) => interrupt(code), out: () => text.out, err: () => text.err };
}

export async function run(tool: Tool, ...args: string[]) {
  const running = launch(tool, ...args);
  return { code: await running.ended, out: running.out(), err: running.err() };
}

/** Free at the moment, on 127.0.0.1. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.on('listening', () => resolve((server.address() as { port: number }).port));
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
