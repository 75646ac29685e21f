import { apis } from '@brokerlab/broker/messages';
import {
  decodeResponse,
  encodeRequest,
  encodeResponse,
  Reader,
  readRequestHeader,
} from '@brokerlab/broker/wire';
import { describe, expect, it } from 'vitest';
import { decodeRequestBody } from '../../broker/src/wire/framing.ts';
import { sampleOf } from './sample.ts';

describe('every declared message', () => {
  for (const api of apis.values()) {
    it(`${api.name} reads back what it wrote, in every version`, () => {
      for (let version = api.request.versions[0]; version <= api.request.versions[1]; version++) {
        const body = sampleOf(api.request.type, version, api.request.isFlexible(version));
        const frame = encodeRequest(api.request, version, { correlationId: 7, clientId: 'c', body });
        const reader = new Reader(frame, 4);
        expect(readRequestHeader(reader)).toEqual({
          apiKey: api.key,
          apiVersion: version,
          correlationId: 7,
          clientId: 'c',
        });
        expect(decodeRequestBody(api.request, version, reader)).toEqual(body);
        expect(reader.remaining).toBe(0);
      }
      for (let version = api.response.versions[0]; version <= api.response.versions[1]; version++) {
        const body = sampleOf(api.response.type, version, api.response.isFlexible(version));
        const frame = encodeResponse(api.response, version, { correlationId: 9, body });
        expect(decodeResponse(api.response, version, frame.subarray(4))).toEqual({ correlationId: 9, body });
      }
    });

    it(`${api.name} takes an empty body and fills in the defaults`, () => {
      const version = api.request.versions[1];
      expect(api.request.decode(version, api.request.encode(version, {}))).toEqual(api.request.empty());
    });
  }
});

describe('bad frames', () => {
  it('name the field and the byte', () => {
    const metadata = apis.get(3)!.request;
    const bytes = metadata.encode(12, { topics: [{ name: 'orders' }], allowAutoTopicCreation: true });
    expect(() => metadata.decode(12, bytes.subarray(0, 20))).toThrowError(/topics\[0\].*byte \d+/);
  });

  it('do not make room for elements that cannot be there', () => {
    const metadata = apis.get(3)!.request;
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(0x7fff_ffff);
    expect(() => metadata.decode(1, bytes)).toThrowError(/length/);
  });
});
