/**
 * kafka-acls.sh: rules about who may do what. Follows org.apache.kafka.tools.AclCommand. Our brokers have no
 * authorizer, so every request ends with their sentence about it; on a cluster that has one, rules are kept there.
 */
import { toApiError } from '../client/client-error.ts';
import type { Client } from '../client/main.ts';
import { DescribeAclsRequest, DescribeAclsResponse } from '../messages/29-describe-acls.ts';
import { CreateAclsRequest, CreateAclsResponse } from '../messages/30-create-acls.ts';
import { DeleteAclsRequest, DeleteAclsResponse } from '../messages/31-delete-acls.ts';
import { type AclsOptions, aclsUsage, readAclsOptions } from './acls/options.ts';
import {
  type Entry,
  entryText,
  operations,
  parsePrincipal,
  patternType,
  patternTypes,
  permissions,
  type Resource,
  type Rule,
  readResources,
  readRules,
  resourceText,
  resourceTypes,
  validOperations,
} from './acls/rules.ts';
import { createAdmin, getting, loadProperties } from './framework/admin.ts';
import { refuseExecution } from './framework/finish.ts';
import type { ToolPorts } from './framework/ports.ts';
import { execution, fromApiError, JavaError } from './java/java-error.ts';

export async function run(ports: ToolPorts): Promise<number> {
  const set = readAclsOptions(ports);
  try {
    await execute(ports, set);
    return 0;
  } catch (error) {
    if (!(error instanceof JavaError)) throw error;
    ports.out(`Error while executing ACL command: ${error.text}\n${error.trace}\n`);
    return 1;
  }
}

async function execute(ports: ToolPorts, set: AclsOptions): Promise<void> {
  const properties = loadProperties(ports, set.value('command-config'));
  const controllers = set.has('bootstrap-controller');
  const bootstrap = set.value(controllers ? 'bootstrap-controller' : 'bootstrap-server')!;
  const pattern = patternType(set);
  if (set.has('add') && pattern !== 'LITERAL' && pattern !== 'PREFIXED') {
    aclsUsage(ports).fail(`A '--resource-pattern-type' value of '${pattern}' is not valid when adding acls.`);
  }
  const resources = readResources(set, pattern);
  if (resources.length === 0 && !set.has('list')) {
    aclsUsage(ports).fail(
      'You must provide at least one resource: --topic <topic> or --cluster or --group <group> or --delegation-token <Delegation Token ID>',
    );
  }
  const rules = set.has('list') ? [] : readRules(set, resources);
  checkOperations(ports, rules);
  if (set.has('add') && rules.some(({ entries }) => entries.length === 0)) {
    aclsUsage(ports).fail(
      'You must specify one of: --allow-principal, --deny-principal when trying to add ACLs.',
    );
  }
  await using admin = await createAdmin(ports, { bootstrap, properties, controllers });
  if (set.has('add')) await add(ports, admin, rules);
  else if (set.has('remove')) await remove(ports, admin, { rules, ask: !set.has('force') });
  await list(ports, admin, { resources, principals: set.values('principal').map(parsePrincipal) });
}

function checkOperations(ports: ToolPorts, rules: readonly Rule[]): void {
  for (const { resource, entries } of rules) {
    const valid = validOperations[resource.type] ?? [];
    const wrong = entries.some(({ operation }) => !(valid as readonly string[]).includes(operation));
    if (wrong)
      aclsUsage(ports).fail(`ResourceType ${resource.type} only supports operations [${valid.join(', ')}]`);
  }
}

async function add(ports: ToolPorts, admin: Client, rules: readonly Rule[]): Promise<void> {
  // What is there already is not added again.
  const there = await find(
    admin,
    rules.map(({ resource }) => resource),
  );
  for (const { resource, entries: wanted } of rules) {
    const own = there.find(
      (rule) => resourceText('ResourcePattern', rule.resource) === resourceText('ResourcePattern', resource),
    );
    const known = new Set(own?.entries.map(entryText));
    const entries = wanted.filter((entry) => {
      if (!known.has(entryText(entry))) return true;
      ports.out(`Acl ${entryText(entry)} already exists.\n`);
      return false;
    });
    const answer = await getting(
      'createAcls',
      admin.request('any', {
        request: CreateAclsRequest,
        response: CreateAclsResponse,
        body: {
          creations: entries.map((entry) => ({
            resourceType: resourceTypes[resource.type],
            resourceName: resource.name,
            resourcePatternType: patternTypes[resource.pattern],
            principal: entry.principal,
            host: entry.host,
            operation: codeOf(entry),
            permissionType: permissions[entry.permission],
          })),
        },
      }),
    );
    for (const { errorCode, errorMessage } of answer.results) refuseExecution(errorCode, errorMessage);
    ports.out(
      `Adding ACLs for resource \`${resourceText('ResourcePattern', resource)}\`: \n ${linesOf(entries)} \n\n`,
    );
  }
}

