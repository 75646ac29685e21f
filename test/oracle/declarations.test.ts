/** Every message declared here, field by field and version by version, against Kafka's own definitions. */
import { apis } from '@brokerlab/broker/messages';
import { describe, expect, it } from 'vitest';
import { ConsumerGroupCurrentMemberAssignmentKey } from '../../broker/src/messages/group/consumer-group-current-member-assignment-key.ts';
import { ConsumerGroupCurrentMemberAssignmentValue } from '../../broker/src/messages/group/consumer-group-current-member-assignment-value.ts';
import { ConsumerGroupMemberMetadataKey } from '../../broker/src/messages/group/consumer-group-member-metadata-key.ts';
import { ConsumerGroupMemberMetadataValue } from '../../broker/src/messages/group/consumer-group-member-metadata-value.ts';
import { ConsumerGroupMetadataKey } from '../../broker/src/messages/group/consumer-group-metadata-key.ts';
import { ConsumerGroupMetadataValue } from '../../broker/src/messages/group/consumer-group-metadata-value.ts';
import { ConsumerGroupPartitionMetadataKey } from '../../broker/src/messages/group/consumer-group-partition-metadata-key.ts';
import { ConsumerGroupPartitionMetadataValue } from '../../broker/src/messages/group/consumer-group-partition-metadata-value.ts';
import { ConsumerGroupRegularExpressionKey } from '../../broker/src/messages/group/consumer-group-regular-expression-key.ts';
import { ConsumerGroupRegularExpressionValue } from '../../broker/src/messages/group/consumer-group-regular-expression-value.ts';
import { ConsumerGroupTargetAssignmentMemberKey } from '../../broker/src/messages/group/consumer-group-target-assignment-member-key.ts';
import { ConsumerGroupTargetAssignmentMemberValue } from '../../broker/src/messages/group/consumer-group-target-assignment-member-value.ts';
import { ConsumerGroupTargetAssignmentMetadataKey } from '../../broker/src/messages/group/consumer-group-target-assignment-metadata-key.ts';
import { ConsumerGroupTargetAssignmentMetadataValue } from '../../broker/src/messages/group/consumer-group-target-assignment-metadata-value.ts';
import { GroupMetadataKey } from '../../broker/src/messages/group/group-metadata-key.ts';
import { GroupMetadataValue } from '../../broker/src/messages/group/group-metadata-value.ts';
import { OffsetCommitKey } from '../../broker/src/messages/group/offset-commit-key.ts';
import { OffsetCommitValue } from '../../broker/src/messages/group/offset-commit-value.ts';
import { METADATA_RECORDS } from '../../broker/src/messages/metadata/records.ts';
import type { Message } from '../../broker/src/wire/message.ts';
import type { Shape, Type } from '../../broker/src/wire/schema.ts';
import { jar, listJar, missing, readFromJar, resolveApacheKafka } from '../support/apache-kafka.ts';

// biome-ignore lint/suspicious/noExplicitAny: walks declarations of any type
type AnyType = Type<any, any>;

interface JsonField {
  readonly name: string;
  readonly type: string;
  /** Left out where the field is tagged in all its versions. */
  readonly versions?: string;
  readonly nullableVersions?: string;
  readonly taggedVersions?: string;
  readonly flexibleVersions?: string;
  readonly tag?: number;
  readonly default?: unknown;
  readonly fields?: readonly JsonField[];
}

interface JsonMessage {
  readonly name: string;
  readonly validVersions: string;
  readonly flexibleVersions: string;
  readonly fields: readonly JsonField[];
  readonly commonStructs?: readonly { readonly name: string; readonly fields: readonly JsonField[] }[];
}

const GROUP_RECORDS = [
  ConsumerGroupCurrentMemberAssignmentKey,
  ConsumerGroupCurrentMemberAssignmentValue,
  ConsumerGroupMemberMetadataKey,
  ConsumerGroupMemberMetadataValue,
  ConsumerGroupMetadataKey,
  ConsumerGroupMetadataValue,
  ConsumerGroupPartitionMetadataKey,
  ConsumerGroupPartitionMetadataValue,
  ConsumerGroupRegularExpressionKey,
  ConsumerGroupRegularExpressionValue,
  ConsumerGroupTargetAssignmentMemberKey,
  ConsumerGroupTargetAssignmentMemberValue,
  ConsumerGroupTargetAssignmentMetadataKey,
  ConsumerGroupTargetAssignmentMetadataValue,
  GroupMetadataKey,
  GroupMetadataValue,
  OffsetCommitKey,
  OffsetCommitValue,
] as const;

const reason = missing();
const LAST = 0x7fff;

function range(versions: string | undefined): [number, number] | undefined {
  if (versions === undefined || versions === 'none') return undefined;
  if (versions.endsWith('+')) return [Number(versions.slice(0, -1)), LAST];
  const [from, to] = versions.split('-');
  return [Number(from), Number(to ?? from)];
}

const within = (span: [number, number] | undefined, version: number) =>
  span !== undefined && version >= span[0] && version <= span[1];

