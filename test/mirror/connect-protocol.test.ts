/** What ours says in a flow's group, beside the bytes of Apache Kafka 4.3.1's own classes (printed by its serializers). */
import { describe, expect, it } from 'vitest';
import {
  connectProtocols,
  idleAssignment,
  isOwnMember,
  ownClientId,
  ownMetadata,
  readWorkerState,
} from '../../broker/src/mirror/formats/connect-protocol.ts';

const bytes = (hex: string) => Buffer.from(hex, 'hex');

describe("Connect's group protocol", () => {
  it('offers the protocols of a worker, in its order', () => {
    expect(connectProtocols.map(({ name }) => name)).toEqual(['sessioned', 'compatible', 'default']);
    expect([2, 1, 0].map((version) => ownMetadata(version).toString('hex'))).toEqual([
      '000200074e4f5455534544ffffffffffffffffffffffff',
      '000100074e4f5455534544ffffffffffffffffffffffff',
      '000000074e4f5455534544ffffffffffffffff',
    ]);
  });

  it.each([
    { version: 0, hex: '0000000000036d2d3100074e4f5455534544000000000000000700000000' },
    { version: 1, hex: '0001000000036d2d3100074e4f54555345440000000000000007000000000000000000000000' },
    { version: 2, hex: '0002000000036d2d3100074e4f54555345440000000000000007000000000000000000000000' },
  ])('gives a worker nothing to run, version $version', ({ version, hex }) => {
    const told = idleAssignment({ version, leader: 'm-1', configOffset: 7n, revoked: [] });
    expect(told.toString('hex')).toBe(hex);
  });

  it('reads what a worker runs and takes it back', () => {
    const runs =
      '0002000000036d2d3100074e4f545553454400000000000000070000000100014300000002ffffffff000000030000000000000000';
    const size = (runs.length / 2).toString(16).padStart(8, '0');
    const state = readWorkerState(bytes(`000200074e4f54555345440000000000000007${size}${runs}`))!;
    expect(state).toEqual({
      url: 'NOTUSED',
      configOffset: 7n,
      allocation: [{ connector: 'C', tasks: [-1, 3] }],
    });
    const told = idleAssignment({ version: 2, leader: 'm-1', configOffset: 7n, revoked: state.allocation });
    expect(told.toString('hex')).toBe(
      '0002000000036d2d3100074e4f5455534544000000000000000700000000' +
        '0000000100014300000002ffffffff0000000300000000',
    );
  });

  it('believes no bytes that a worker does not send', () => {
    for (const hex of ['', '0002', '000200ff41', '000200014100000000000000070000000200'])
      expect(readWorkerState(bytes(hex))).toBeNull();
  });

  it('knows its own by their member ids', () => {
    const uuid = 'd3b07384-d9a0-4c9b-8f6d-0a1b2c3d4e5f';
    expect(isOwnMember(`${ownClientId('A->B')}-${uuid}`)).toBe(true);
    expect(isOwnMember(`A->B-${uuid}`)).toBe(false);
  });
});
