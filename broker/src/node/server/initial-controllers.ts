/** `--initial-controllers` of kafka-storage.sh: `id@host:port:directory,…` (KIP-853). */
import { illegalArgument } from '../../tools/java/java-error.ts';
import { parseUuid } from '../../tools/java/uuid.ts';

export interface InitialController {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly directoryId: string;
}

export function parseInitialControllers(text: string): InitialController[] {
  const items = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (items.length === 0) throw illegalArgument('No voters given.');
  const seen = new Set<number>();
  return items.map((item) => {
    const controller = parseOne(item);
    if (seen.has(controller.id))
      throw illegalArgument(`Node id ${controller.id} was specified more than once.`);
    seen.add(controller.id);
    return controller;
  });
}

function parseOne(item: string): InitialController {
  const at = item.indexOf('@');
  if (at < 0) throw illegalArgument('No @ found in dynamic voter string.');
  const id = item.slice(0, at);
  if (!/^\d+$/.test(id)) throw illegalArgument('Failed to parse node id in dynamic voter string.');
  const place = item.slice(at + 1);
  const bracketed = /^\[([^\]]*)\](.*)$/.exec(place);
  if (place.startsWith('[') && bracketed === null) {
    throw illegalArgument('Hostname began with left bracket, but no right bracket was found.');
  }
  const [host, rest] =
    bracketed === null
      ? splitOnce(place, 'host')
      : ([bracketed[1]!, bracketed[2]!.replace(/^:/, '')] as const);
  const [port, directory] = splitOnce(rest, 'port');
  if (!/^\d+$/.test(port)) throw illegalArgument('Failed to parse port in dynamic voter string.');
  if (Number(port) > 65_535) throw illegalArgument('Invalid port number in dynamic voter string.');
  let directoryId: string;
  try {
    directoryId = parseUuid(directory);
  } catch {
    throw illegalArgument('Failed to parse directory ID in dynamic voter string.');
  }
  return { id: Number(id), host, port: Number(port), directoryId };
}

function splitOnce(text: string, what: 'host' | 'port'): readonly [string, string] {
  const colon = text.indexOf(':');
  if (colon < 0) {
    throw illegalArgument(
      what === 'host'
        ? 'No colon following hostname could be found.'
        : 'No colon following port could be found.',
    );
  }
  return [text.slice(0, colon), text.slice(colon + 1)];
}
