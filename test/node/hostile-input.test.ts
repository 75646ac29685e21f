import { connect, type Socket } from 'node:net';
import { type Cluster, startCluster } from '@brokerlab/broker';
import { connectCluster } from '@brokerlab/broker/client';
import { apis } from '@brokerlab/broker/messages';
import { encodeRequest } from '@brokerlab/broker/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ brokers: 1, config: { 'socket.request.max.bytes': '1000000' } });
});
afterAll(() => cluster.stop());

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

/** A small linear generator: the same seed throws the same frames. */
function generator(state: number): (bound: number) => number {
  let current = state >>> 0;
  return (bound) => {
    current = (Math.imul(current, 1664525) + 1013904223) >>> 0;
    return Math.floor((current / 2 ** 32) * bound);
  };
}

function open(port: number): Socket {
  const socket = connect({ host: '127.0.0.1', port });
  socket.on('error', () => undefined);
  return socket;
}

/** Sends bytes and resolves with 'closed' or the first bytes of an answer. */
function throwAt(port: number, bytes: Buffer, waitMs = 5_000): Promise<'closed' | 'silent' | Buffer> {
  return new Promise((resolve) => {
    const socket = open(port);
    const finish = (result: 'closed' | 'silent' | Buffer) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => finish('silent'), waitMs);
    socket.on('data', finish);
    socket.on('close', () => finish('closed'));
    socket.write(bytes);
  });
}

function frame(body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

function header(apiKey: number, apiVersion: number): Buffer {
  const bytes = Buffer.alloc(10);
  bytes.writeInt16BE(apiKey, 0);
  bytes.writeInt16BE(apiVersion, 2);
  bytes.writeInt32BE(7, 4);
  bytes.writeInt16BE(-1, 8);
  return bytes;
}

async function isWell(): Promise<void> {
  await using client = connectCluster({ bootstrap: cluster.bootstrap });
  expect((await client.describeCluster()).brokers).toHaveLength(1);
}

describe('a node', () => {
  const closing: readonly (readonly [what: string, bytes: Buffer])[] = [
    ['a frame larger than socket.request.max.bytes', Buffer.from([0x7f, 0xff, 0xff, 0xff])],
    ['a negative length', Buffer.from([0xff, 0xff, 0xff, 0xff])],
    ['an empty frame', frame(Buffer.alloc(0))],
    ['a header cut short', frame(Buffer.from([0, 3, 0]))],
    ['an unknown API', frame(header(9999, 0))],
    ['an API of the other listener', frame(header(52, 0))],
    ['a version that is not served', frame(header(3, 99))],
    ['an old version that is no more', frame(header(0, 1))],
    ['a body cut short', frame(Buffer.concat([header(3, 4), Buffer.from([0, 0, 0, 5, 0])]))],
    [
      'an array of two thousand million',
      frame(Buffer.concat([header(3, 4), Buffer.from([0x7f, 0xff, 0xff, 0xff])])),
    ],
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
  ];
  for (const [what, bytes] of closing) {
    it(`closes a connection that sends ${what}, and no other`, async () => {
      const [{ port } = { port: 0 }] = cluster.nodes;
      expect(await throwAt(port, bytes)).toBe('closed');
      await isWell();
    });
  }

  it('answers ApiVersions of a version from the future with its own range, at version 0', async () => {
    const [{ port } = { port: 0 }] = cluster.nodes;
    const answer = (await throwAt(
      port,
      frame(Buffer.concat([header(18, 99), Buffer.alloc(20, 0xee)])),
    )) as Buffer;
    expect(answer.readInt32BE(4)).toBe(7);
    expect(answer.readInt16BE(8)).toBe(35);
    expect(answer.readInt32BE(10)).toBe(1);
    expect(answer.readInt16BE(14)).toBe(18);
  });

  it(`stays well and small under thousands of mutated requests (seed ${seed})`, async () => {
    const [{ port, controllerPort } = { port: 0, controllerPort: 0 }] = cluster.nodes;
    const below = generator(seed);
    const before = process.memoryUsage().rss;
    for (let round = 0; round < 40; round++) {
      await Promise.all(
        Array.from({ length: 50 }, () => {
          const bytes = mutated(below);
          return throwAt(below(4) === 0 ? controllerPort : port, bytes, 150);
        }),
      );
    }
    await isWell();
    expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000);
  }, 60_000);

  it('holds nothing for a client that sends without reading', async () => {
    const [{ port } = { port: 0 }] = cluster.nodes;
    const socket = open(port);
    socket.pause();
    const request = encodeRequest(apis.get(18)!.request, 3, {
      correlationId: 1,
      clientId: 'flood',
      body: { clientSoftwareName: 'flood', clientSoftwareVersion: '1' },
    });
    const many = Buffer.concat(Array.from({ length: 2_000 }, () => request));
    const before = process.memoryUsage().rss;
    for (let round = 0; round < 50 && !socket.writableNeedDrain; round++) {
      socket.write(many);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await isWell();
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
    socket.destroy();
  });
});

/** A request of some API at some version, filled with defaults, then damaged in up to four places. */
function mutated(below: (bound: number) => number): Buffer {
  const all = [...apis.values()];
  const api = all[below(all.length)]!;
  const [low, high] = api.request.versions;
  const version = low + below(high - low + 1);
  const body = api.request.empty();
  const bytes = encodeRequest(api.request, version, { correlationId: below(1000), clientId: 'mutant', body });
  for (let count = below(5); count > 0; count--) {
    bytes[8 + below(Math.max(bytes.length - 8, 1))] = below(256);
  }
  if (below(10) === 0) return bytes.subarray(0, below(bytes.length));
  return bytes;
}
