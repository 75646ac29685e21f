/**
 * When each broker was last heard of: what the active controller knows beyond the metadata log, and loses when it
 * stops leading.
 */

interface Session {
  readonly brokerEpoch: number;
  lastContactMs: number;
  /** Last offset of the metadata log the broker has applied; -1 unknown. */
  metadataOffset: number;
  /** Assumed when this controller took over, no heartbeat since. */
  assumed: boolean;
  /** Once others have applied this offset they know that the broker is leaving, and it may go; null: not leaving. */
  shutdownOffset: number | null;
}

export class BrokerSessions {
  readonly #sessions = new Map<number, Session>();
  readonly #timeoutMs: number;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** A controller that takes over gives every unfenced broker one full timeout to be heard of. */
  assume(brokerId: number, brokerEpoch: number, nowMs: number): void {
    this.#sessions.set(brokerId, {
      brokerEpoch,
      lastContactMs: nowMs,
      metadataOffset: -1,
      assumed: true,
      shutdownOffset: null,
    });
  }

  heard(broker: { id: number; epoch: number; metadataOffset: number }, nowMs: number): void {
    const session = this.#sessions.get(broker.id);
    const shutdownOffset = session?.brokerEpoch === broker.epoch ? session.shutdownOffset : null;
    this.#sessions.set(broker.id, {
      brokerEpoch: broker.epoch,
      lastContactMs: nowMs,
      metadataOffset: broker.metadataOffset,
      assumed: false,
      shutdownOffset,
    });
  }

  end(brokerId: number): void {
    this.#sessions.delete(brokerId);
  }

  /** Its process was heard of lately, so another one must not take its id. */
  isAlive(brokerId: number, brokerEpoch: number, nowMs: number): boolean {
    const session = this.#sessions.get(brokerId);
    return (
      session !== undefined &&
      session.brokerEpoch === brokerEpoch &&
      !session.assumed &&
      nowMs - session.lastContactMs <= this.#timeoutMs
    );
  }

  leaving(brokerId: number, shutdownOffset: number): void {
    const session = this.#sessions.get(brokerId);
    if (session !== undefined) session.shutdownOffset ??= shutdownOffset;
  }

  shutdownOffset(brokerId: number): number | null {
    return this.#sessions.get(brokerId)?.shutdownOffset ?? null;
  }

  metadataOffset(brokerId: number): number {
    return this.#sessions.get(brokerId)?.metadataOffset ?? -1;
  }

  advance(brokerId: number, metadataOffset: number): void {
    const session = this.#sessions.get(brokerId);
    if (session !== undefined) session.metadataOffset = Math.max(session.metadataOffset, metadataOffset);
  }

  /** One broker silent for longer than the timeout, with the epoch it was heard of in; forgets it. */
  takeExpired(nowMs: number): { id: number; epoch: number } | null {
    for (const [id, session] of this.#sessions) {
      if (nowMs - session.lastContactMs <= this.#timeoutMs) continue;
      this.#sessions.delete(id);
      return { id, epoch: session.brokerEpoch };
    }
    return null;
  }

  get nextExpiryMs(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const session of this.#sessions.values()) {
      next = Math.min(next, session.lastContactMs + this.#timeoutMs + 1);
    }
    return next;
  }
}
