/**
 * What a crash left of a compaction. Cleaned segments are written as `*.cleaned`; complete ones are renamed to `*.swap`,
 * then the old files go and the new ones get the plain names. So:
 *
 *   .cleaned: not complete, and with it a .swap of the same or a later offset: they go, the old segments stand
 *   .swap otherwise: complete; old segments it covers go, and it takes their place
 */
import { lastOffsetOf } from '../batch.ts';
import type { Disk } from '../disk.ts';
import { Segment } from '../segment.ts';

const named = /^(\d{20})\.([a-z]+)\.(cleaned|swap)$/;
const plain = /^(\d{20})\.(log|index|timeindex|txnindex)$/;

/** Finishes or undoes it; returns whether anything was there. */
export function settleSwaps(disk: Disk, directory: string): boolean {
  const names = disk.list(directory);
  const left = names.flatMap((name) => {
    const match = named.exec(name);
    return match === null ? [] : [{ name, baseOffset: Number(match[1]), kind: match[2], suffix: match[3] }];
  });
  const firstIncomplete = left.reduce(
    (least, file) => (file.suffix === 'cleaned' ? Math.min(least, file.baseOffset) : least),
    Number.POSITIVE_INFINITY,
  );
  const complete = left.filter((file) => file.suffix === 'swap' && file.baseOffset < firstIncomplete);
  for (const file of left) if (!complete.includes(file)) disk.remove(`${directory}/${file.name}`);
  for (const { kind, baseOffset } of complete) {
    if (kind === 'log') removeCovered(disk, directory, baseOffset);
  }
  for (const { name } of complete) {
    disk.rename(`${directory}/${name}`, `${directory}/${name.slice(0, -'.swap'.length)}`);
  }
  return left.length > 0;
}

function removeCovered(disk: Disk, directory: string, baseOffset: number): void {
  const place = { disk, directory, baseOffset, fileSuffix: '.swap' } as const;
  const probe = new Segment(place, 0);
  probe.sizeBytes = disk.size(probe.logPath) ?? 0;
  let endOffset = baseOffset + 1;
  for (const batch of probe.headers()) {
    endOffset = lastOffsetOf(batch.buffer, batch.start) + 1;
  }
  for (const name of disk.list(directory)) {
    const covered = plain.exec(name);
    if (covered === null) continue;
    const offset = Number(covered[1]);
    if (offset >= baseOffset && offset < endOffset) disk.remove(`${directory}/${name}`);
  }
}
