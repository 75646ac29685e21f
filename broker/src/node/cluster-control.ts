/** Faults by command line: what `npm run cluster -- --control` reads, one command after the other. */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Cluster } from './cluster.ts';

const actions = ['stop', 'start', 'kill', 'pause', 'resume', 'isolate', 'remove'] as const;
type Action = (typeof actions)[number];

/** Each line is answered by one: `done …` or `failed …`. */
export function controlBy(input: Readable, cluster: Cluster, print: (line: string) => void): void {
  let last: Promise<void> = Promise.resolve();
  createInterface({ input }).on('line', (line) => {
    last = last.then(async () => {
      try {
        print(`done ${await perform(cluster, line.trim())}`);
      } catch (error) {
        print(`failed ${(error instanceof Error ? error.message : String(error)).replaceAll('\n', ' ')}`);
      }
    });
  });
}

async function perform(cluster: Cluster, line: string): Promise<string> {
  const [verb = '', node = ''] = line.split(/\s+/);
  if (verb === 'status') {
    return JSON.stringify(cluster.nodes.map(({ id, port, state }) => ({ id, port, state })));
  }
  if (verb === 'add') return String(await cluster.addBroker());
  if (verb === 'heal') {
    for (const { id, state } of cluster.nodes) if (state === 'isolated') await cluster.heal(id);
    return verb;
  }
  if (!isAction(verb)) throw new Error(`there is no command "${verb}"`);
  const id = Number(node);
  if (!cluster.nodes.some((member) => member.id === id)) throw new Error(`there is no broker ${node}`);
  await cluster[verb](id);
  return `${verb} ${id}`;
}

function isAction(verb: string): verb is Action {
  return (actions as readonly string[]).includes(verb);
}
