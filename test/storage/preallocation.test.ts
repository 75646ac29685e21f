/** preallocate: a segment's file is made as large as it may become, and cut to what is in it when it ends. */
import { describe, expect, test } from 'vitest';
import { Log } from '../../broker/src/storage/log.ts';
import { defaultLogConfig } from '../../broker/src/storage/log-contract.ts';
import { MemoryDisk } from '../../broker/src/storage/memory-disk.ts';
import { append, batchOf, readAll } from './batches.ts';

const directory = '/data/topic-0';
const fileOf = (base: number) => `${directory}/${String(base).padStart(20, '0')}.log`;

function open(
  disk: MemoryDisk,
  options: { cleanShutdown?: boolean; warn?: (text: string) => void } = {},
): Log {
  const config = { ...defaultLogConfig, segmentBytes: 400, preallocate: true };
  return Log.open({ disk, directory, config, ...options });
}

describe('a preallocated segment', () => {
  test('has its whole size from the start, and keeps to what is in it once it is full', () => {
    const disk = new MemoryDisk();
    const log = open(disk);
    expect(disk.size(fileOf(0))).toBe(400);
    expect(log.sizeBytes).toBe(0);
    for (let index = 0; log.segmentOffsets.length === 1; index++) append(log, batchOf([`value ${index}`]));
    const base = log.segmentOffsets[1]!;
    expect(disk.size(fileOf(0))).toBeLessThan(400);
    expect(disk.size(fileOf(base))).toBe(400);
    expect(log.sizeBytes).toBeLessThan(800);
    expect(readAll(log)).toHaveLength(base + 1);
  });

  test('is cut when the log is closed, so that Apache Kafka reads it as it stands', () => {
    const disk = new MemoryDisk();
    const log = open(disk);
    append(log, batchOf(['a']));
    const { sizeBytes } = log;
    log.close();
    expect(disk.size(fileOf(0))).toBe(sizeBytes);
    expect(readAll(open(disk, { cleanShutdown: true }))).toEqual(['0:a']);
  });

  test('is read up to its last record after a kill, and nobody is told of lost bytes', () => {
    const disk = new MemoryDisk();
    append(open(disk), batchOf(['a', 'b']));
    const warnings: string[] = [];
    const log = open(disk, { warn: (text) => warnings.push(text) });
    expect(readAll(log)).toEqual(['0:a', '1:b']);
    append(log, batchOf(['c']));
    expect(readAll(log)).toEqual(['0:a', '1:b', '2:c']);
    expect(warnings).toEqual([]);
  });
});
