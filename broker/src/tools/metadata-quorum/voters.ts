/** add-controller and remove-controller (KIP-853). */
import type { Client } from '../../client/main.ts';
import { AddRaftVoterRequest, AddRaftVoterResponse } from '../../messages/80-add-raft-voter.ts';
import { RemoveRaftVoterRequest, RemoveRaftVoterResponse } from '../../messages/81-remove-raft-voter.ts';
import { getting } from '../framework/admin.ts';
import { refuseExecution, Terse } from '../framework/finish.ts';
import type { ToolPorts } from '../framework/ports.ts';
import { JavaError } from '../java/java-error.ts';
import { parseProperties } from '../java/properties.ts';
import { parseUuid } from '../java/uuid.ts';

interface Endpoint {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

export interface Change {
  readonly ports: ToolPorts;
  readonly admin: Client;
  readonly dryRun: boolean;
  readonly controllers: boolean;
}

const timeoutMs = 30_000;
const validFile = 'Is this a valid controller configuration file?';

export async function addController(change: Change, properties: ReadonlyMap<string, string>): Promise<void> {
  const { ports, admin, dryRun } = change;
  const voterId = controllerId(properties);
  const voterDirectoryId = directoryId(ports, metadataDirectory(properties));
  const listeners = advertised(properties);
  if (!dryRun) {
    const answer = await getting(
      'addRaftVoter',
      admin.request(change.controllers ? 'controller' : 'any', {
        request: AddRaftVoterRequest,
        response: AddRaftVoterResponse,
        body: { clusterId: null, timeoutMs, voterId, voterDirectoryId, listeners: [...listeners] },
      }),
    );
    refuseExecution(answer.errorCode, answer.errorMessage);
  }
  const places = listeners.map(
    ({ name, host, port }) => `${name}://${host.includes(':') ? `[${host}]` : host}:${port}`,
  );
  const done = dryRun ? 'DRY RUN of adding' : 'Added';
  ports.out(
    `${done} controller ${voterId} with directory id ${voterDirectoryId} and endpoints: ${places.join(', ')}\n`,
  );
}

export async function removeController(change: Change, id: number, directory: string): Promise<void> {
  const { ports, admin, dryRun } = change;
  if (id < 0) throw new Terse(`Invalid negative --controller-id: ${id}`);
  const voterDirectoryId = directoryOption(directory);
  if (!dryRun) {
    const answer = await getting(
      'removeRaftVoter',
      admin.request(change.controllers ? 'controller' : 'any', {
        request: RemoveRaftVoterRequest,
        response: RemoveRaftVoterResponse,
        body: { clusterId: null, voterId: id, voterDirectoryId },
      }),
    );
    refuseExecution(answer.errorCode, answer.errorMessage);
  }
  const done = dryRun ? 'DRY RUN of removing ' : 'Removed ';
  ports.out(`${done} KRaft controller ${id} with directory id ${voterDirectoryId}\n`);
}

function directoryOption(text: string): string {
  try {
    return parseUuid(text);
  } catch (error) {
    if (!(error instanceof JavaError)) throw error;
    throw new Terse(`Failed to parse --controller-directory-id: ${error.text}`);
  }
}

function controllerId(properties: ReadonlyMap<string, string>): number {
  const text = properties.get('node.id');
  if (text === undefined) throw new Terse(`node.id not found in configuration file. ${validFile}`);
  if (!/^[+-]?\d+$/.test(text)) {
    throw new JavaError('java.lang.NumberFormatException', `For input string: "${text}"`);
  }
  if (Number(text) < 0) throw new Terse(`node.id was negative in configuration file. ${validFile}`);
  if (!properties.get('process.roles')?.includes('controller')) {
    throw new Terse(`process.roles did not contain 'controller' in configuration file. ${validFile}`);
  }
  return Number(text);
}

function metadataDirectory(properties: ReadonlyMap<string, string>): string {
  const directory = properties.get('metadata.log.dir') ?? properties.get('log.dirs')?.trim().split(',')[0];
  if (directory === undefined)
    throw new Terse(`Neither metadata.log.dir nor log.dirs were found. ${validFile}`);
  return directory;
}

function directoryId(ports: ToolPorts, directory: string): string {
  let text: string;
  try {
    text = ports.readFile(`${directory}/meta.properties`);
  } catch {
    throw new Terse(`Unable to read meta.properties from ${directory}`);
  }
  const id = parseProperties(text).get('directory.id');
  if (id === undefined) throw new Terse(`No directory id found in ${directory}`);
  return parseUuid(id);
}

function advertised(properties: ReadonlyMap<string, string>): Endpoint[] {
  const listeners = new Map<string, Endpoint>();
  for (const key of ['listeners', 'advertised.listeners']) {
    for (const text of (properties.get(key) ?? '').split(',')) {
      const match = /^\s*([^:]+):\/\/\[?([0-9a-zA-Z\-%._:]*?)\]?:(-?\d+)\s*$/.exec(text);
      if (match === null) continue;
      const name = match[1]!.toUpperCase();
      listeners.set(name, { name, host: match[2] || 'localhost', port: Number(match[3]) });
    }
  }
  const names = properties.get('controller.listener.names');
  if (names === undefined) throw new Terse(`controller.listener.names was not found. ${validFile}`);
  return names.split(',').map((given) => {
    const name = given.toUpperCase();
    const endpoint = listeners.get(name);
    if (endpoint === undefined)
      throw new Terse(`Cannot find information about controller listener name: ${name}`);
    return endpoint;
  });
}
