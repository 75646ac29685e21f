/**
 * CRC-32C (Castagnoli, RFC 3720 B.4): slice-by-8 in JavaScript for small inputs, where a native call costs more
 * than it saves, and the native module above that. The native module is loaded on first need.
 */
import { createRequire } from 'node:module';

const NATIVE_BYTES_MIN = 512;

const TABLES = buildTables();

export function crc32c(data: Uint8Array): number {
  return data.length < NATIVE_BYTES_MIN ? crc32cInJavaScript(data) : native()(data);
}

let nativeCrc32c: ((data: Uint8Array) => number) | undefined;

function native(): (data: Uint8Array) => number {
  if (nativeCrc32c === undefined) {
    try {
      const module = createRequire(import.meta.url)('@node-rs/crc32') as {
        crc32c(data: Uint8Array): number;
      };
      nativeCrc32c = (data) => module.crc32c(data);
    } catch {
      nativeCrc32c = crc32cInJavaScript; // a platform without a prebuilt module: slower, the same result
    }
  }
  return nativeCrc32c;
}

/** The portable implementation; exported so that tests can hold the two against each other. */
export function crc32cInJavaScript(data: Uint8Array): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = TABLES;
  let crc = 0xffff_ffff;
  let position = 0;
  const alignedEnd = data.length - (data.length % 8);
  while (position < alignedEnd) {
    const low =
      crc ^
      (data[position]! |
        (data[position + 1]! << 8) |
        (data[position + 2]! << 16) |
        (data[position + 3]! << 24));
    crc =
      t7[low & 0xff]! ^
      t6[(low >>> 8) & 0xff]! ^
      t5[(low >>> 16) & 0xff]! ^
      t4[low >>> 24]! ^
      t3[data[position + 4]!]! ^
      t2[data[position + 5]!]! ^
      t1[data[position + 6]!]! ^
      t0[data[position + 7]!]!;
    position += 8;
  }
  for (; position < data.length; position++) {
    crc = (crc >>> 8) ^ t0[(crc ^ data[position]!) & 0xff]!;
  }
  return (crc ^ 0xffff_ffff) >>> 0;
}

type Table = Int32Array;

function buildTables(): [Table, Table, Table, Table, Table, Table, Table, Table] {
  const polynomial = 0x82f6_3b78;
  const tables = Array.from({ length: 8 }, () => new Int32Array(256));
  const first = tables[0]!;
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    first[byte] = crc;
  }
  for (let byte = 0; byte < 256; byte++) {
    let crc = first[byte]!;
    for (let slice = 1; slice < 8; slice++) {
      crc = (crc >>> 8) ^ first[crc & 0xff]!;
      tables[slice]![byte] = crc;
    }
  }
  return tables as [Table, Table, Table, Table, Table, Table, Table, Table];
}