/** JSON with `//` comments, as the definitions are written. */
function parse(text: string): JsonMessage {
  return JSON.parse(text.replace(/("(?:[^"\\]|\\.)*")|\/\/.*$/gm, (_all, quoted: string) => quoted ?? ''));
}

/** What a reader of `version` meets, one line a field; both sides are told in these lines. */
function linesOfJson(message: JsonMessage, version: number): string[] {
  const common = new Map(message.commonStructs?.map((struct) => [struct.name, struct.fields]));
  const flexible = within(range(message.flexibleVersions), version);
  const walk = (fields: readonly JsonField[], path: string): string[] =>
    fields
      .filter((field) => within(range(field.versions ?? field.taggedVersions), version))
      .flatMap((field) => {
        const name = `${path}${field.name[0]!.toLowerCase()}${field.name.slice(1)}`;
        const element = field.type.replace(/^(\[\])+/, '');
        const inner = field.fields ?? common.get(element);
        const kind = field.type.replace(element, inner ? 'struct' : element);
        const tagged = flexible && within(range(field.taggedVersions), version);
        const line = [
          name,
          kind,
          within(range(field.nullableVersions), version) ? 'nullable' : '',
          tagged ? `tag ${field.tag}` : '',
          `default ${inner && field.default !== 'null' ? '-' : defaultOfJson(field)}`,
        ].join(' ');
        return [line, ...(inner ? walk(inner, `${name}.`) : [])];
      });
  return walk(message.fields, '');
}

function defaultOfJson(field: JsonField): string {
  const { default: value } = field;
  if (value === 'null') return 'null';
  if (field.type.startsWith('[]')) return '-';
  if (field.type === 'bool') return String(value ?? false);
  if (field.type === 'string') return JSON.stringify(value ?? '');
  if (field.type === 'uuid' || field.type === 'bytes' || field.type === 'records') return '-';
  return /^-?\d|^0x/.test(String(value ?? 0)) && field.type.startsWith('int64')
    ? String(BigInt(String(value ?? 0)))
    : String(Number(value ?? 0));
}

function linesOfType(type: AnyType, version: number, flexible: boolean): string[] {
  const walk = (shape: Shape, path: string): string[] =>
    Object.entries(shape.fields as Record<string, AnyType>)
      .filter(([, field]) => version >= field.options.since && version <= field.options.until)
      .flatMap(([name, field]) => {
        const { tag, tagSince, tagUntil } = field.options;
        const inner = innermost(field.shape);
        const tagged = flexible && tag !== undefined && version >= tagSince && version <= tagUntil;
        const nullable = field.shape.nullableSince !== undefined && canBeNull(field, version, flexible);
        const line = [
          `${path}${name}`,
          kindOf(field.shape),
          nullable ? 'nullable' : '',
          tagged ? `tag ${tag}` : '',
          `default ${defaultOfType(field)}`,
        ].join(' ');
        return [line, ...(inner.kind === 'struct' ? walk(inner, `${path}${name}.`) : [])];
      });
  return walk(type.shape, '');
}

function kindOf(shape: Shape): string {
  return shape.kind === 'array' ? `[]${kindOf(shape.element!)}` : shape.kind;
}

function innermost(shape: Shape): Shape {
  return shape.element ? innermost(shape.element) : shape;
}

/** Asks the codec itself, so that what is compared is what is written. */
function canBeNull(field: AnyType, version: number, flexible: boolean): boolean {
  const ignored = new Proxy({}, { get: () => () => undefined });
  try {
    field.layout(version, flexible).write(ignored as never, null);
    return true;
  } catch {
    return false;
  }
}

function defaultOfType(field: AnyType): string {
  const value = field.fallback();
  if (value === null) return 'null';
  const { kind } = field.shape;
  if (['array', 'struct', 'uuid', 'bytes', 'records'].includes(kind)) return '-';
  return kind === 'string' ? JSON.stringify(value) : String(value);
}

// biome-ignore lint/suspicious/noExplicitAny: any message
function expectSame(declared: Message<any, any>, json: JsonMessage): void {
  const [first, last] = range(json.validVersions)!;
  expect(declared.versions).toEqual([first, last]);
  for (let version = first; version <= last; version++) {
    const flexible = within(range(json.flexibleVersions), version);
    expect(declared.isFlexible(version), `flexible at ${version}`).toBe(flexible);
    expect(linesOfType(declared.type, version, flexible), `version ${version}`).toEqual(
      linesOfJson(json, version),
    );
  }
}

describe.skipIf(reason !== undefined)(
  `declarations against Apache Kafka${reason ? ` (${reason})` : ''}`,
  () => {
    it('of every API are the release’s', () => {
      resolveApacheKafka();
      const clients = jar('kafka-clients-4');
      for (const api of apis.values()) {
        for (const message of [api.request, api.response]) {
          expectSame(message, parse(readFromJar(clients, `common/message/${message.name}.json`)));
        }
      }
    });

    it('of every record of groups of both protocols are the release’s', () => {
      resolveApacheKafka();
      const coordinator = jar('kafka-group-coordinator-4');
      for (const declared of GROUP_RECORDS) {
        expectSame(declared, parse(readFromJar(coordinator, `common/message/${declared.name}.json`)));
      }
    });

    it('of every record of the metadata log are the release’s', () => {
      resolveApacheKafka();
      const metadata = jar('kafka-metadata-4');
      const names = listJar(metadata).filter((name) => /^common\/metadata\/.*\.json$/.test(name));
      expect(names.length).toBe(Object.keys(METADATA_RECORDS).length);
      for (const name of names) {
        const json = parse(readFromJar(metadata, name));
        const known = METADATA_RECORDS[json.name as keyof typeof METADATA_RECORDS];
        expectSame(known.message, json);
      }
    });
  },
);
