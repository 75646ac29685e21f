/**
 * Requests and responses as frames: a 4-byte length, a header (KIP-482: version 2 or 1 where flexible), a body.
 */

import type { ApiMessage } from './message.ts';
import { NEVER } from './message.ts';
import { Reader } from './reader.ts';
import { string } from './schema.ts';
import { WireError } from './wire-error.ts';
import { Writer } from './writer.ts';

/** ApiVersions answers with the oldest header always, so that any client can read it (KIP-511). */
const API_VERSIONS_KEY = 18;

const nullableString = string.nullable().layout(0, false);

export interface RequestHeader {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string | null;
}

// biome-ignore lint/suspicious/noExplicitAny: any message; its input type is taken from the argument
type AnyApiMessage = ApiMessage<any, any>;

/** Reads the fixed part of a request's header, which all versions of all APIs share. */
export function readRequestHeader(reader: Reader): RequestHeader {
  return {
    apiKey: reader.int16(),
    apiVersion: reader.int16(),
    correlationId: reader.int32(),
    clientId: nullableString.read(reader),
  };
}

/** Moves past a tag section whose tags nobody here knows. */
export function skipTags(reader: Reader): void {
  const count = reader.unsignedVarint();
  for (let index = 0; index < count; index++) {
    reader.unsignedVarint();
    reader.take(reader.unsignedVarint());
  }
}

export function encodeRequest<S extends AnyApiMessage>(
  schema: S,
  version: number,
  request: { correlationId: number; clientId: string | null; body: S['input'] },
): Buffer {
  return Buffer.concat(encodeRequestChunks(schema, version, request));
}

/** As `encodeRequest`, but as the buffers of a vectored write: records are not copied. */
export function encodeRequestChunks<S extends AnyApiMessage>(
  schema: S,
  version: number,
  request: { correlationId: number; clientId: string | null; body: S['input'] },
): Buffer[] {
  const writer = new Writer();
  writer.int32(0);
  writer.int16(schema.key);
  writer.int16(version);
  writer.int32(request.correlationId);
  nullableString.write(writer, request.clientId);
  if (schema.isFlexible(version)) writer.unsignedVarint(0);
  schema.write(writer, version, request.body);
  return closeFrame(writer);
}

/** Decodes the body that follows a header already read. */
export function decodeRequestBody<S extends AnyApiMessage>(
  schema: S,
  version: number,
  reader: Reader,
): S['decoded'] {
  if (schema.isFlexible(version)) skipTags(reader);
  return schema.read(reader, version);
}

export function encodeResponse<S extends AnyApiMessage>(
  schema: S,
  version: number,
  response: { correlationId: number; body: S['input'] },
): Buffer {
  return Buffer.concat(encodeResponseChunks(schema, version, response));
}

/** As `encodeResponse`, but as the buffers of a vectored write: records are not copied. */
export function encodeResponseChunks<S extends AnyApiMessage>(
  schema: S,
  version: number,
  response: { correlationId: number; body: S['input'] },
): Buffer[] {
  const writer = new Writer();
  writer.int32(0);
  writer.int32(response.correlationId);
  if (hasFlexibleResponseHeader(schema, version)) writer.unsignedVarint(0);
  schema.write(writer, version, response.body);
  return closeFrame(writer);
}

/** Decodes a response frame (without its length). */
export function decodeResponse<S extends AnyApiMessage>(
  schema: S,
  version: number,
  frame: Buffer,
): { correlationId: number; body: S['decoded'] } {
  const reader = new Reader(frame);
  const correlationId = reader.int32();
  if (hasFlexibleResponseHeader(schema, version)) skipTags(reader);
  return { correlationId, body: schema.read(reader, version) };
}

function hasFlexibleResponseHeader(schema: AnyApiMessage, version: number): boolean {
  return schema.key !== API_VERSIONS_KEY && schema.flexibleFrom !== NEVER && schema.isFlexible(version);
}

function closeFrame(writer: Writer): Buffer[] {
  const byteCount = writer.size - 4;
  const chunks = writer.finishChunks();
  chunks[0]!.writeInt32BE(byteCount, 0);
  return chunks;
}

/**
 * Cuts a byte stream into frames. Keeps at most one unfinished frame; a length outside `frameBytesMax`
 * is a `bad-length` error, after which the connection must be closed.
 */
export class FrameSplitter {
  readonly #frameBytesMax: number;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #needed = 4;

  constructor(frameBytesMax: number) {
    this.#frameBytesMax = frameBytesMax;
  }

  /** Bytes held for a frame that is not complete yet. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  push(chunk: Buffer): Buffer[] {
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
    if (this.#pendingBytes < this.#needed) return [];
    const data = this.#pending.length === 1 ? chunk : Buffer.concat(this.#pending, this.#pendingBytes);
    const frames: Buffer[] = [];
    let position = 0;
    this.#needed = 4;
    while (data.length - position >= 4) {
      const byteCount = data.readInt32BE(position);
      if (byteCount < 0 || byteCount > this.#frameBytesMax) {
        throw new WireError('bad-length', `a frame of ${byteCount} bytes (limit ${this.#frameBytesMax})`);
      }
      this.#needed = 4 + byteCount;
      if (data.length - position < this.#needed) break;
      frames.push(data.subarray(position + 4, position + this.#needed));
      position += this.#needed;
      this.#needed = 4;
    }
    const rest = data.subarray(position);
    this.#pending = rest.length > 0 ? [rest] : [];
    this.#pendingBytes = rest.length;
    return frames;
  }
}
