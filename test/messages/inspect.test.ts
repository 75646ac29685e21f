/** The wire inspector's walk of a frame agrees with the decoder, field by field and byte by byte. */
import { apis, inspectRequest, inspectResponse } from '@brokerlab/broker/messages';
import { encodeRequest, encodeResponse } from '@brokerlab/broker/wire';
import { describe, expect, it } from 'vitest';
import { encodeBatch } from '../../broker/src/messages/records.ts';
import type { InspectedField } from '../../broker/src/wire/inspect.ts';
import { sampleOf } from './sample.ts';

/** Each lies in its parent, behind its brothers, and nothing is broken. */
function expectInside(fields: readonly InspectedField[], start: number, end: number): void {
  let at = start;
  for (const field of fields) {
    expect(field.start, field.name).toBeGreaterThanOrEqual(at);
    expect(field.end, field.name).toBeLessThanOrEqual(end);
    expect(field.broken, field.name).toBeUndefined();
    if (field.kind !== 'records') expectInside(field.children, field.start, field.end);
    at = field.end;
  }
}

/** The leaves, by path, as text. */
function leavesOf(fields: readonly InspectedField[], path = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { name, kind, value, children } of fields) {
    const here = `${path}/${name}`;
    if (kind === 'struct' || kind === 'array') Object.assign(found, leavesOf(children, here));
    else if (kind === 'tags')
      Object.assign(
        found,
        leavesOf(
          children.flatMap((tag) => tag.children),
          path,
        ),
      );
    else if (kind !== 'bytes' && kind !== 'records') found[here] = value;
  }
  return found;
}

function leavesIn(value: unknown, path = ''): Record<string, string> {
  if (Buffer.isBuffer(value)) return {};
  if (Array.isArray(value))
    return Object.assign({}, ...value.map((one, at) => leavesIn(one, `${path}/[${at}]`)));
  if (typeof value === 'object' && value !== null) {
    return Object.assign({}, ...Object.entries(value).map(([name, one]) => leavesIn(one, `${path}/${name}`)));
  }
  return { [path]: String(value) };
}

describe('the walk of a frame', () => {
  for (const api of apis.values()) {
    it(`tells every field of ${api.name}, in every version, with its bytes`, () => {
      for (const which of ['request', 'response'] as const) {
        const message = api[which];
        for (let version = message.versions[0]; version <= message.versions[1]; version++) {
          const body = sampleOf(message.type, version, message.isFlexible(version));
          const asked = { apiKey: api.key, apiVersion: version };
          const frame =
            which === 'request'
              ? encodeRequest(api.request, version, { correlationId: 7, clientId: 'c', body }).subarray(4)
              : encodeResponse(api.response, version, { correlationId: 7, body }).subarray(4);
          const fields = which === 'request' ? inspectRequest(frame) : inspectResponse(frame, asked);
          expectInside(fields, 0, frame.length);
          expect(fields.at(-1)?.end ?? 0, `${api.name} ${which} ${version}`).toBe(frame.length);
          const told = leavesOf(fields);
          const sent = leavesIn(body);
          for (const [path, text] of Object.entries(told)) {
            if (path in sent) expect(text, `${version} ${path}`).toBe(sent[path]);
          }
          // What the version has and is not at its default is told.
          const missing = Object.keys(sent).filter((path) => !(path in told));
          const again = message.decode(version, message.encode(version, body));
          const defaults = leavesIn(message.empty());
          expect(
            missing.filter((path) => leavesIn(again)[path] !== defaults[path] && !/\[\d+\]/.test(path)),
          ).toEqual([]);
        }
      }
    });
  }

  it('opens record batches down to keys and values', () => {
    const batch = encodeBatch({
      baseOffset: 5,
      producerId: -1,
      producerEpoch: -1,
      baseSequence: -1,
      records: [{ timestamp: 1_000, key: Buffer.from('k1'), value: Buffer.from('주문'), headers: [] }],
    } as never);
    const body = {
      acks: -1,
      timeoutMs: 1,
      topicData: [{ name: 'orders', partitionData: [{ index: 0, records: batch }] }],
    };
    const produce = apis.get(0)!;
    const frame = encodeRequest(produce.request, 9, { correlationId: 1, clientId: 'p', body }).subarray(4);
    const text = JSON.stringify(inspectRequest(frame));
    expect(text).toContain('"value":"주문"');
    expect(text).toContain('"value":"k1"');
    // A frame that was cut off tells what it has, and where it ended.
    for (let length = 0; length < frame.length; length += 1) {
      const cut = inspectRequest(frame.subarray(0, length));
      for (const field of cut) expect(field.end).toBeLessThanOrEqual(length);
    }
  });

  it('survives bytes that are no message', () => {
    for (let seed = 1; seed < 400; seed++) {
      const noise = Buffer.from(Array.from({ length: seed % 90 }, (_, at) => (seed * 31 + at * 17) % 256));
      if (noise.length > 4) noise.writeInt16BE(seed % 90, 0);
      inspectRequest(noise);
      inspectResponse(noise, { apiKey: seed % 90, apiVersion: seed % 13 });
    }
  });
});
