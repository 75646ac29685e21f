/**
 * The cell, run in the outer namespace: the trainee's brokers, and the box beside them on the same localhost.
 * It does what the server asks, passes frames between server and box, and watches the box's limits from outside.
 */
import { CellError, type CellUsage } from '../sandbox/sandbox.ts';
import { createBox } from './box.ts';
import { replyTo } from './calls.ts';
import { answerClusterCommand } from './cluster-command.ts';
import { createClusters } from './clusters.ts';
import type { Frame, FrameChannel } from './frame.ts';
import { Guard } from './guard.ts';
import { createLoads } from './loads.ts';
import {
  AGENT_FRAME_TYPES,
  type BoxCall,
  type CellCall,
  type CellEvent,
  type ClusterCommand,
  decodeJson,
  encodeJson,
  FrameType,
  type StartCell,
} from './protocol.ts';
import { emptyFolder } from './remove-tree.ts';
import { createSnapshots } from './snapshots.ts';
import { Wire } from './wire.ts';

/** The agent has stopped reading: a stopped or wedged box. Asking it more is pointless. */
const UNREAD_BYTES_MAX = 4 * 1024 * 1024;

export interface CellServer {
  onFrame(frame: Frame): void;
}

export function createCell(settings: StartCell, server: FrameChannel): CellServer {
  const event = (value: CellEvent): void => void server.send(FrameType.cellEvent, 0, encodeJson(value));

  const box = createBox(settings.box, {
    onFrame: fromAgent,
    onEnded: (reason) => event({ kind: 'boxGone', reason }),
    onFailed: (message) => event({ kind: 'failed', message }),
  });
  const clusters = createClusters(settings, {
    onTick: (kinds) => event({ kind: 'tick', kinds }),
    onStatus: (status) => event({ kind: 'cluster', status }),
  });
  const brokers = clusters.first;
  const wire = new Wire((update) => event({ kind: 'wire', update }));
  const loads = createLoads(settings);
  const snapshots = createSnapshots({ ...settings, homeDir: settings.box.homeDir });
  /** What replaces files and data as a whole is done one after the other. */
  let placing: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(action: () => Promise<T>): Promise<T> => {
    const turn = placing.then(action);
    placing = turn.catch(() => undefined);
    return turn;
  };
  const guard = new Guard({
    limits: settings.box.limits,
    clusterBytesMax: settings.clusterBytesMax,
    homeDir: settings.box.homeDir,
    clusterDir: settings.clusterDir,
    isolated: settings.box.isolation === 'namespace',
    onLimit: (met) => event({ kind: 'limit', met }),
  });

  box.start();
  // `cluster.ready()` says why; the box is of use without brokers.
  clusters.start().catch(() => event({ kind: 'cluster', status: brokers.status() }));
  server.onDrain(() => box.channel?.resume());

  function fromAgent({ type, channel, payload }: Frame): void {
    guard.noteActivity();
    if (!AGENT_FRAME_TYPES.has(type)) {
      box.channel?.destroy();
    } else if (type === FrameType.clusterCall) {
      const command = decodeJson(payload) as ClusterCommand;
      const answering = replyTo(async () => answerClusterCommand(checkCommand(command), clusters));
      void answering.then((reply) => box.channel?.send(FrameType.clusterReply, channel, reply));
    } else if (!server.send(type, channel, payload)) {
      box.channel?.pause();
    }
  }

  function toAgent({ type, channel, payload }: Frame): void {
    guard.noteActivity();
    const refuse = (error: CellError): void => {
      const refusal = replyTo(() => Promise.reject(error));
      void refusal.then((reply) => server.send(FrameType.boxReply, channel, reply));
    };
    if (type === FrameType.boxCall && guard.homeOver && isSaving(payload)) {
      refuse(new CellError('noSpace', 'the home is full'));
    } else if (box.channel !== undefined && box.channel.unsentBytes < UNREAD_BYTES_MAX) {
      box.channel.send(type, channel, payload);
    } else if (type === FrameType.boxCall) {
      refuse(new CellError('gone', 'the box does not answer'));
    }
  }

  async function perform(call: CellCall): Promise<unknown> {
    switch (call.kind) {
      case 'clusterReady':
        return clusters.ready();
      case 'clusterStatus':
        return clusters.named(call.cluster).status();
      case 'cluster':
        return clusters.named(call.cluster).act(call.action, call.nodeId);
      case 'loadStart':
        return loads.start(call.load);
      case 'loadStop':
        return loads.stop(call.id);
      case 'loadResize':
        return loads.resize(call.id, call.clients);
      case 'loadReports':
        return loads.reports();
      case 'wireWatch':
        if (call.filter === null) return wire.unwatch();
        return wire.watch(clusters.named(call.filter.cluster), call.filter);
      case 'wireRead':
        return wire.read(call.id);
      case 'usage':
        return guard.usage() satisfies Promise<CellUsage>;
      case 'restartBox':
        return box.restart('asked');
      case 'reset':
        return inTurn(reset);
      case 'save':
        return inTurn(() => snapshots.save(call.name));
      case 'restore':
        return inTurn(() => restore(call.name));
      case 'start':
        throw new CellError('badRequest', 'the cell has started already');
      default:
        throw new CellError('badRequest', `unknown call ${JSON.stringify(call satisfies never)}`);
    }
  }

  async function reset(): Promise<void> {
    await loads.stopAll();
    await box.stop();
    event({ kind: 'boxGone', reason: 'reset' });
    await emptyFolder(settings.box.homeDir);
    guard.forget();
    box.start();
    await clusters.reset();
  }

  async function restore(name: string): Promise<void> {
    await loads.stopAll();
    await box.stop();
    event({ kind: 'boxGone', reason: 'restored' });
    await clusters.stop();
    try {
      await snapshots.restore(name);
    } finally {
      guard.forget();
      box.start();
      await clusters.start();
    }
  }

  return {
    onFrame(frame) {
      if (frame.type !== FrameType.cellCall) {
        toAgent(frame);
        return;
      }
      const call = decodeJson(frame.payload) as CellCall;
      void replyTo(() => perform(call)).then((reply) =>
        server.send(FrameType.cellReply, frame.channel, reply),
      );
    },
  };
}

function isSaving(payload: Uint8Array): boolean {
  const call = decodeJson(payload) as BoxCall | undefined;
  return call?.kind === 'write' || call?.kind === 'makeFolder';
}

function checkCommand(command: ClusterCommand | undefined): ClusterCommand {
  const args = command?.arguments;
  if (!Array.isArray(args) || args.length > 16 || !args.every((part) => typeof part === 'string')) {
    throw new CellError('badRequest', 'not a command');
  }
  return { arguments: args, language: command?.language === 'ko' ? 'ko' : 'en' };
}
