/**
 * A broker's life: BrokerRegistration v0–4, BrokerHeartbeat v0–2, UnregisterBroker v0, ControllerRegistration v0
 * (KIP-631, KIP-841).
 *
 *   from                  to                    when
 *   (none)                fenced                it registers
 *   fenced                unfenced              its heartbeat shows it has applied its own registration
 *   unfenced              fenced                no heartbeat for the session timeout, or it asks to be fenced
 *   unfenced              controlled shutdown   it asks to shut down and leads something
 *   controlled shutdown   fenced, may go        it leads nothing any more, and the others know
 *   unfenced, fenced      fenced, may go        it asks to shut down and leads nothing
 */

import type {
  BrokerRegistrationRequest,
  BrokerRegistrationResponse,
} from '../messages/62-broker-registration.ts';
import type { BrokerHeartbeatRequest, BrokerHeartbeatResponse } from '../messages/63-broker-heartbeat.ts';
import type { UnregisterBrokerRequest, UnregisterBrokerResponse } from '../messages/64-unregister-broker.ts';
import type {
  ControllerRegistrationRequest,
  ControllerRegistrationResponse,
} from '../messages/70-controller-registration.ts';
import {
  type ApiFailure,
  brokerEpochFailure,
  type DecideContext,
  type Decision,
  fail,
  NO_ERROR,
} from './context.ts';
import type { BrokerRegistration } from './image.ts';
import {
  brokerFenced,
  brokerReplaced,
  brokerShuttingDown,
  brokerUnfenced,
  brokerUnregistered,
  directoriesOffline,
  hasLeaderships,
} from './leadership.ts';
import { sameList } from './partition-change.ts';
import { type MetadataRecord, record } from './records.ts';

export function decideBrokerRegistration(
  context: DecideContext,
  request: BrokerRegistrationRequest,
): Decision<typeof BrokerRegistrationResponse.input> {
  const failure = registrationFailure(context, request);
  if (failure !== null) return { records: [], response: { errorCode: failure.errorCode } };
  const { brokerId } = request;
  const existing = context.image.brokers.get(brokerId);
  const sameProcess = existing?.incarnationId === request.incarnationId;
  const newEpoch = context.image.endOffset;
  const brokerEpoch = sameProcess ? existing!.epoch : newEpoch;
  const records: MetadataRecord[] = [];
  if (!sameProcess) {
    const clean = existing !== undefined && Number(request.previousBrokerEpoch) === existing.epoch;
    records.push(...brokerReplaced(context, brokerId, clean));
    context.sessions.end(brokerId);
  }
  records.push(
    record('RegisterBrokerRecord', {
      brokerId,
      incarnationId: request.incarnationId,
      brokerEpoch: BigInt(brokerEpoch),
      endPoints: request.listeners,
      features: request.features,
      rack: request.rack,
      logDirs: request.logDirs,
      fenced: sameProcess ? existing!.fenced : true,
      inControlledShutdown: sameProcess && existing!.inControlledShutdown,
    }),
  );
  context.sessions.heard({ id: brokerId, epoch: brokerEpoch, metadataOffset: -1 }, context.nowMs);
  return { records, response: { errorCode: 0, brokerEpoch: BigInt(brokerEpoch) } };
}

function registrationFailure(context: DecideContext, request: BrokerRegistrationRequest): ApiFailure | null {
  const { image, settings, sessions, nowMs } = context;
  const { brokerId } = request;
  if (request.clusterId !== settings.clusterId) {
    return fail(
      'INCONSISTENT_CLUSTER_ID',
      `Expected cluster ID ${settings.clusterId}, but got cluster ID ${request.clusterId}`,
    );
  }
  const existing = image.brokers.get(brokerId);
  const taken =
    existing !== undefined &&
    existing.incarnationId !== request.incarnationId &&
    sessions.isAlive(brokerId, existing.epoch, nowMs);
  if (taken) return fail('DUPLICATE_BROKER_REGISTRATION');
  if (request.isMigratingZkBroker) return fail('BROKER_ID_NOT_REGISTERED');
  if (request.logDirs.length === 0 || new Set(request.logDirs).size !== request.logDirs.length) {
    return fail('INVALID_REGISTRATION');
  }
  const dirTaken = [...image.brokers.values()].some(
    (other) => other.id !== brokerId && other.logDirs.some((dir) => request.logDirs.includes(dir)),
  );
  if (dirTaken) return fail('INVALID_REGISTRATION');
  if (!request.features.some((feature) => feature.name === 'metadata.version')) {
    return fail('INVALID_REGISTRATION');
  }
  for (const [name, level] of image.features) {
    const range = request.features.find((feature) => feature.name === name);
    const [low, high] = [range?.minSupportedVersion ?? 0, range?.maxSupportedVersion ?? 0];
    if (level < low || level > high) return fail('UNSUPPORTED_VERSION');
  }
  return null;
}

type BrokerState = 'fenced' | 'unfenced' | 'controlledShutdown' | 'shutdownNow';

