/**
 * The active controller as a pure machine (KRaft's QuorumController). It decides on its own, not yet committed image:
 * `decide` gives records and the response that goes with them; the shell proposes the records to Raft, calls `applied`
 * with them at once, and sends the response when their offset is committed. When leadership is lost the machine
 * is thrown away with everything uncommitted; the next one starts from the committed image.
 */
import type { MetadataImage } from './image.ts';

/** One metadata record, before encoding: its Kafka type name and its fields. See `records.ts`. */
export interface Decision<Record, Response> {
  /** To be committed together, in this order, in one batch. */
  readonly records: readonly Record[];
  /** To be sent when `records` are committed (at once when there are none). */
  readonly response: Response;
}

/** What `decide` needs besides its image; drawn by the shell (ports of the pure core). */
export interface ControllerPorts {
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** A random 22-char base64url uuid. */
  readonly newUuid: () => string;
}

export interface ActiveController<Request, Response, Record> {
  readonly image: MetadataImage;
  decide(request: Request, nowMs: number): Decision<Record, Response>;
  /** The records were appended at this offset (the log's end before them) in this epoch. */
  applied(records: readonly Record[], at: { offset: number; epoch: number; timestampMs: number }): void;
  /** Fencing, preferred leaders, unclean elections, NoOp: what is due now. */
  tick(nowMs: number): readonly Record[];
  readonly nextDeadlineMs: number;
}
