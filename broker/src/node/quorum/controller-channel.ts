/**
 * The way to the active controller. Who that is, this node's own Raft knows; while nobody is, or the one asked says it is
 * not, requests wait and try again until their deadline.
 */

import type { ControllerChannel, Timers } from '../../handlers/services.ts';
import { EnvelopeRequest, type EnvelopeResponse } from '../../messages/58-envelope.ts';
import { ErrorCode } from '../../messages/errors.ts';
import { call } from '../network/call.ts';
import type { Peer } from '../network/peer.ts';

export interface ControllerChannelOptions {
  readonly clientId: string;
  readonly timers: Timers;
  readonly nowMs: () => number;
  /** The active controller as far as this node knows. */
  readonly leader: () => Peer | null;
  readonly retryMs: number;
}

export class NoControllerError extends Error {
  override readonly name = 'NoControllerError';
}

export class NodeControllerChannel implements ControllerChannel {
  readonly #options: ControllerChannelOptions;
  /** Those that wait for a controller to appear. */
  #waiting = new Set<() => void>();
  /** Requests under way: to whom, and how to give up on the answer. */
  readonly #underWay = new Set<{ readonly peer: Peer; readonly abandon: () => void }>();
  #stopped = false;

  constructor(options: ControllerChannelOptions) {
    this.#options = options;
  }

  /** Raft has (lost) a leader: whoever waits tries at once. */
  leaderChanged(): void {
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const wake of waiting) wake();
    const leader = this.#options.leader();
    if (leader === null) return;
    // A controller that hangs never answers, and its successor must hear of us before our session ends.
    for (const { peer, abandon } of this.#underWay) if (peer !== leader) abandon();
  }

  stop(): void {
    this.#stopped = true;
    for (const { abandon } of this.#underWay) abandon();
    this.leaderChanged();
  }

  async forward(frame: Buffer, options: { clientHost: string; timeoutMs: number }): Promise<Buffer> {
    // The frame may be a view of a socket's buffer: it must outlive this turn.
    const requestData = Buffer.from(frame);
    const clientHostAddress = addressBytes(options.clientHost);
    const body: typeof EnvelopeRequest.input = { requestData, requestPrincipal: null, clientHostAddress };
    const response = await this.send(EnvelopeRequest.key, body, {
      timeoutMs: options.timeoutMs,
      isRefused: (answer) => (answer as EnvelopeResponse).errorCode === ErrorCode.NOT_CONTROLLER,
    });
    const { errorCode, responseData } = response as EnvelopeResponse;
    if (errorCode !== 0 || responseData === null) {
      throw new NoControllerError(`the controller refused a forwarded request with error ${errorCode}`);
    }
    return responseData;
  }

  /** Sends until an active controller answers; rejects with NoControllerError at the deadline. */
  async send(
    apiKey: number,
    body: unknown,
    options: { timeoutMs: number; isRefused?: (answer: unknown) => boolean },
  ): Promise<unknown> {
    const { nowMs, clientId } = this.#options;
    const deadlineMs = nowMs() + options.timeoutMs;
    while (!this.#stopped) {
      const leftMs = deadlineMs - nowMs();
      if (leftMs <= 0) break;
      const peer = this.#options.leader();
      if (peer !== null) {
        try {
          const answer = await this.#unlessReplaced(
            peer,
            call(peer, { apiKey, body, clientId, timeoutMs: leftMs }),
          );
          if (options.isRefused?.(answer) !== true) return answer;
        } catch {
          // Lost, refused, timed out or replaced: another controller may be elected by now.
        }
      }
      await this.#pause(Math.min(leftMs, this.#options.retryMs));
    }
    throw new NoControllerError(`no active controller answered within ${options.timeoutMs} ms`);
  }

  async #unlessReplaced(peer: Peer, answer: Promise<unknown>): Promise<unknown> {
    let abandon: () => void = () => undefined;
    const replaced = new Promise<never>((_, reject) => {
      abandon = () => reject(new NoControllerError('another controller was elected'));
    });
    const entry = { peer, abandon };
    this.#underWay.add(entry);
    try {
      return await Promise.race([answer, replaced]);
    } finally {
      this.#underWay.delete(entry);
      // Whatever becomes of an answer nobody waits for is no error.
      answer.catch(() => undefined);
    }
  }

  #pause(delayMs: number): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = this.#options.timers.after(delayMs, () => {
        this.#waiting.delete(wake);
        resolve();
      });
      const wake = () => {
        timer.cancel();
        resolve();
      };
      this.#waiting.add(wake);
    });
  }
}

function addressBytes(clientHost: string): Buffer {
  const parts = clientHost.replace('/', '').split('.').map(Number);
  return parts.length === 4 && parts.every((part) => part >= 0 && part <= 255)
    ? Buffer.from(parts)
    : Buffer.from([127, 0, 0, 1]);
}
