/** A trainee as the page would be one: cookie, REST and socket, without a browser. */
import type {
  AnswerByType,
  ClientMessage,
  ClientMessageType,
  LabState,
  Reply,
  ServerMessage,
  TerminalInfo,
} from '@brokerlab/server/contract';
import { PROTOCOL, SOCKET_PATH } from '@brokerlab/server/contract';
import { io, type Socket } from 'socket.io-client';

export class Trainee {
  readonly url: string;
  readonly cookie: string;
  #socket: Socket | undefined;
  readonly #listeners = new Set<(message: ServerMessage) => void>();
  #sequence = 0;

  private constructor(url: string, cookie: string) {
    this.url = url;
    this.cookie = cookie;
  }

  /** Comes in by "try it here". */
  static async tryHere(url: string): Promise<Trainee> {
    return new Trainee(url, await cookieOf(url, '/api/session/try-here', {}));
  }

  static async signIn(url: string, name: string, password: string): Promise<Trainee> {
    return new Trainee(url, await cookieOf(url, '/api/session', { name, password }));
  }

  /** The same person as a browser that has this cookie. */
  static withCookie(url: string, cookie: string): Trainee {
    return new Trainee(url, cookie);
  }

  async rest<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        cookie: this.cookie,
        origin: this.url,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (response.status === 204 ? null : await response.json()) as T;
  }

  async connect(): Promise<void> {
    const socket = io(this.url, {
      path: SOCKET_PATH,
      transports: ['websocket'],
      auth: { protocol: PROTOCOL, pageId: `test-${Math.random().toString(36).slice(2, 12)}` },
      extraHeaders: { cookie: this.cookie, origin: this.url },
      reconnection: false,
    });
    socket.on('message', (message: ServerMessage) => {
      for (const listener of this.#listeners) listener(message);
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    this.#socket = socket;
  }

  onMessage(listener: (message: ServerMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async send<T extends ClientMessageType>(
    message: Extract<ClientMessage, { type: T }>,
  ): Promise<AnswerByType[T]> {
    const reply = (await this.#socket!.timeout(30_000).emitWithAck('message', message)) as Reply<T>;
    if (!reply.ok) throw new Error(`${message.type}: ${reply.error.code} ${reply.error.message.en}`);
    return reply.value as AnswerByType[T];
  }

  /** Opens the lab and waits until its environment is ready. */
  async openLab(labId: string): Promise<TerminalInfo[]> {
    let ready = false;
    let failure: string | undefined;
    const off = this.onMessage((message) => {
      if (message.type !== 'environment') return;
      if (message.environment.state === 'ready') ready = true;
      if (message.environment.state === 'failed') failure = message.environment.message.en;
    });
    try {
      const answer = await this.send({ type: 'lab.open', labId });
      if (answer.environment.state === 'ready') return answer.terminals;
      await this.#until(() => ready || failure !== undefined, `environment of ${labId}`);
      if (failure !== undefined) throw new Error(failure);
      return (await this.send({ type: 'lab.open', labId })).terminals;
    } finally {
      off();
    }
  }

  /** Attaches to a terminal (opening one when there is none) and follows its output. */
  async terminal(info?: TerminalInfo): Promise<TraineeTerminal> {
    const terminal = info ?? (await this.send({ type: 'terminal.open', cols: 120, rows: 30 })).terminal;
    const view = new TraineeTerminal(this, terminal.id);
    const answer = await this.send({
      type: 'terminal.attach',
      terminalId: terminal.id,
      from: null,
      cols: 120,
      rows: 30,
    });
    view.begin(answer);
    return view;
  }

  nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  labState(labId: string): Promise<LabState> {
    return this.rest('GET', `/api/labs/${labId}/state`);
  }

  async #until(condition: () => boolean, what: string, timeoutMs = 60_000): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!condition()) {
      if (performance.now() > deadline) throw new Error(`${what}: not after ${timeoutMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  close(): void {
    this.#socket?.close();
  }
}

export class TraineeTerminal {
  readonly #trainee: Trainee;
  readonly #id: string;
  readonly #decoder = new TextDecoder();
  readonly #waiters = new Set<() => void>();
  #offset = 0;
  text = '';

  constructor(trainee: Trainee, id: string) {
    this.#trainee = trainee;
    this.#id = id;
    trainee.onMessage((message) => {
      if (message.type === 'terminal.output' && message.terminalId === id) {
        this.#take(new Uint8Array(message.data), message.offset);
      }
    });
  }

  begin(answer: AnswerByType['terminal.attach']): void {
    if (answer.start.kind === 'snapshot') {
      this.text = answer.start.snapshot.data + this.text;
      this.#offset = Math.max(this.#offset, answer.start.snapshot.offset);
    } else this.#take(new Uint8Array(answer.start.data), answer.start.offset);
    this.#wake();
  }

  async type(data: string): Promise<void> {
    await this.#trainee.send({
      type: 'terminal.input',
      terminalId: this.#id,
      sequence: this.#trainee.nextSequence(),
      data,
    });
  }

  /** Resolves when the output from `since` on matches; with the text up to then. */
  async waitFor(
    pattern: RegExp | string,
    options: { since?: number; timeoutMs?: number } = {},
  ): Promise<string> {
    const since = options.since ?? 0;
    const timeoutMs = options.timeoutMs ?? 20_000;
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const text = this.text.slice(since);
      if (typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text)) return text;
      const left = deadline - performance.now();
      if (left <= 0)
        throw new Error(`${pattern} did not appear within ${timeoutMs} ms in:\n${text.slice(-2000)}`);
      await this.#change(left);
    }
  }

  /** Types a command line and waits for the prompt after it. */
  async run(command: string, options: { timeoutMs?: number } = {}): Promise<string> {
    // Typed before the shell has shown its prompt, a line is echoed twice, and its end cannot be told.
    await this.waitFor(/\$ (?:\x1b\[[0-9;?]*[a-zA-Z])*$/, options);
    const since = this.text.length;
    await this.type(`${command}\r`);
    return this.waitFor(/\n[^\n]*\$ (?:\x1b\[[0-9;?]*[a-zA-Z])*$/, { since, ...options });
  }

  #take(bytes: Uint8Array, offset: number): void {
    if (offset + bytes.length <= this.#offset) return;
    this.text += this.#decoder.decode(bytes.subarray(Math.max(0, this.#offset - offset)), { stream: true });
    this.#offset = offset + bytes.length;
    void this.#trainee
      .send({ type: 'terminal.ack', terminalId: this.#id, offset: this.#offset })
      .catch(() => undefined); // the socket went away: the server counts what it knows
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiters) wake();
    this.#waiters.clear();
  }

  #change(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#waiters.add(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

async function cookieOf(url: string, path: string, body: unknown): Promise<string> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
  const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
  return cookies.join('; ');
}
