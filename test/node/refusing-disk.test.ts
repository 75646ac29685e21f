/** A node whose disk is full takes no part in the quorum, loses nothing, and goes on when there is room again. */
import { expect, it } from 'vitest';
import { emptyImage } from '../../broker/src/controller/image.ts';
import { encodeMetadataRecord } from '../../broker/src/messages/metadata/records.ts';
import { MetadataLog } from '../../broker/src/node/quorum/metadata-log.ts';
import { Quorum } from '../../broker/src/node/quorum/quorum.ts';
import { MetadataSnapshots } from '../../broker/src/node/quorum/snapshots.ts';
import { defaultRaftConfig } from '../../broker/src/raft/types.ts';
import { Log } from '../../broker/src/storage/log.ts';
import { defaultLogConfig } from '../../broker/src/storage/log-contract.ts';
import { MemoryDisk } from '../../broker/src/storage/memory-disk.ts';

const noOp = encodeMetadataRecord({ name: 'NoOpRecord', version: 0, value: {} });
const directory = '/data/__cluster_metadata-0';
const logFile = `${directory}/00000000000000000000.log`;

it('stores what a full disk refused once there is room, each batch once', () => {
  const disk = new MemoryDisk();
  const warnings: string[] = [];
  const committed: number[] = [];
  const { quorum, log } = singleVoter(disk, { warn: (text) => warnings.push(text), committed });
  quorum.start();
  expect(quorum.isLeader).toBe(true);
  const epoch = quorum.leaderEpoch;
  const before = log.logEndOffset;
  disk.capacityBytes = usedBytes(disk) + 10;
  quorum.propose({ values: [noOp], epoch });
  quorum.propose({ values: [noOp], epoch });
  expect(log.logEndOffset).toBe(before);
  expect(committed).toEqual([before]);
  expect(warnings).toEqual([
    `metadata cannot be stored, this node takes no part until it can: no space left on the disk while trying to write ${logFile}`,
  ]);
  disk.capacityBytes = Number.POSITIVE_INFINITY;
  quorum.propose({ values: [noOp], epoch });
  expect(log.logEndOffset).toBe(before + 3);
  expect(committed.at(-1)).toBe(before + 3);
  expect(warnings).toHaveLength(2);
});

function singleVoter(disk: MemoryDisk, to: { warn: (message: string) => void; committed: number[] }) {
  const log = Log.open({ disk, directory, config: defaultLogConfig });
  const snapshots = new MetadataSnapshots({ disk, directory, flushes: false });
  const metadataLog = new MetadataLog({ log, snapshots, disk, flushes: false, voterIds: [1] });
  const directoryId = 'AAAAAAAAAAAAAAAAAAAAAA';
  const quorum = new Quorum({
    nodeId: 1,
    clusterId: 'c',
    directoryId,
    voters: [{ id: 1, directoryId, endpoints: [] }],
    config: defaultRaftConfig,
    log: metadataLog,
    transport: { send: () => Promise.resolve(null) } as never, // a single voter sends nothing
    timers: { after: () => ({ cancel: () => {} }) },
    nowMs: () => 0,
    random: () => 0.5,
    onSnapshot: () => {},
    image: () => emptyImage,
    snapshotEvery: { bytes: 1e9, intervalMs: 1e9 },
    onCommitted: () => {},
    onCaughtUp: (endOffset) => to.committed.push(endOffset),
    onLeadership: () => {},
    warn: to.warn,
    onFailed: (error) => {
      throw error;
    },
  });
  return { quorum, log };
}

function usedBytes(disk: MemoryDisk): number {
  return disk.list(directory).reduce((sum, name) => sum + (disk.size(`${directory}/${name}`) ?? 0), 0);
}
