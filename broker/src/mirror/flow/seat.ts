/**
 * Which of several MirrorMakers with one properties file drives a flow. They meet in the group in which Apache Kafka's
 * workers of the flow meet, on the target; its leader drives, the others wait until it leaves or its session ends.
 *
 *   out → joining: at the start, and whenever the group has lost the member. joining → in: JoinGroup and SyncGroup went well.
 *   in → joining: a heartbeat tells of a rebalance, or that the group does not know the member.
 *   Apache Kafka's workers are met on their terms (docs/decisions/0033): they may join while ours drives and are given
 *   nothing to run; while one of them is a member and ours does not drive, ours stays outside and looks until they are gone.
 *   Driving begins when the group names the member its leader, or when nobody else is in the group it joins: a group's
 *   first member is its leader, so it need not sit out the delay that a new group grants others to join. Driving ends when
 *   the group names another leader, or has lost the member and has others.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '../../client/client.ts';
import { ClientError, refuse, toApiError } from '../../client/client-error.ts';
import { GroupRequests } from '../../client/consumer/group-requests.ts';
import { JoinGroupRequest, JoinGroupResponse } from '../../messages/11-join-group.ts';
import { SyncGroupRequest, SyncGroupResponse } from '../../messages/14-sync-group.ts';
import {
  connectProtocols,
  idleAssignment,
  isOwnMember,
  ownMetadata,
  readWorkerState,
  type WorkerState,
} from '../formats/connect-protocol.ts';
import type { Log } from './context.ts';

export interface SeatOptions {
  /** Of the target; the seat closes it. */
  readonly client: Client;
  readonly groupId: string;
  readonly log: Log;
  readonly onGained: () => void;
  readonly onLost: () => void;
}

const protocolType = 'connect';
/** Kafka Connect's defaults. */
const timing = {
  sessionTimeoutMs: 10_000,
  heartbeatMs: 3_000,
  rebalanceTimeoutMs: 60_000,
  lookMs: 20,
  standbyLookMs: 500,
} as const;
const retryMs = 500;

export class Seat {
  readonly #options: SeatOptions;
  readonly #requests: GroupRequests;
  readonly #ending = new AbortController();
  readonly #run: Promise<void>;
  #memberId = '';
  #generation = -1;
  #drives = false;
  #waits = false;
  #told = '';

  constructor(options: SeatOptions) {
    this.#options = options;
    this.#requests = new GroupRequests(options.client.network, options.groupId, null);
    this.#run = this.#keep();
  }

  get drives(): boolean {
    return this.#drives;
  }

  /** Another one drives. */
  get waits(): boolean {
    return this.#waits;
  }

  /** Leaves the group, so that another one drives at once. */
  async close(): Promise<void> {
    this.#ending.abort();
    const memberId = this.#memberId;
    const left = memberId === '' ? Promise.resolve() : this.#requests.leave(memberId, 'MirrorMaker stops');
    await Promise.race([left.catch(() => {}), delay(timing.heartbeatMs, undefined, { ref: false })]);
    await this.#options.client.close();
    await this.#run;
  }

  async #keep(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      try {
        if (!this.#drives) await this.#untilNoForeigners();
        if (this.#ending.signal.aborted) return;
        await this.#join();
        this.#told = '';
        await this.#beat();
      } catch (error) {
        if (this.#ending.signal.aborted) return;
        this.#failed(error);
        await delay(retryMs, undefined, { signal: this.#ending.signal }).catch(() => {});
      }
    }
  }

  #failed(error: unknown): void {
    const { groupId, log } = this.#options;
    const name = error instanceof ClientError ? error.api?.name : undefined;
    if (name === 'UNKNOWN_MEMBER_ID') this.#memberId = '';
    const text =
      name === 'INCONSISTENT_GROUP_PROTOCOL'
        ? `waiting: members of the group "${groupId}" speak another protocol than Kafka Connect's`
        : `not in the group "${groupId}" yet, trying again: ${error instanceof Error ? error.message : error}`;
    if (text !== this.#told) log('WARN', text);
    this.#told = text;
  }

  async #join(): Promise<void> {
    const answer = await this.#joined();
    this.#memberId = answer.memberId;
    this.#generation = answer.generationId;
    const leads = answer.leader === answer.memberId;
    const others = answer.members.filter(({ memberId }) => memberId !== answer.memberId);
    const workers = others.map(({ memberId, metadata }) => ({ memberId, state: readWorkerState(metadata) }));
    const running = workers.some(({ state }) => (state?.allocation.length ?? 0) > 0);
    if (leads ? running && !this.#drives : !isOwnMember(answer.leader)) return this.#standAside();
    const protocolName = answer.protocolName ?? '';
    const synced = await this.#requests.send({
      request: SyncGroupRequest,
      response: SyncGroupResponse,
      body: {
        groupId: this.#options.groupId,
        generationId: this.#generation,
        memberId: this.#memberId,
        groupInstanceId: null,
        protocolType,
        protocolName,
        assignments: leads ? idle(answer.memberId, protocolName, workers) : [],
      },
      timeoutMs: timing.rebalanceTimeoutMs,
    });
    // A rebalance came between: the next round names the leader.
    if (toApiError(synced.errorCode)?.name === 'REBALANCE_IN_PROGRESS') return this.#join();
    refuse(synced.errorCode);
    if (leads) this.#gain();
    else this.#lose();
  }

