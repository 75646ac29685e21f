/**
 * Answers `lab` and `cluster`, typed in the box. Their scripts are plain bash, so that they start in a few
 * milliseconds; they speak to this on the box's own localhost:
 *
 *   request   token, `lab` or `cluster`, language, number of arguments, then one argument a line
 *   answer    exit code, then the text until the end
 */
import { randomBytes } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import type { Language } from '../sandbox/sandbox.ts';

const REQUEST_BYTES_MAX = 64 * 1024;
const ARGUMENTS_MAX = 64;
const CONNECTIONS_MAX = 16;

export type CommandName = 'lab' | 'cluster';

export interface CommandRequest {
  readonly name: CommandName;
  readonly arguments: readonly string[];
  readonly language: Language;
}

export interface CommandAnswer {
  readonly text: string;
  readonly exitCode: number;
}

/** Resolves with what the scripts find in their environment: `PORT:TOKEN`. */
export function serveCommands(
  answer: (request: CommandRequest) => Promise<CommandAnswer>,
): Promise<{ readonly address: string }> {
  const token = randomBytes(16).toString('hex');
  const server = createServer((socket) => receive(socket, token, answer));
  server.maxConnections = CONNECTIONS_MAX;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, () => {
      const address = server.address();
      if (address === null || typeof address === 'string') return;
      resolve({ address: `${address.port}:${token}` });
    });
  });
}

function receive(
  socket: Socket,
  token: string,
  answer: (request: CommandRequest) => Promise<CommandAnswer>,
): void {
  let text = '';
  let asked = false;
  socket.setEncoding('utf8');
  // `lab wait` and `lab run` take their time.
  socket.setTimeout(180_000, () => socket.destroy());
  socket.on('error', () => undefined);
  socket.on('data', (chunk: string) => {
    if (asked) return;
    text += chunk;
    if (text.length > REQUEST_BYTES_MAX) {
      socket.destroy();
      return;
    }
    const request = parseRequest(text, token);
    if (request === 'incomplete') return;
    asked = true;
    if (request === 'refused') {
      socket.destroy();
      return;
    }
    answer(request).then(
      ({ exitCode, text }) => socket.end(`${exitCode}\n${text}`),
      (error: unknown) => socket.end(`1\n${error instanceof Error ? error.message : String(error)}\n`),
    );
  });
}

function parseRequest(text: string, token: string): CommandRequest | 'incomplete' | 'refused' {
  const lines = text.split('\n');
  if (lines.length < 5) return 'incomplete';
  const [given, name, language, count] = lines as [string, string, string, string];
  const argumentCount = Number(count);
  if (given !== token || (name !== 'lab' && name !== 'cluster')) return 'refused';
  if (!Number.isInteger(argumentCount) || argumentCount < 0 || argumentCount > ARGUMENTS_MAX)
    return 'refused';
  if (lines.length < 5 + argumentCount) return 'incomplete';
  return {
    name,
    language: language.startsWith('ko') ? 'ko' : 'en',
    arguments: lines.slice(4, 4 + argumentCount),
  };
}
