/** Waits of handlers: settled by an event, a deadline, or the end of their connection or node. */
import { CancelledError, type ConnectionScope, type Wait, type WaitOptions } from '../../handlers/context.ts';
import type { Timer, Timers } from '../../handlers/services.ts';

export function startWait<T>(options: WaitOptions<T>, timers: Timers, connection: ConnectionScope): Wait<T> {
  let ended = false;
  let timer: Timer | null = null;
  let leave: (() => void) | null = null;
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  const end = (): boolean => {
    if (ended) return false;
    ended = true;
    timer?.cancel();
    leave?.();
    options.onEnd?.();
    return true;
  };
  const wait: Wait<T> = {
    promise,
    get ended() {
      return ended;
    },
    settle: (value) => {
      if (end()) resolve(value);
    },
  };
  if (options.timeoutMs <= 0) {
    wait.settle(options.onTimeout());
    return wait;
  }
  timer = timers.after(options.timeoutMs, () => {
    if (!ended) wait.settle(options.onTimeout());
  });
  leave = connection.onClose(() => {
    if (end()) reject(new CancelledError('the connection closed'));
  });
  return wait;
}
