/** Rules as the command line describes them: resources, and who may or may not do what with each. */
import { operations, patternTypes, permissions, resourceTypes } from '../../client/acls.ts';
import { conversionError } from '../framework/options.ts';
import { illegalArgument, JavaError } from '../java/java-error.ts';
import type { AclsOptions } from './options.ts';

export { operations, patternTypes, permissions, resourceTypes };

export type ResourceType = keyof typeof resourceTypes;
export type PatternType = keyof typeof patternTypes;
export type Operation = keyof typeof operations;

export interface Resource {
  readonly type: ResourceType;
  readonly name: string;
  readonly pattern: PatternType;
}

export interface Entry {
  readonly principal: string;
  readonly host: string;
  /** `UNKNOWN`: no operation of that name. */
  readonly operation: Operation | 'UNKNOWN';
  readonly permission: keyof typeof permissions;
}

export interface Rule {
  readonly resource: Resource;
  readonly entries: readonly Entry[];
}

/** What may be allowed on a resource, listed as Kafka lists it. */
export const validOperations: Readonly<Partial<Record<ResourceType, readonly Operation[]>>> = {
  TOPIC: [
    'DELETE',
    'CREATE',
    'WRITE',
    'READ',
    'ALTER_CONFIGS',
    'ALTER',
    'DESCRIBE_CONFIGS',
    'ALL',
    'DESCRIBE',
  ],
  GROUP: ['DELETE', 'READ', 'ALTER_CONFIGS', 'DESCRIBE_CONFIGS', 'ALL', 'DESCRIBE'],
  CLUSTER: [
    'CREATE',
    'CLUSTER_ACTION',
    'DESCRIBE_CONFIGS',
    'ALTER_CONFIGS',
    'IDEMPOTENT_WRITE',
    'ALTER',
    'DESCRIBE',
    'ALL',
  ],
  TRANSACTIONAL_ID: ['DESCRIBE', 'WRITE', 'ALL', 'TWO_PHASE_COMMIT'],
  DELEGATION_TOKEN: ['ALL', 'DESCRIBE'],
  USER: ['CREATE_TOKENS', 'DESCRIBE_TOKENS', 'ALL'],
};

export function patternType(set: AclsOptions): PatternType {
  const text = set.value('resource-pattern-type')!;
  const name = text.toUpperCase();
  if (Object.hasOwn(patternTypes, name)) return name as PatternType;
  const reason = `Value [${text}] is not one of [ANY|MATCH|LITERAL|PREFIXED]`;
  throw conversionError(
    'resource-pattern-type',
    text,
    new JavaError('joptsimple.ValueConversionException', reason),
  );
}

export function readResources(set: AclsOptions, pattern: PatternType): Resource[] {
  const named = (type: ResourceType, names: readonly string[]) =>
    names.map((name) => ({ type, name: name.trim(), pattern }));
  const cluster: Resource = { type: 'CLUSTER', name: 'kafka-cluster', pattern: 'LITERAL' };
  return [
    ...named('TOPIC', set.values('topic')),
    ...(pattern === 'LITERAL' && (set.has('cluster') || set.has('idempotent')) ? [cluster] : []),
    ...named('GROUP', set.values('group')),
    ...named('TRANSACTIONAL_ID', set.values('transactional-id')),
    ...named('DELEGATION_TOKEN', set.values('delegation-token')),
    ...named('USER', set.values('user-principal')),
  ];
}

export function readRules(set: AclsOptions, resources: readonly Resource[]): Rule[] {
  const rules: Rule[] = [];
  const add = (type: ResourceType | null, list: readonly (Operation | 'UNKNOWN')[]) => {
    for (const resource of resources.filter((one) => type === null || one.type === type)) {
      const known = rules.findIndex((rule) => rule.resource === resource);
      const before = rules[known]?.entries ?? [];
      const rule = { resource, entries: [...before, ...entriesOf(set, list)] };
      if (known === -1) rules.push(rule);
      else rules[known] = rule;
    }
  };
  if (set.has('producer')) {
    add('TOPIC', ['WRITE', 'DESCRIBE', 'CREATE']);
    add('TRANSACTIONAL_ID', ['WRITE', 'DESCRIBE']);
    if (set.has('idempotent')) add('CLUSTER', ['IDEMPOTENT_WRITE']);
  }
  if (set.has('consumer')) {
    add('TOPIC', ['READ', 'DESCRIBE']);
    add('GROUP', ['READ']);
  }
  if (!set.has('producer') && !set.has('consumer')) add(null, readOperations(set));
  return rules;
}

function readOperations(set: AclsOptions): (Operation | 'UNKNOWN')[] {
  const given = set.values('operation');
  return (given.length === 0 ? ['All'] : given).map((text) => {
    const name = text
      .trim()
      .replace(/(?<=[a-z])(?=[A-Z])/g, '_')
      .toUpperCase();
    return Object.hasOwn(operations, name) ? (name as Operation) : 'UNKNOWN';
  });
}

function entriesOf(set: AclsOptions, list: readonly (Operation | 'UNKNOWN')[]): Entry[] {
  const sides = [
    { permission: 'ALLOW', principals: set.values('allow-principal'), hosts: set.values('allow-host') },
    { permission: 'DENY', principals: set.values('deny-principal'), hosts: set.values('deny-host') },
  ] as const;
  return sides.flatMap(({ permission, principals, hosts }) =>
    principals
      .map(parsePrincipal)
      .flatMap((principal) =>
        (hosts.length === 0 ? ['*'] : hosts).flatMap((host) =>
          list.map((operation) => ({ principal, host: host.trim(), operation, permission })),
        ),
      ),
  );
}

export function parsePrincipal(text: string): string {
  if (/^[^:]+:.*$/s.test(text.trim())) return text.trim();
  throw illegalArgument(`expected a string in format principalType:principalName but got ${text}`);
}

export function resourceText(kind: 'ResourcePattern', { type, name, pattern }: Resource): string {
  return `${kind}(resourceType=${type}, name=${name}, patternType=${pattern})`;
}

export function entryText({ principal, host, operation, permission }: Entry): string {
  return `(principal=${principal}, host=${host}, operation=${operation}, permissionType=${permission})`;
}
