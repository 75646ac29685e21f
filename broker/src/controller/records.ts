/**
 * Making metadata records: every field of the type present, in the version that metadata.version 4.3-IV0 writes.
 */
import {
  METADATA_RECORDS,
  type MetadataRecord,
  type MetadataRecordName,
} from '../messages/metadata/records.ts';

export type { MetadataRecord };

type ValueOf<N extends MetadataRecordName> = (typeof METADATA_RECORDS)[N]['message']['decoded'];

/** Record versions of 4.3-IV0 that are not simply the newest known (a change record's version tells what it changes). */
const OWN_VERSION: Partial<Record<MetadataRecordName, number>> = { BrokerRegistrationChangeRecord: 0 };

/** A record with the given fields, the rest at their defaults. */
export function record<N extends MetadataRecordName>(
  name: N,
  fields: Partial<ValueOf<N>>,
  version = OWN_VERSION[name] ?? METADATA_RECORDS[name].message.versions[1],
): MetadataRecord {
  const value = { ...METADATA_RECORDS[name].message.empty(), ...fields };
  return { name, version, value } as unknown as MetadataRecord; // the union cannot be built generically
}

/** Nothing but a mark that time has passed: nobody waits for it. */
export function isIdleBatch(records: readonly MetadataRecord[]): boolean {
  return records.every((one) => one.name === 'NoOpRecord');
}
