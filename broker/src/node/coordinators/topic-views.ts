/** The metadata image as group coordinators look at it: one view for as long as no topic changes. */
import type { MetadataImage } from '../../controller/image.ts';
import type { TopicView } from '../../group/effects.ts';

export class TopicViews {
  readonly #image: () => MetadataImage;
  #seen: MetadataImage['topics'] | undefined;
  #view: TopicView | undefined;

  constructor(image: () => MetadataImage) {
    this.#image = image;
  }

  view(): TopicView {
    const image = this.#image();
    if (this.#view === undefined || this.#seen !== image.topics) {
      this.#seen = image.topics;
      this.#view = viewOf(image);
    }
    return this.#view;
  }
}

function viewOf({ topics, topicNames, endOffset: version }: MetadataImage): TopicView {
  return {
    version,
    get names() {
      return topics.keys();
    },
    idOf: (name) => topics.get(name)?.id,
    nameOf: (id) => topicNames.get(id),
    partitionCount: (id) => topics.get(topicNames.get(id) ?? '')?.partitions.length ?? 0,
  };
}