  /** A worker of Apache Kafka's drives: back in the group when there is none any more. */
  async #standAside(): Promise<void> {
    await this.#leaveToOthers();
    await this.#untilNoForeigners();
    if (!this.#ending.signal.aborted) await this.#join();
  }

  /** Before a worker that leads gives it work. */
  async #leaveToOthers(): Promise<void> {
    const memberId = this.#memberId;
    this.#memberId = '';
    this.#lose();
    if (memberId !== '') await this.#requests.leave(memberId, 'a Kafka Connect worker drives the flow');
  }

  async #untilNoForeigners(): Promise<void> {
    const { client, groupId } = this.#options;
    const { signal } = this.#ending;
    while (!signal.aborted) {
      const members = await this.#members(client, groupId);
      if (members.every(isOwnMember)) return;
      await this.#leaveToOthers();
      await delay(timing.standbyLookMs, undefined, { signal }).catch(() => {});
    }
  }

  async #joined(): Promise<JoinGroupResponse> {
    const first = await this.#sendJoin();
    if (toApiError(first.errorCode)?.name !== 'MEMBER_ID_REQUIRED') {
      refuse(first.errorCode);
      return first;
    }
    this.#memberId = first.memberId;
    const joining = this.#sendJoin();
    const answered = joining.then(
      () => true,
      () => true,
    );
    if (!this.#drives && (await this.#isAlone(answered))) this.#gain();
    const answer = await joining;
    refuse(answer.errorCode);
    return answer;
  }

  /** Looks until the group shows this member, unless it is told all by the answer before. */
  async #isAlone(answered: Promise<boolean>): Promise<boolean> {
    const { client, groupId } = this.#options;
    for (;;) {
      const members = await this.#members(client, groupId);
      if (members.includes(this.#memberId)) return members.length === 1;
      if (await Promise.race([answered, delay(timing.lookMs, false)])) return false;
    }
  }

  async #members(client: Client, groupId: string): Promise<string[]> {
    const [group] = await client.describeGroups([groupId]);
    return (group?.members ?? []).map(({ memberId }) => memberId);
  }

  #sendJoin(): Promise<JoinGroupResponse> {
    return this.#requests.send({
      request: JoinGroupRequest,
      response: JoinGroupResponse,
      body: {
        groupId: this.#options.groupId,
        sessionTimeoutMs: timing.sessionTimeoutMs,
        rebalanceTimeoutMs: timing.rebalanceTimeoutMs,
        memberId: this.#memberId,
        groupInstanceId: null,
        protocolType,
        protocols: connectProtocols.map(({ name, version }) => ({ name, metadata: ownMetadata(version) })),
        reason: '',
      },
      timeoutMs: timing.rebalanceTimeoutMs * 2,
    });
  }

  /** Until it must join again. A coordinator that does not answer is asked again. */
  async #beat(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      await delay(timing.heartbeatMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      const answer = await this.#requests
        .heartbeat({ memberId: this.#memberId, generation: this.#generation })
        .catch(() => null);
      const name = toApiError(answer?.errorCode ?? 0)?.name;
      if (name === 'REBALANCE_IN_PROGRESS') return;
      if (name === 'UNKNOWN_MEMBER_ID' || name === 'ILLEGAL_GENERATION') return this.#forgotten();
      if (name !== undefined) this.#requests.forgetCoordinator();
    }
  }

  async #forgotten(): Promise<void> {
    this.#memberId = '';
    const others = await this.#members(this.#options.client, this.#options.groupId).catch(() => []);
    if (others.length > 0) this.#lose();
  }

  #gain(): void {
    this.#waits = false;
    if (this.#drives || this.#ending.signal.aborted) return;
    this.#drives = true;
    this.#options.onGained();
  }

  #lose(): void {
    const { log, groupId, onLost } = this.#options;
    if (!this.#waits) log('INFO', `waiting: another MirrorMaker of the group "${groupId}" drives this flow`);
    this.#waits = true;
    if (!this.#drives) return;
    this.#drives = false;
    onLost();
  }
}

type Worker = { readonly memberId: string; readonly state: WorkerState | null };

/** Nothing to run for anybody but the leader, which is none of Connect's tasks; no worker need read further than it has. */
function idle(leader: string, protocolName: string, workers: readonly Worker[]) {
  const version = connectProtocols.find(({ name }) => name === protocolName)?.version ?? 0;
  const offsets = workers.flatMap(({ memberId, state }) =>
    state === null || isOwnMember(memberId) ? [] : [state.configOffset],
  );
  const configOffset = offsets.reduce(
    (least, offset) => (offset < least ? offset : least),
    offsets[0] ?? -1n,
  );
  const all = [{ memberId: leader, state: null }, ...workers];
  return all.map(({ memberId, state }) => ({
    memberId,
    assignment: idleAssignment({ version, leader, configOffset, revoked: state?.allocation ?? [] }),
  }));
}
