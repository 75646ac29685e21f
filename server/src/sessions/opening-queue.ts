/**
 * A whole class opens its labs at the same moment: only a few cells start at once, the others wait their turn and are told how
 * many are ahead.
 */
export interface OpeningQueue {
  /** `onAhead` is called while waiting, whenever the number of those ahead changes. */
  run<T>(task: () => Promise<T>, onAhead: (ahead: number) => void): Promise<T>;
}

interface Waiting {
  readonly go: () => void;
  readonly onAhead: (ahead: number) => void;
}

export function createOpeningQueue(atOnceMax: number): OpeningQueue {
  let running = 0;
  const waiting: Waiting[] = [];
  const next = () => {
    running -= 1;
    waiting.shift()?.go();
    for (const [index, one] of waiting.entries()) one.onAhead(index + 1);
  };
  return {
    async run(task, onAhead) {
      if (running >= atOnceMax) {
        await new Promise<void>((resolve) => {
          waiting.push({ go: resolve, onAhead });
          onAhead(waiting.length);
        });
      }
      running += 1;
      try {
        return await task();
      } finally {
        next();
      }
    },
  };
}
