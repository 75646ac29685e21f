/** A member of a classic group: joins, takes its share, commits, comes back after every trouble. */
import type { JoinReply, SyncReply } from '../../../broker/src/group/effects.ts';
import { JoinGroupRequest } from '../../../broker/src/messages/11-join-group.ts';
import { SyncGroupRequest } from '../../../broker/src/messages/14-sync-group.ts';
import { ConsumerProtocolSubscription } from '../../../broker/src/messages/consumer-protocol/consumer-protocol-subscription.ts';
import { ErrorCode } from '../../../broker/src/messages/errors.ts';
import { encodeVersioned } from '../../../broker/src/messages/versioned.ts';
import type { World } from '../world.ts';
import { type GroupHost, READ_PARTITIONS, READ_TOPIC, SESSION_MS } from './group-host.ts';
import { commitOffset } from './offsets.ts';
import { call, GROUPS_TOPIC, leaderOf } from './plan.ts';

export const CLASSIC_GROUP = 'classic';
const BEAT_MS = 300;

export class ClassicMember {
  readonly #world: World;
  #memberId = '';
  #generation = -1;
  #held: readonly number[] = [];
  #over = false;

  constructor(world: World) {
    this.#world = world;
    this.#join();
  }

  /** It falls silent: nobody is told. */
  vanish(): void {
    this.#over = true;
  }

  #ask<A>(
    serve: (host: GroupHost, reply: (answer: A) => void) => void,
    done: (answer: A | null) => void,
  ): void {
    call<A>(
      this.#world,
      () => leaderOf(this.#world, GROUPS_TOPIC, 0),
      (replica, reply) => {
        if (replica.groups !== null) serve(replica.groups, reply);
      },
      (answer) => {
        if (!this.#over) done(answer);
      },
    );
  }

  #later(act: () => void): void {
    this.#world.clock.after(BEAT_MS, () => {
      if (!this.#over) act();
    });
  }

  #join(): void {
    this.#held = [];
    const request = {
      ...JoinGroupRequest.empty(),
      groupId: CLASSIC_GROUP,
      memberId: this.#memberId,
      protocolType: 'consumer',
      sessionTimeoutMs: SESSION_MS,
      rebalanceTimeoutMs: 1200,
      protocols: [
        {
          name: 'range',
          metadata: encodeVersioned(ConsumerProtocolSubscription, 3, {
            topics: [READ_TOPIC],
            ownedPartitions: [],
          }),
        },
      ],
    };
    this.#ask<JoinReply>(
      (host, reply) => {
        const ticket = host.expect((body) => reply(body as JoinReply));
        const caller = { version: 9, clientId: 'c', clientHost: '/127.0.0.1', ticket };
        host.carryOut(host.shard.join(request, caller, host.now));
      },
      (answer) => this.#joined(answer),
    );
  }

  #joined(answer: JoinReply | null): void {
    if (answer === null) {
      this.#later(() => this.#join());
      return;
    }
    if (answer.errorCode === ErrorCode.MEMBER_ID_REQUIRED) {
      this.#memberId = answer.memberId ?? '';
      this.#join();
    } else if (answer.errorCode) this.#startAnew(answer.errorCode);
    else {
      this.#memberId = answer.memberId ?? '';
      this.#generation = answer.generationId ?? -1;
      this.#sync(answer);
    }
  }

  #sync({ leader, members = [], skipAssignment }: JoinReply): void {
    const isLeader = leader === this.#memberId && !skipAssignment;
    const request = {
      ...SyncGroupRequest.empty(),
      groupId: CLASSIC_GROUP,
      memberId: this.#memberId,
      generationId: this.#generation,
      assignments: isLeader
        ? members.map(({ memberId = '' }, index) => ({ memberId, assignment: share(index, members.length) }))
        : [],
    };
    this.#ask<SyncReply>(
      (host, reply) => {
        const ticket = host.expect((body) => reply(body as SyncReply));
        host.carryOut(host.shard.sync(request, ticket, host.now));
      },
      (answer) => {
        if (answer === null) this.#later(() => this.#join());
        else if (answer.errorCode) this.#startAnew(answer.errorCode);
        else {
          this.#held = String(answer.assignment).split(',').filter(Boolean).map(Number);
          this.#world.checkers.assigned({
            group: CLASSIC_GROUP,
            generation: this.#generation,
            memberId: this.#memberId,
            partitions: this.#held,
          });
          this.#beat();
        }
      },
    );
  }

  #beat(): void {
    const claim = { memberId: this.#memberId, generationId: this.#generation, groupInstanceId: null };
    this.#ask<number>(
      (host, reply) => reply(host.shard.heartbeat(CLASSIC_GROUP, claim, host.now)),
      (errorCode) => {
        if (errorCode) this.#startAnew(errorCode);
        else this.#commit();
      },
    );
  }

  #commit(): void {
    const { random } = this.#world;
    if (this.#held.length === 0 || random.chance(0.4)) {
      this.#later(() => this.#beat());
      return;
    }
    const owner = { group: CLASSIC_GROUP, memberId: this.#memberId, epoch: this.#generation };
    commitOffset(this.#world, { ...owner, partition: random.pick(this.#held) }, (errorCode) => {
      if (this.#over) return;
      if (errorCode) this.#startAnew(errorCode);
      else this.#later(() => this.#beat());
    });
  }

  #startAnew(errorCode: number): void {
    const known: readonly number[] = [ErrorCode.REBALANCE_IN_PROGRESS, ErrorCode.NOT_COORDINATOR];
    if (!known.includes(errorCode)) this.#memberId = '';
    this.#held = [];
    this.#later(() => this.#join());
  }
}

function share(index: number, count: number): Buffer {
  const partitions = Array.from({ length: READ_PARTITIONS }, (_, partition) => partition);
  return Buffer.from(partitions.filter((partition) => partition % count === index).join(','));
}
