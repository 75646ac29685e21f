/** kafka-cluster.sh: the cluster's id and endpoints; unregisters brokers. Follows org.apache.kafka.tools.ClusterTool. */
import { toApiError } from '../client/client-error.ts';
import type { Client } from '../client/main.ts';
import { UnregisterBrokerRequest, UnregisterBrokerResponse } from '../messages/64-unregister-broker.ts';
import { clusterParser } from './cluster/options.ts';
import { createAdmin, getting, loadProperties } from './framework/admin.ts';
import type { Arguments } from './framework/argparse/parse.ts';
import { readArguments } from './framework/argparse/read.ts';
import { finish } from './framework/finish.ts';
import { log } from './framework/log.ts';
import type { ToolPorts } from './framework/ports.ts';
import { execution, fromApiError, illegalArgument, JavaError } from './java/java-error.ts';

const adminLogger = 'org.apache.kafka.clients.admin.KafkaAdminClient';
const adminPrefix = '[AdminClient clientId=adminclient-1] ';

export async function run(ports: ToolPorts): Promise<number> {
  const args = readArguments(ports, clusterParser, { help: 1 });
  return finish(ports, () => execute(ports, args));
}

async function execute(ports: ToolPorts, { command, values }: Arguments): Promise<void> {
  const text = (name: string) => (values.get(name) as string | undefined) ?? null;
  if (text('config') !== null && text('command_config') !== null) {
    throw illegalArgument('--config and --command-config cannot be specified together.');
  }
  if (text('config') !== null) {
    ports.out(
      'Option --config has been deprecated and will be removed in a future version. Use --command-config instead.\n',
    );
  }
  const properties = loadProperties(ports, text('command_config') ?? text('config'));
  const controllers = text('bootstrap_controller') !== null;
  const bootstrap = (text('bootstrap_controller') ?? text('bootstrap_server'))!;
  const includeFenced = values.get('include_fenced_brokers') === true;
  if (controllers && includeFenced) {
    throw illegalArgument(
      'The option --include-fenced-brokers is only supported with --bootstrap-server option',
    );
  }
  await using admin = await createAdmin(ports, { bootstrap, properties, controllers });
  switch (command) {
    case 'cluster-id': {
      const { clusterId } = await getting('listNodes', admin.describeCluster());
      return ports.out(`Cluster ID: ${clusterId}\n`);
    }
    case 'unregister':
      return await unregister(ports, admin, values.get('id') as number);
    default:
      return await listEndpoints(ports, admin, { controllers, includeFenced });
  }
}

async function unregister(ports: ToolPorts, admin: Client, id: number): Promise<void> {
  try {
    const answer = await getting(
      'unregisterBroker',
      admin.request('any', {
        request: UnregisterBrokerRequest,
        response: UnregisterBrokerResponse,
        body: { brokerId: id },
      }),
    );
    const error = toApiError(answer.errorCode, answer.errorMessage);
    if (error !== null) {
      const about = `Unregister broker request for broker ID ${id} failed: ${error.message}`;
      log(ports, 'ERROR', adminPrefix + about, adminLogger);
      throw execution(fromApiError(error));
    }
  } catch (error) {
    if (!isUnsupported(error)) throw error;
    return ports.out('The target cluster does not support the broker unregistration API.\n');
  }
  ports.out(`Broker ${id} is no longer registered.\n`);
}

async function listEndpoints(
  ports: ToolPorts,
  admin: Client,
  { controllers, includeFenced }: { readonly controllers: boolean; readonly includeFenced: boolean },
): Promise<void> {
  const { brokers } = await getting('listNodes', admin.describeCluster({ includeFenced }));
  const hostWidth = brokers.length === 0 ? 100 : Math.max(...brokers.map(({ host }) => host.length));
  const racks = brokers.flatMap(({ rack }) => (rack === null ? [] : [rack.length]));
  const rackWidth = racks.length === 0 ? 10 : Math.max(...racks);
  const row = (...[id, host, port, rack, state, type]: (string | number | null)[]) => {
    const start = `${String(id).padEnd(10)} ${String(host).padEnd(hostWidth)} ${String(port).padEnd(10)}`;
    const middle = controllers ? '' : ` ${String(state).padEnd(10)}`;
    ports.out(`${start} ${String(rack).padEnd(rackWidth)}${middle} ${String(type).padEnd(15)}\n`);
  };
  row('ID', 'HOST', 'PORT', 'RACK', 'STATE', 'ENDPOINT_TYPE');
  for (const { id, host, port, rack, fenced } of brokers) {
    row(id, host, port, rack, fenced ? 'fenced' : 'unfenced', controllers ? 'controller' : 'broker');
  }
}

function isUnsupported(error: unknown): boolean {
  return (
    error instanceof JavaError && error.inner?.className.endsWith('.UnsupportedVersionException') === true
  );
}
