/**
 * The records of the metadata log (KIP-500): framing, and the declaration behind each type.
 * A value is: frame version 1, type, version (three unsigned varints), then the record.
 */
import type { Message, VersionRange } from '../../wire/message.ts';
import { Reader } from '../../wire/reader.ts';
import { WireError } from '../../wire/wire-error.ts';
import { Writer } from '../../wire/writer.ts';
import { AbortTransactionRecord } from './abort-transaction-record.ts';
import { AccessControlEntryRecord } from './access-control-entry-record.ts';
import { BeginTransactionRecord } from './begin-transaction-record.ts';
import { BrokerRegistrationChangeRecord } from './broker-registration-change-record.ts';
import { ClearElrRecord } from './clear-elr-record.ts';
import { ClientQuotaRecord } from './client-quota-record.ts';
import { ConfigRecord } from './config-record.ts';
import { DelegationTokenRecord } from './delegation-token-record.ts';
import { EndTransactionRecord } from './end-transaction-record.ts';
import { FeatureLevelRecord } from './feature-level-record.ts';
import { FenceBrokerRecord } from './fence-broker-record.ts';
import { NoOpRecord } from './no-op-record.ts';
import { PartitionChangeRecord } from './partition-change-record.ts';
import { PartitionRecord } from './partition-record.ts';
import { ProducerIdsRecord } from './producer-ids-record.ts';
import { RegisterBrokerRecord } from './register-broker-record.ts';
import { RegisterControllerRecord } from './register-controller-record.ts';
import { RemoveAccessControlEntryRecord } from './remove-access-control-entry-record.ts';
import { RemoveDelegationTokenRecord } from './remove-delegation-token-record.ts';
import { RemoveTopicRecord } from './remove-topic-record.ts';
import { RemoveUserScramCredentialRecord } from './remove-user-scram-credential-record.ts';
import { TopicRecord } from './topic-record.ts';
import { UnfenceBrokerRecord } from './unfence-broker-record.ts';
import { UnregisterBrokerRecord } from './unregister-broker-record.ts';
import { UserScramCredentialRecord } from './user-scram-credential-record.ts';
import { ZkMigrationStateRecord } from './zk-migration-state-record.ts';

const FRAME_VERSION = 1;

export const METADATA_RECORDS = {
  RegisterBrokerRecord: { type: 0, message: RegisterBrokerRecord },
  UnregisterBrokerRecord: { type: 1, message: UnregisterBrokerRecord },
  TopicRecord: { type: 2, message: TopicRecord },
  PartitionRecord: { type: 3, message: PartitionRecord },
  ConfigRecord: { type: 4, message: ConfigRecord },
  PartitionChangeRecord: { type: 5, message: PartitionChangeRecord },
  FenceBrokerRecord: { type: 7, message: FenceBrokerRecord },
  UnfenceBrokerRecord: { type: 8, message: UnfenceBrokerRecord },
  RemoveTopicRecord: { type: 9, message: RemoveTopicRecord },
  DelegationTokenRecord: { type: 10, message: DelegationTokenRecord },
  UserScramCredentialRecord: { type: 11, message: UserScramCredentialRecord },
  FeatureLevelRecord: { type: 12, message: FeatureLevelRecord },
  ClientQuotaRecord: { type: 14, message: ClientQuotaRecord },
  ProducerIdsRecord: { type: 15, message: ProducerIdsRecord },
  BrokerRegistrationChangeRecord: { type: 17, message: BrokerRegistrationChangeRecord },
  AccessControlEntryRecord: { type: 18, message: AccessControlEntryRecord },
  RemoveAccessControlEntryRecord: { type: 19, message: RemoveAccessControlEntryRecord },
  NoOpRecord: { type: 20, message: NoOpRecord },
  ZkMigrationStateRecord: { type: 21, message: ZkMigrationStateRecord },
  RemoveUserScramCredentialRecord: { type: 22, message: RemoveUserScramCredentialRecord },
  BeginTransactionRecord: { type: 23, message: BeginTransactionRecord },
  EndTransactionRecord: { type: 24, message: EndTransactionRecord },
  AbortTransactionRecord: { type: 25, message: AbortTransactionRecord },
  RemoveDelegationTokenRecord: { type: 26, message: RemoveDelegationTokenRecord },
  RegisterControllerRecord: { type: 27, message: RegisterControllerRecord },
  ClearElrRecord: { type: 28, message: ClearElrRecord },
} as const;

export type MetadataRecordName = keyof typeof METADATA_RECORDS;

/** A record of the metadata log: its name tells which fields `value` has. */
export type MetadataRecord = {
  [N in MetadataRecordName]: {
    readonly name: N;
    readonly version: number;
    readonly value: (typeof METADATA_RECORDS)[N]['message']['decoded'];
  };
}[MetadataRecordName];

// biome-ignore lint/suspicious/noExplicitAny: any record; the union above gives callers the exact type
type AnyMessage = Message<any, any>;

const byType = new Map<number, { name: MetadataRecordName; message: AnyMessage }>(
  Object.entries(METADATA_RECORDS).map(([name, { type, message }]) => [
    type,
    { name: name as MetadataRecordName, message },
  ]),
);

export function metadataRecordVersions(name: MetadataRecordName): VersionRange {
  return METADATA_RECORDS[name].message.versions;
}

/** Encodes one record as the value of a record in a batch of the metadata log. */
export function encodeMetadataRecord(record: MetadataRecord): Buffer {
  const { type, message } = METADATA_RECORDS[record.name];
  const writer = new Writer();
  writer.unsignedVarint(FRAME_VERSION);
  writer.unsignedVarint(type);
  writer.unsignedVarint(record.version);
  (message as AnyMessage).write(writer, record.version, record.value);
  return writer.finish();
}

/** Decodes one record; throws WireError for a frame, type or version this release does not know. */
export function decodeMetadataRecord(value: Buffer): MetadataRecord {
  const reader = new Reader(value);
  const frame = reader.unsignedVarint();
  if (frame !== FRAME_VERSION) throw new WireError('bad-value', `metadata frame version ${frame}`, 0);
  const type = reader.unsignedVarint();
  const version = reader.unsignedVarint();
  const known = byType.get(type);
  if (known === undefined) throw new WireError('bad-value', `metadata record type ${type}`, 1);
  return { name: known.name, version, value: known.message.read(reader, version) } as MetadataRecord;
}
