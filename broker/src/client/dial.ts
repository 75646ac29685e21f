/** Opens streams: to `host:port` addresses over TCP, or by the caller's own way. */
import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { ClientError } from './client-error.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

const portMax = 65_535;

/** `host:port,[v6]:port`. Throws on anything else. */
export function parseAddresses(list: string): Address[] {
  return list
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text) => {
      const match = /^(?:[a-zA-Z]+:\/\/)?\[?([0-9a-zA-Z\-%._:]*)\]?:([0-9]+)$/.exec(text);
      if (match === null) throw new ClientError('unresolvable', `Invalid url in bootstrap.servers: ${text}`);
      const port = Number(match[2]);
      if (port > portMax) throw new ClientError('unresolvable', `Invalid port in bootstrap.servers: ${text}`);
      return { host: match[1]!, port };
    });
}

export async function openTcp(address: Address, timeoutMs: number): Promise<Duplex> {
  const socket = connect({ host: address.host, port: address.port, noDelay: true });
  await opened(socket, timeoutMs, `${address.host}:${address.port}`);
  return socket;
}

/** Waits until a stream that knows `connect` is open; a stream without it (a pair in memory) is open already. */
export async function opened(stream: Duplex, timeoutMs: number, name: string): Promise<void> {
  if (!('connecting' in stream) || stream.connecting !== true) return;
  await new Promise<void>((resolve, reject) => {
    const fail = (cause?: unknown) => {
      clearTimeout(timer);
      stream.destroy();
      reject(new ClientError('unreachable', `${name} does not answer`, { cause }));
    };
    const timer = setTimeout(fail, timeoutMs);
    stream.once('error', fail);
    stream.once('connect', () => {
      clearTimeout(timer);
      stream.off('error', fail);
      resolve();
    });
  });
}

export async function resolves(host: string): Promise<boolean> {
  try {
    await lookup(host);
    return true;
  } catch {
    return false;
  }
}