function codeOf({ operation }: Entry): number {
  return operation === 'UNKNOWN' ? 0 : operations[operation];
}

function linesOf(entries: readonly Entry[]): string {
  return entries.map((entry) => `\t${entryText(entry)}`).join('\n');
}

async function remove(
  ports: ToolPorts,
  admin: Client,
  { rules, ask }: { readonly rules: readonly Rule[]; readonly ask: boolean },
): Promise<void> {
  for (const { resource, entries } of rules) {
    const named = `resource filter \`${resourceText('ResourcePattern', resource)}\`? (y/n)`;
    const question =
      entries.length === 0
        ? `Are you sure you want to delete all ACLs for ${named}`
        : `Are you sure you want to remove ACLs: \n ${linesOf(entries)}\n from ${named}`;
    if (ask && !(await confirmed(ports, question))) continue;
    const filters = entries.length === 0 ? [null] : entries;
    const answer = await getting(
      'deleteAcls',
      admin.request('any', {
        request: DeleteAclsRequest,
        response: DeleteAclsResponse,
        body: { filters: filters.map((entry) => filterOf(resource, entry)) },
      }),
    );
    for (const { errorCode, errorMessage } of answer.filterResults) refuseExecution(errorCode, errorMessage);
  }
}

function filterOf(resource: Resource | null, entry: Entry | null) {
  return {
    resourceTypeFilter: resourceTypes[resource?.type ?? 'ANY'],
    resourceNameFilter: resource?.name ?? null,
    patternTypeFilter: patternTypes[resource?.pattern ?? 'ANY'],
    principalFilter: entry?.principal ?? null,
    hostFilter: entry?.host ?? null,
    operation: entry === null ? operations.ANY : codeOf(entry),
    permissionType: entry === null ? 1 : permissions[entry.permission],
  };
}

/** Java asks a terminal only. */
async function confirmed(ports: ToolPorts, question: string): Promise<boolean> {
  ports.out(`${question}\n`);
  if (!ports.interactive) {
    throw new JavaError(
      'java.lang.NullPointerException',
      'Cannot invoke "java.io.Console.readLine()" because the return value of "java.lang.System.console()" is null',
    );
  }
  ports.flush();
  for await (const bytes of ports.input()) return bytes.toString('utf8').trim().toLowerCase() === 'y';
  return false;
}

async function list(
  ports: ToolPorts,
  admin: Client,
  {
    resources,
    principals,
  }: { readonly resources: readonly Resource[]; readonly principals: readonly string[] },
): Promise<void> {
  const rules = await find(admin, resources);
  for (const principal of principals.length === 0 ? [null] : principals) {
    if (principal !== null) ports.out(`ACLs for principal \`${principal}\`\n`);
    for (const { resource, entries } of rules) {
      const shown = entries.filter((entry) => principal === null || entry.principal === principal);
      if (shown.length === 0) continue;
      ports.out(
        `Current ACLs for resource \`${resourceText('ResourcePattern', resource)}\`: \n ${linesOf(shown)} \n\n`,
      );
    }
  }
}

/** No resource named: all. */
async function find(admin: Client, resources: readonly Resource[]): Promise<Rule[]> {
  const rules: Rule[] = [];
  for (const resource of resources.length === 0 ? [null] : resources) {
    const answer = await getting(
      'describeAcls',
      admin.request('any', {
        request: DescribeAclsRequest,
        response: DescribeAclsResponse,
        body: filterOf(resource, null),
      }),
    );
    const error = toApiError(answer.errorCode, answer.errorMessage);
    if (error !== null) throw execution(fromApiError(error));
    rules.push(...answer.resources.map(ruleOf));
  }
  return rules;
}

function ruleOf(found: DescribeAclsResponse['resources'][number]): Rule {
  const named = <T extends string>(codes: Readonly<Record<T, number>>, code: number) =>
    (Object.keys(codes) as T[]).find((name) => codes[name] === code)!;
  return {
    resource: {
      type: named(resourceTypes, found.resourceType),
      name: found.resourceName,
      pattern: named(patternTypes, found.patternType),
    },
    entries: found.acls.map((acl) => ({
      principal: acl.principal,
      host: acl.host,
      operation: named(operations, acl.operation),
      permission: named(permissions, acl.permissionType),
    })),
  };
}
