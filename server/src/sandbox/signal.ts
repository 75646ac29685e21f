/** Listeners of one kind of news; one that throws does not keep the others from hearing. */
export interface Signal<Value> {
  emit(value: Value): void;
  readonly subscribe: (listener: (value: Value) => void) => () => void;
}

export function createSignal<Value>(): Signal<Value> {
  const listeners = new Set<(value: Value) => void>();
  return {
    emit(value) {
      for (const listener of [...listeners]) {
        try {
          listener(value);
        } catch (error) {
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    },
    subscribe(listener) {
      const own = (value: Value): void => listener(value);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}
