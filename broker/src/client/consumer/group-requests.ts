/** A member's requests to its coordinator, over a connection of their own. */
import { OffsetCommitRequest, OffsetCommitResponse } from '../../messages/08-offset-commit.ts';
import { HeartbeatRequest, HeartbeatResponse } from '../../messages/12-heartbeat.ts';
import { LeaveGroupRequest, LeaveGroupResponse } from '../../messages/13-leave-group.ts';
import { committedTopic } from '../admin-groups.ts';
import { refuse } from '../client-error.ts';
import type { Call } from '../connection.ts';
import { byTopic } from '../grouping.ts';
import type { Network } from '../network.ts';
import { withRetries } from '../retry.ts';
import type { OffsetToCommit } from '../types.ts';

/** The last OffsetCommit that names topics by name. */
const namedTopicsVersion = 9;
const channel = 'group';

export interface MemberIdentity {
  readonly memberId: string;
  /** Generation of the classic protocol, epoch of the new one. */
  readonly generation: number;
}

export class GroupRequests {
  readonly #network: Network;
  readonly groupId: string;
  readonly #instanceId: string | null;

  constructor(network: Network, groupId: string, instanceId: string | null) {
    this.#network = network;
    this.groupId = groupId;
    this.#instanceId = instanceId;
  }

  get instanceId(): string | null {
    return this.#instanceId;
  }

  /** To the coordinator, which is looked for again after a failure. */
  async send<QT, QI, RT, RI>(call: Call<QT, QI, RT, RI>): Promise<RT> {
    const { groupId } = this;
    const coordinator = await withRetries(this.#network.limits, () =>
      this.#network.findCoordinator({ coordinator: groupId }),
    );
    try {
      return await this.#network.send({ broker: coordinator.id, channel }, call);
    } catch (error) {
      this.#network.forgetCoordinator(groupId);
      throw error;
    }
  }

  forgetCoordinator(): void {
    this.#network.forgetCoordinator(this.groupId);
  }

  heartbeat({ memberId, generation }: MemberIdentity): Promise<HeartbeatResponse> {
    return this.send({
      request: HeartbeatRequest,
      response: HeartbeatResponse,
      body: {
        groupId: this.groupId,
        memberId,
        generationId: generation,
        groupInstanceId: this.#instanceId,
      },
    });
  }

  async leave(memberId: string, reason: string): Promise<void> {
    await this.send({
      request: LeaveGroupRequest,
      response: LeaveGroupResponse,
      body: {
        groupId: this.groupId,
        memberId,
        members: [{ memberId, groupInstanceId: this.#instanceId, reason }],
      },
    });
  }

  async commit({ memberId, generation }: MemberIdentity, offsets: readonly OffsetToCommit[]): Promise<void> {
    const answer = await this.send({
      request: OffsetCommitRequest,
      response: OffsetCommitResponse,
      body: {
        groupId: this.groupId,
        generationIdOrMemberEpoch: generation,
        memberId,
        groupInstanceId: this.#instanceId,
        topics: byTopic(offsets).map(committedTopic),
      },
      versionMax: namedTopicsVersion,
    });
    const failed = answer.topics.flatMap((topic) => topic.partitions).find((entry) => entry.errorCode !== 0);
    if (failed !== undefined) {
      this.forgetCoordinator();
      refuse(failed.errorCode);
    }
  }
}