export function decideBrokerHeartbeat(
  context: DecideContext,
  request: BrokerHeartbeatRequest,
): Decision<typeof BrokerHeartbeatResponse.input> {
  const { brokerId, brokerEpoch } = request;
  const failure = brokerEpochFailure(context.image, brokerId, brokerEpoch);
  if (failure !== null) return { records: [], response: { errorCode: failure.errorCode } };
  const broker = context.image.brokers.get(brokerId)!;
  const metadataOffset = Number(request.currentMetadataOffset);
  context.sessions.heard({ id: brokerId, epoch: broker.epoch, metadataOffset }, context.nowMs);
  const current = stateOf(context, broker);
  const next = nextState(context, broker, request);
  const records = current === next ? [] : transition(context, brokerId, next);
  records.push(...directoryRecords(context, broker, request));
  if (next === 'shutdownNow') context.sessions.end(brokerId);
  if (next === 'controlledShutdown') {
    // From this offset on, whoever has applied the log knows that the broker is leaving.
    context.sessions.leaving(brokerId, context.image.endOffset + records.length - 1);
  }
  const response = {
    errorCode: 0,
    isCaughtUp: metadataOffset >= broker.epoch,
    isFenced: next === 'fenced' || next === 'shutdownNow',
    shouldShutDown: next === 'shutdownNow',
  };
  return { records, response };
}

function stateOf(context: DecideContext, broker: BrokerRegistration): BrokerState {
  if (broker.fenced) return 'fenced';
  const leaving = broker.inControlledShutdown || context.sessions.shutdownOffset(broker.id) !== null;
  return leaving ? 'controlledShutdown' : 'unfenced';
}

function nextState(
  context: DecideContext,
  broker: BrokerRegistration,
  request: BrokerHeartbeatRequest,
): BrokerState {
  switch (stateOf(context, broker)) {
    case 'fenced': {
      if (request.wantShutDown) return 'shutdownNow';
      const caughtUp = Number(request.currentMetadataOffset) >= broker.epoch;
      return !request.wantFence && caughtUp ? 'unfenced' : 'fenced';
    }
    case 'unfenced':
      if (request.wantFence) return request.wantShutDown ? 'shutdownNow' : 'fenced';
      if (!request.wantShutDown) return 'unfenced';
      return hasLeaderships(context, broker.id) ? 'controlledShutdown' : 'shutdownNow';
    case 'controlledShutdown': {
      if (hasLeaderships(context, broker.id)) return 'controlledShutdown';
      const shutdownOffset = context.sessions.shutdownOffset(broker.id) ?? context.image.endOffset - 1;
      return shutdownOffset <= lowestActiveOffset(context) ? 'shutdownNow' : 'controlledShutdown';
    }
    case 'shutdownNow':
      return 'shutdownNow';
  }
}

/** What every broker that stays has applied. */
function lowestActiveOffset(context: DecideContext): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (const broker of context.image.brokers.values()) {
    if (stateOf(context, broker) !== 'unfenced') continue;
    lowest = Math.min(lowest, context.sessions.metadataOffset(broker.id));
  }
  return lowest;
}

function transition(context: DecideContext, brokerId: number, next: BrokerState): MetadataRecord[] {
  switch (next) {
    case 'fenced':
      return brokerFenced(context, brokerId);
    case 'shutdownNow':
      return context.image.brokers.get(brokerId)!.fenced ? [] : brokerFenced(context, brokerId);
    case 'unfenced':
      return brokerUnfenced(context, brokerId);
    case 'controlledShutdown':
      return brokerShuttingDown(context, brokerId);
  }
}

/** Log directories that went offline or were cordoned since (KIP-858, KIP-1066). */
function directoryRecords(
  context: DecideContext,
  broker: BrokerRegistration,
  request: BrokerHeartbeatRequest,
): MetadataRecord[] {
  const records: MetadataRecord[] = [];
  const base = { brokerId: broker.id, brokerEpoch: BigInt(broker.epoch) };
  const online = broker.logDirs.filter((dir) => !request.offlineLogDirs.includes(dir));
  if (online.length < broker.logDirs.length && online.length > 0) {
    records.push(...directoriesOffline(context, broker.id, request.offlineLogDirs));
    records.push(record('BrokerRegistrationChangeRecord', { ...base, logDirs: online }, 2));
  }
  const cordoned = request.cordonedLogDirs;
  if (cordoned !== null && !sameList(cordoned, broker.cordonedLogDirs)) {
    records.push(record('BrokerRegistrationChangeRecord', { ...base, cordonedLogDirs: cordoned }, 3));
  }
  return records;
}

export function decideUnregisterBroker(
  context: DecideContext,
  request: UnregisterBrokerRequest,
): Decision<typeof UnregisterBrokerResponse.input> {
  const { brokerId } = request;
  if (!context.image.brokers.has(brokerId)) {
    const message = `Broker ID ${brokerId} is not currently registered`;
    return { records: [], response: fail('BROKER_ID_NOT_REGISTERED', message) };
  }
  context.sessions.end(brokerId);
  return { records: brokerUnregistered(context, brokerId), response: { errorCode: 0, errorMessage: '' } };
}

export function decideControllerRegistration(
  context: DecideContext,
  request: ControllerRegistrationRequest,
): Decision<typeof ControllerRegistrationResponse.input> {
  const existing = context.image.controllers.get(request.controllerId);
  if (existing?.incarnationId === request.incarnationId) return { records: [], response: NO_ERROR };
  const { controllerId, incarnationId, zkMigrationReady, listeners, features } = request;
  const registration = { controllerId, incarnationId, zkMigrationReady, endPoints: listeners, features };
  return { records: [record('RegisterControllerRecord', registration)], response: NO_ERROR };
}
