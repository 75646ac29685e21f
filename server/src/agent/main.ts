/**
 * The agent: the one program of ours that runs in the trainee's box. It owns the box's terminals and files and
 * speaks with the cell over file descriptor 3. The trainee can kill it, which ends the box, and forge whatever
 * it says; it holds nothing that the trainee must not have.
 */
import { mkdirSync, symlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { createCalls, replyTo } from '../cell/calls.ts';
import { openFrameChannel } from '../cell/frame.ts';
import { type BoxCall, type BoxNews, decodeJson, encodeJson, FrameType } from '../cell/protocol.ts';
import { CellError } from '../sandbox/sandbox.ts';
import { type CommandAnswer, serveCommands } from './commands.ts';
import { execInBox } from './exec.ts';
import { createBoxFiles } from './files.ts';
import { createTerminals } from './terminals.ts';
import { createHomeWatch } from './watch.ts';

const COMMAND_TIMEOUT_MS = 180_000;

const home = process.env.HOME ?? '/home/trainee';
const shellFolder = process.env.BROKERLAB_SHELL ?? '/opt/brokerlab/shell';

// The course's commands are also typed as `./kafka-topics.sh`, from Kafka's bin folder.
try {
  mkdirSync(join(home, 'kafka'));
  symlinkSync(join(dirname(shellFolder), 'tools/bin'), join(home, 'kafka/bin'));
} catch {
  // There already, or the home is full: the tools are on the path all the same.
}

const channel = openFrameChannel(new Socket({ fd: 3, readable: true, writable: true }), {
  onFrame({ type, channel: number, payload }) {
    if (type === FrameType.terminalData) terminals.write(number, Buffer.from(payload));
    else if (type === FrameType.labReply) labCalls.settle(number, payload);
    else if (type === FrameType.clusterReply) clusterCalls.settle(number, payload);
    else if (type === FrameType.boxCall) {
      const call = decodeJson(payload) as BoxCall;
      void replyTo(() => perform(call)).then((reply) => channel.send(FrameType.boxReply, number, reply));
    }
  },
  onClose: () => process.exit(0),
});
channel.onDrain(() => terminals.holdAll(false));

const labCalls = createCalls((number, payload) => channel.send(FrameType.labCall, number, payload));
const clusterCalls = createCalls((number, payload) => channel.send(FrameType.clusterCall, number, payload));

const commands = serveCommands(async (request) => {
  const { name, ...rest } = request;
  const calls = name === 'lab' ? labCalls : clusterCalls;
  return (await calls.call(rest, COMMAND_TIMEOUT_MS)) as CommandAnswer;
}).catch(() => ({ address: '' }));

// A shell needs the address in its environment; listening takes less than the pty's own start.
const environment: Record<string, string> = Object.fromEntries(
  Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
);
delete environment.UV_THREADPOOL_SIZE;

const terminals = createTerminals({
  shell: { file: 'bash', args: ['--rcfile', `${shellFolder}/bashrc`, '-i'] },
  environment,
  home,
  sendData: (terminal, data) => channel.send(FrameType.terminalData, terminal, data),
  sendEvent: tell,
});

const files = createBoxFiles(home);
const homeWatch = createHomeWatch(home, (folders) => tell({ kind: 'filesChanged', folders }));

tell({ kind: 'hello' });

function tell(news: BoxNews): void {
  channel.send(FrameType.boxEvent, 0, encodeJson(news));
}

async function perform(call: BoxCall): Promise<unknown> {
  switch (call.kind) {
    case 'openTerminal':
      environment.BROKERLAB_AGENT = (await commands).address;
      return terminals.open(call);
    case 'directory':
      return terminals.directory(call.terminal);
    case 'resize':
      return terminals.resize(call.terminal, call.cols, call.rows);
    case 'flow':
      return terminals.flow(call.terminal, call.paused);
    case 'kill':
      return terminals.kill(call.terminal);
    case 'exec':
      environment.BROKERLAB_AGENT = (await commands).address;
      return execInBox(call, { home, environment });
    case 'list':
      homeWatch.start();
      return files.list(call.path);
    case 'tree':
      homeWatch.start();
      return files.tree();
    case 'read':
      return files.read(call.path);
    case 'write':
      return files.write(call.path, call.content, call);
    case 'makeFolder':
      return files.makeFolder(call.path);
    case 'rename':
      return files.rename(call.from, call.to);
    case 'remove':
      return files.remove(call.path);
    default:
      throw new CellError(
        'badRequest',
        `unknown call: ${JSON.stringify(call satisfies never).slice(0, 200)}`,
      );
  }
}
