/** Apache Kafka's own properties file of a server, checked as KafkaConfig checks it, in its order and with its words. */
import { brokerConfigs, configError } from '../../messages/configs/config-table.ts';
import { JavaError } from '../../tools/java/java-error.ts';
import type { VoterAddress } from '../node-options.ts';
import { listOf, type Properties, readListeners, requirement, type ServerListeners } from './listeners.ts';

export interface ServerProperties {
  readonly nodeId: number;
  readonly isBroker: boolean;
  readonly isController: boolean;
  readonly listeners: ServerListeners;
  /** At least one. */
  readonly logDirectories: readonly string[];
  readonly metadataDirectory: string;
  /** controller.quorum.voters; empty: the voters are records (KIP-853). */
  readonly voters: readonly VoterAddress[];
  readonly bootstrapServers: readonly string[];
  readonly config: Readonly<Record<string, string>>;
}

const required = ['process.roles', 'node.id', 'controller.listener.names'];

export function configException(text: string): JavaError {
  return new JavaError('org.apache.kafka.common.config.ConfigException', text);
}

export function readServerProperties(properties: Properties): ServerProperties {
  checkValues(properties);
  const roles = listOf(properties, 'process.roles');
  const nodeId = Number(properties.get('node.id'));
  const isBroker = roles.includes('broker');
  const isController = roles.includes('controller');
  const voters = readVoterList(properties.get('controller.quorum.voters') ?? '');
  const bootstrapServers = listOf(properties, 'controller.quorum.bootstrap.servers');
  if (voters.length === 0 && bootstrapServers.length === 0) {
    throw configException(
      'If using process.roles, either controller.quorum.bootstrap.servers must contain the set of bootstrap controllers or controller.quorum.voters must contain a parseable set of controllers.',
    );
  }
  checkVoters(voters, { nodeId, isController });
  const listeners = readListeners(properties, { isBroker, isController });
  const logDirectories = listOf(properties, properties.has('log.dirs') ? 'log.dirs' : 'log.dir');
  const directories = logDirectories.length === 0 ? ['/tmp/kafka-logs'] : logDirectories;
  return {
    nodeId,
    isBroker,
    isController,
    listeners,
    logDirectories: directories,
    metadataDirectory: properties.get('metadata.log.dir') || directories[0]!,
    voters: voters.map((voter) => ({ ...voter, listener: listeners.controller })),
    bootstrapServers,
    config: Object.fromEntries(properties),
  };
}

function checkValues(properties: Properties): void {
  for (const name of required) {
    if (properties.get(name) !== undefined) continue;
    throw configException(`Missing required configuration "${name}" which has no default value.`);
  }
  for (const role of listOf(properties, 'process.roles')) {
    if (role === 'broker' || role === 'controller') continue;
    throw configException(
      `Invalid value ${role} for configuration process.roles: String must be one of: broker, controller`,
    );
  }
  if (listOf(properties, 'process.roles').length === 0) {
    throw configException(
      'Configuration process.roles must not be empty. Valid values include: [broker, controller]',
    );
  }
  const nodeId = properties.get('node.id')!.trim();
  if (!/^[+-]?\d+$/.test(nodeId)) {
    throw configException(`Invalid value ${nodeId} for configuration node.id: Not a number of type INT`);
  }
  if (Number(nodeId) < 0) {
    throw configException(`Invalid value ${nodeId} for configuration node.id: Value must be at least 0`);
  }
  for (const [name, value] of properties) {
    const definition = brokerConfigs.get(name);
    const wrong = definition === undefined ? null : configError(definition, value);
    if (wrong !== null) throw configException(wrong);
  }
}

function readVoterList(text: string): Omit<VoterAddress, 'listener'>[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((item) => {
      const match = /^(\d+)@\[?([^\]]+?)\]?:(\d+)$/.exec(item);
      if (match === null) {
        throw configException(
          `Invalid value ${text} for configuration controller.quorum.voters: Each entry should be in the form \`{id}@{host}:{port}\`.`,
        );
      }
      return { id: Number(match[1]), host: match[2]!, port: Number(match[3]) };
    });
}

function checkVoters(
  voters: readonly { readonly id: number }[],
  { nodeId, isController }: { readonly nodeId: number; readonly isController: boolean },
): void {
  if (voters.length === 0) return;
  const isVoter = voters.some(({ id }) => id === nodeId);
  const list = `controller.quorum.voters=Set(${voters.map(({ id }) => id).join(', ')})`;
  if (isController && !isVoter) {
    throw requirement(
      `If process.roles contains the 'controller' role, the node id ${nodeId} must be included in the set of voters ${list}`,
    );
  }
  if (!isController && isVoter) {
    throw requirement(
      `If process.roles contains just the 'broker' role, the node id ${nodeId} must not be included in the set of voters ${list}`,
    );
  }
}
