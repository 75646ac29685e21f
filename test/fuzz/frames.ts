/** Frames by number, each drawn from the seed and its own number alone, with what a node owes for it. */
import { type Api, apis } from '@brokerlab/broker/messages';
import {
  decodeRequestBody,
  decodeResponse,
  encodeRequest,
  Reader,
  type RequestHeader,
  readRequestHeader,
} from '@brokerlab/broker/wire';
import { forwardedKeys } from '../../broker/src/handlers/forwarded.ts';
import { brokerHandlers, controllerHandlers } from '../../broker/src/handlers/table.ts';
import { Random } from '../sim/random.ts';
import { type Known, RequestSource } from './requests.ts';
import { tame } from './tame.ts';

export type Listener = 'broker' | 'controller';

/** answer: one that can be read. none: acks=0, a failure closes. close: it must. rest: the node waits for the rest of it. */
export type Owed = 'answer' | 'none' | 'close' | 'rest';

export interface Frame {
  readonly number: number;
  readonly listener: Listener;
  /** In 0, 1, 2: the node that gets it. */
  readonly node: number;
  readonly bytes: Buffer;
  readonly owed: Owed;
  readonly correlationId: number;
  readonly api: Api | null;
  readonly version: number;
}

export const FRAME_BYTES_MAX = 1_000_000;
const API_VERSIONS = 18;
const PRODUCE = 0;
const ENVELOPE = 58;
const served: Readonly<Record<Listener, ReadonlySet<number>>> = {
  broker: new Set([...brokerHandlers.keys(), ...forwardedKeys]),
  controller: new Set(controllerHandlers.keys()),
};

export function drawFrame(seed: number, number: number, known: Known): Frame {
  const random = new Random(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(number + 1, 0xc2b2ae35));
  const listener: Listener = random.chance(0.25) ? 'controller' : 'broker';
  const node = random.between(0, 2);
  const drawn = new RequestSource(random, known).next(listener, number & 0x7fffffff);
  return { number, node, listener, ...judged(drawn, listener) };
}

type Judged = Pick<Frame, 'bytes' | 'owed' | 'correlationId' | 'api' | 'version'>;

/** What the frame asks for within bounds, and what is owed for that. */
function judged(drawn: Buffer, listener: Listener): Judged {
  const unread = { bytes: drawn, correlationId: -1, api: null, version: -1 };
  const length = drawn.readInt32BE(0);
  if (length < 0 || length > FRAME_BYTES_MAX) return { ...unread, owed: 'close' };
  if (length > drawn.length - 4) return { ...unread, owed: 'rest' };
  try {
    const reader = new Reader(drawn.subarray(4, 4 + length));
    const header = readRequestHeader(reader);
    const api = apis.get(header.apiKey);
    if (api === undefined || !api.listeners.includes(listener) || !served[listener].has(api.key)) {
      return { ...unread, owed: 'close' };
    }
    return readable(api, header, { reader, unread: drawn });
  } catch {
    return { ...unread, owed: 'close' };
  }
}

function readable(api: Api, header: RequestHeader, from: { reader: Reader; unread: Buffer }): Judged {
  const { apiVersion: version, correlationId, clientId } = header;
  const [least, most] = api.versions;
  if (version < least || version > most) {
    const owed: Owed = api.key === API_VERSIONS ? 'answer' : 'close';
    return { bytes: from.unread, owed, correlationId, api, version: 0 };
  }
  const body = decodeRequestBody(api.request, version, from.reader);
  const isChanged = tame(body, api.key);
  if (api.key === ENVELOPE) body.requestData = tamedInside(body.requestData);
  const bytes =
    isChanged || api.key === ENVELOPE
      ? encodeRequest(api.request, version, { correlationId, clientId, body })
      : from.unread;
  const owed: Owed = api.key === PRODUCE && body.acks === 0 ? 'none' : 'answer';
  return { bytes, owed, correlationId, api, version };
}

/** A request in an Envelope is held to the same bounds. */
function tamedInside(request: Buffer): Buffer {
  const frame = Buffer.alloc(4 + request.length);
  frame.writeInt32BE(request.length);
  request.copy(frame, 4);
  return judged(frame, 'controller').bytes.subarray(4);
}

/** Null: it answers the frame and can be read. */
export function faultOf(answer: Buffer, { api, version, correlationId }: Frame): string | null {
  if (answer.readInt32BE(0) !== correlationId) return `was answered for ${answer.readInt32BE(0)}`;
  try {
    decodeResponse(api!.response, version, answer);
    return null;
  } catch (error) {
    return `was answered with what cannot be read: ${(error as Error).message}`;
  }
}

export function nameOf({ number, api, version, listener, node }: Frame): string {
  const what = api === null ? 'noise' : `${api.name} ${version}`;
  return `frame ${number} (${what}, to node ${node + 1}'s ${listener} listener)`;
}
