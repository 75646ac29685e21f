/** Who is let onto the socket, and what happens to messages that are not of the contract. */
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ApiError, PROTOCOL, type Reply, SOCKET_PATH } from '../../server/src/contract/main.ts';
import { startTestServer, type TestServer } from './harness.ts';

let host: TestServer;
let cookie: string;
const sockets: Socket[] = [];

beforeAll(async () => {
  host = await startTestServer();
  const client = host.client();
  await client.post('/api/session/try-here').expect(200);
  cookie = client.cookie!;
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});
afterAll(() => host[Symbol.asyncDispose]());

function dial(options: Partial<ManagerOptions & SocketOptions> = {}): Socket {
  const socket = io(host.url, {
    path: SOCKET_PATH,
    transports: ['websocket'],
    reconnection: false,
    auth: { protocol: PROTOCOL, pageId: 'test-page-1' },
    extraHeaders: { cookie, origin: host.url },
    ...options,
  });
  sockets.push(socket);
  return socket;
}

function outcome(socket: Socket): Promise<'connected' | string> {
  return new Promise((resolve) => {
    socket.once('connect', () => resolve('connected'));
    socket.once('connect_error', (error: Error & { data?: ApiError }) =>
      resolve(error.data?.code ?? error.message),
    );
  });
}

describe('a window', () => {
  test('with a session, from this server’s page, is let in', async () => {
    expect(await outcome(dial())).toBe('connected');
  });

  test('without a session is told to sign in', async () => {
    expect(await outcome(dial({ extraHeaders: { origin: host.url } }))).toBe('notSignedIn');
    expect(await outcome(dial({ extraHeaders: { cookie: `${cookie}x`, origin: host.url } }))).toBe(
      'notSignedIn',
    );
  });

  test.each(['https://evil.example', 'null', 'http://localhost:1'])('of %s is refused', async (origin) => {
    expect(await outcome(dial({ extraHeaders: { cookie, origin } }))).not.toBe('connected');
    const polling = dial({ transports: ['polling'], extraHeaders: { cookie, origin } });
    expect(await outcome(polling)).not.toBe('connected');
  });

  test('that came by a rebound name is refused', async () => {
    const extraHeaders = { cookie, host: 'evil.example', origin: 'http://evil.example' };
    expect(await outcome(dial({ extraHeaders }))).not.toBe('connected');
  });

  test.each([{}, { protocol: PROTOCOL + 1, pageId: 'test-page-1' }, { protocol: PROTOCOL, pageId: '../..' }])(
    'that says %j is told to reload',
    async (auth) => {
      expect(await outcome(dial({ auth }))).toBe('protocolMismatch');
    },
  );

  test('is told and cut off when its person signs out', async () => {
    const client = host.client();
    await client.post('/api/session/try-here').expect(200);
    const socket = dial({ extraHeaders: { cookie: client.cookie!, origin: host.url } });
    expect(await outcome(socket)).toBe('connected');
    const told = new Promise((resolve) => socket.once('message', resolve));
    const cut = new Promise((resolve) => socket.once('disconnect', resolve));
    await client.delete('/api/session').expect(204);
    expect(await told).toEqual({ type: 'signedOut' });
    await cut;
  });

  test('one person can’t hold any number of them', async () => {
    const results: string[] = [];
    for (let count = 0; count < 22; count += 1) results.push(await outcome(dial()));
    expect(results.filter((result) => result === 'connected')).toHaveLength(20);
    expect(results.at(-1)).toBe('rateLimited');
  });
});

describe('a message', () => {
  test.each([
    [undefined],
    [null],
    [7],
    ['lab.open'],
    [[]],
    [{}],
    [{ type: 'nothing' }],
    [{ type: 'lab.open' }],
    [{ type: 'lab.open', labId: '../../etc' }],
    [{ type: 'lab.open', labId: { $ne: 1 } }],
    [{ type: 'terminal.open', cols: 1e9, rows: -1 }],
    [{ type: 'terminal.input', terminalId: 't1', sequence: 0, data: 'x' }],
    [{ type: 'terminal.input', terminalId: 't1', sequence: 1, data: 'x'.repeat(20_000) }],
    [{ type: 'terminal.ack', terminalId: 't1', offset: Number.NaN }],
  ])('%j is answered with badRequest', async (message) => {
    const socket = dial();
    await outcome(socket);
    const reply = (await socket.timeout(5_000).emitWithAck('message', message)) as Reply;
    expect(reply).toMatchObject({ ok: false, error: { code: 'badRequest' } });
  });

  test.each([
    { type: 'terminal.open', cols: 80, rows: 24 },
    { type: 'terminal.input', terminalId: 't1', sequence: 1, data: 'x' },
    { type: 'lab.check' },
    { type: 'cluster.watch', on: true },
  ])('$type before a lab is open is answered, not thrown', async (message) => {
    const socket = dial();
    await outcome(socket);
    const reply = (await socket.timeout(5_000).emitWithAck('message', message)) as Reply;
    expect(reply.ok).toBe(false);
  });

  test('over the size limit ends that connection only', async () => {
    const [socket, other] = [dial(), dial()];
    await Promise.all([outcome(socket), outcome(other)]);
    const cut = new Promise((resolve) => socket.once('disconnect', resolve));
    socket.emit('message', { type: 'lab.open', labId: 'x'.repeat(500_000) });
    await cut;
    expect(other.connected).toBe(true);
    expect((await fetch(`${host.url}/healthz`)).status).toBe(200);
  });

  test('too many in one second cut the connection', async () => {
    const socket = dial();
    await outcome(socket);
    const cut = new Promise((resolve) => socket.once('disconnect', resolve));
    for (let count = 0; count < 5_000; count += 1) socket.emit('message', { type: 'lab.leave' });
    await cut;
  });

  test('without a callback, or with other arguments, harms nothing', async () => {
    const socket = dial();
    await outcome(socket);
    socket.emit('message');
    socket.emit('message', { type: 'lab.leave' }, 'no callback', 5);
    socket.emit('other', {});
    const reply = (await socket.timeout(5_000).emitWithAck('message', { type: 'lab.leave' })) as Reply;
    expect(reply).toEqual({ ok: true, value: null });
  });
});
