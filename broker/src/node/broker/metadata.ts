/**
 * The cluster's metadata as this node knows it: every committed batch moves the image on; once the broker's own
 * registration has come round, each image is handed to the parts that act on it. Before that the image may be long out
 * of date (a node that just started replays its log), and acting on it would mean leading partitions of the past.
 */
import { applyControlBatch, applyRecords } from '../../controller/apply.ts';
import { changesBetween, type ImageChanges } from '../../controller/changes.ts';
import { emptyImage, type MetadataImage } from '../../controller/image.ts';
import type { CommittedBatch, LoadedSnapshot } from '../quorum/metadata-log.ts';

export interface MetadataOptions {
  /** The epoch this broker is registered with now, -1n before. */
  readonly brokerEpoch: () => bigint;
  readonly onPublished: (image: MetadataImage, changes: ImageChanges, isFirst: boolean) => void;
}

export class Metadata {
  readonly #options: MetadataOptions;
  #image = emptyImage;
  #published: MetadataImage | null = null;

  constructor(options: MetadataOptions) {
    this.#options = options;
  }

  /** Everything committed that this node has applied. */
  get image(): MetadataImage {
    return this.#image;
  }

  /** The broker has begun to act on metadata. */
  get isPublished(): boolean {
    return this.#published !== null;
  }

  apply({ records, endOffset, epoch, timestampMs }: CommittedBatch): void {
    const at = { endOffset, epoch, timestampMs };
    this.#image =
      records.length === 0 ? applyControlBatch(this.#image, at) : applyRecords(this.#image, records, at);
  }

  /** Everything so far is in this snapshot. */
  load({ id, records }: LoadedSnapshot): void {
    this.#image = applyRecords(emptyImage, records, {
      endOffset: id.offset,
      epoch: id.epoch,
      timestampMs: 0,
    });
  }

  publish(): void {
    const epoch = Number(this.#options.brokerEpoch());
    if (this.#published === null && (epoch < 0 || this.#image.endOffset <= epoch)) return;
    const before = this.#published;
    const image = this.#image;
    if (before === image) return;
    this.#published = image;
    this.#options.onPublished(image, changesBetween(before ?? emptyImage, image), before === null);
  }
}
