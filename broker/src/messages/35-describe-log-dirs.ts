/** DescribeLogDirs: Kafka's API 35, versions 1 to 5. */
import { api } from '../wire/message.ts';
import { array, bool, type Decoded, int16, int32, int64, string, struct } from '../wire/schema.ts';

export const DescribeLogDirsRequest = api(35, 'DescribeLogDirsRequest', {
  versions: [1, 5],
  flexibleFrom: 2,
  fields: {
    topics: array(
      struct({
        topic: string,
        partitions: array(int32),
      }),
    ).nullable(),
  },
});
export type DescribeLogDirsRequest = Decoded<typeof DescribeLogDirsRequest>;

export const DescribeLogDirsResponse = api(35, 'DescribeLogDirsResponse', {
  versions: [1, 5],
  flexibleFrom: 2,
  fields: {
    throttleTimeMs: int32,
    errorCode: int16.since(3),
    results: array(
      struct({
        errorCode: int16,
        logDir: string,
        topics: array(
          struct({
            name: string,
            partitions: array(
              struct({
                partitionIndex: int32,
                partitionSize: int64,
                offsetLag: int64,
                isFutureKey: bool,
              }),
            ),
          }),
        ),
        totalBytes: int64.default(-1n).since(4),
        usableBytes: int64.default(-1n).since(4),
        isCordoned: bool.since(5),
      }),
    ),
  },
});
export type DescribeLogDirsResponse = Decoded<typeof DescribeLogDirsResponse>;
