/** The process of one node (`--packing process`): does what the cluster that started it says over its channel. */
import { explain } from '../explain.ts';
import { Node } from '../node.ts';
import type { Failure, NodeCall, NodeMessage, NodeRequest, NodeSettings } from './messages.ts';

let node: Node | null = null;
let isStopping = false;

process.on('message', (request: NodeRequest) => {
  carryOut(request.call).then(
    (ports) => tell({ kind: 'answer', number: request.number, ...(ports === null ? {} : { ports }) }),
    (error: unknown) => tell({ kind: 'answer', number: request.number, failure: failureOf(error) }),
  );
});
// The cluster is gone: nobody could stop or reach this node by its number any more.
process.on('disconnect', () => process.exit(1));
process.on('SIGTERM', () => void stop({ handOver: true }).then(() => process.exit(0)));
// Whoever types Ctrl-C at the cluster means the cluster.
process.on('SIGINT', () => undefined);

async function carryOut(call: NodeCall): Promise<readonly number[] | null> {
  switch (call.kind) {
    case 'bind':
      node = create(call.settings);
      await node.bind();
      return node.ports;
    case 'start':
      bound().start(call.voters);
      await bound().running;
      return null;
    case 'knows':
      await bound().knows(call.brokerIds, call.limitMs);
      return null;
    case 'isolate':
    case 'heal':
      bound().links[call.kind]();
      return null;
    case 'cut':
    case 'mend':
      bound().links[call.kind](call.nodeId);
      return null;
    case 'stop':
      await stop(call.options);
      setImmediate(() => process.exit(0));
      return null;
  }
}

async function stop(options: { readonly handOver: boolean }): Promise<void> {
  if (isStopping || node === null) return;
  isStopping = true;
  await node.stop(options);
}

function create(settings: NodeSettings): Node {
  return new Node({
    ...settings,
    clock: null,
    tap: { listener: null },
    onChange: (change) => tell({ kind: 'changed', change }),
    log: (level, message) => tell({ kind: 'log', level, message }),
    onHalted: () => process.exit(1),
  });
}

function bound(): Node {
  if (node === null) throw new Error('this process has no node yet');
  return node;
}

function tell(message: NodeMessage): void {
  if (process.connected) process.send?.(message, undefined, {}, () => undefined);
}

function failureOf(error: unknown): Failure {
  const { code, port, address } = error as Failure;
  return typeof port === 'number' || address !== undefined
    ? { message: explain(error), code, port, address }
    : { message: explain(error) };
}
