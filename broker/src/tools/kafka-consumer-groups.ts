/** kafka-consumer-groups.sh. Follows org.apache.kafka.tools.consumer.group.ConsumerGroupCommand. */
import { regexProblem } from '../group/consumer/topic-regex.ts';
import { deleteGroups, deleteOffsets } from './consumer-groups/deletion.ts';
import { listGroups } from './consumer-groups/list.ts';
import { describeMembers, describeStates } from './consumer-groups/members-view.ts';
import { describeOffsets } from './consumer-groups/offsets-view.ts';
import { type GroupsOptions, type GroupsUsage, readGroupsOptions } from './consumer-groups/options.ts';
import { resetOffsets } from './consumer-groups/reset.ts';
import { printError, type Service } from './consumer-groups/service.ts';
import { createAdmin, loadProperties } from './framework/admin.ts';
import type { ToolPorts } from './framework/ports.ts';
import { JavaError, runtime } from './java/java-error.ts';

export async function run(ports: ToolPorts): Promise<number> {
  let usage: GroupsUsage;
  let set: GroupsOptions;
  try {
    ({ usage, set } = readGroupsOptions(ports));
  } catch (error) {
    if (!(error instanceof JavaError)) throw error;
    ports.err(`Exception in thread "main" ${error.trace}`);
    return 1;
  }
  if (set.has('validate-regex')) return validate(ports, set.value('validate-regex')!);
  try {
    await execute(ports, set, usage);
  } catch (error) {
    if (!(error instanceof JavaError)) throw error;
    if (error.className === 'java.lang.IllegalArgumentException') usage.fail(error.text);
    printError(ports, `Executing consumer group command failed due to ${error.text}`);
    ports.err(error.trace);
  }
  return 0;
}

async function execute(ports: ToolPorts, set: GroupsOptions, usage: GroupsUsage): Promise<void> {
  const properties = readProperties(ports, set.value('command-config'));
  const apiTimeoutMs = set.number('timeout')!;
  const bootstrap = set.value('bootstrap-server')!;
  await using admin = await createAdmin(ports, { bootstrap, properties, apiTimeoutMs });
  const service: Service = { ports, admin, set, usage };
  if (set.has('list')) await listGroups(service);
  else if (set.has('describe')) await describe(service);
  else if (set.has('delete')) await deleteGroups(service);
  else if (set.has('reset-offsets')) await resetOffsets(service);
  else await deleteOffsets(service);
}

function readProperties(ports: ToolPorts, path: string | null): Map<string, string> {
  try {
    return loadProperties(ports, path);
  } catch (error) {
    throw error instanceof JavaError ? runtime(error) : error;
  }
}

function describe(service: Service): Promise<void> {
  if (service.set.has('members')) return describeMembers(service);
  if (service.set.has('state')) return describeStates(service);
  return describeOffsets(service);
}

/** As the coordinator reads the expressions of groups of the consumer protocol. */
function validate(ports: ToolPorts, regex: string): number {
  const problem = regexProblem(regex);
  const verdict = problem === undefined ? 'valid' : `invalid: ${problem}`;
  ports.out(`The regular expression \`${regex}\` is ${verdict}.\n`);
  return 0;
}
