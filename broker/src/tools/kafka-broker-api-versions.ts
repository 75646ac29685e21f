/** kafka-broker-api-versions.sh: what each broker speaks. Follows org.apache.kafka.tools.BrokerApiVersionsCommand. */
import { type BrokerInfo, type Client, ClientError } from '../client/main.ts';
import { ApiVersionsRequest, ApiVersionsResponse } from '../messages/18-api-versions.ts';
import { clientApis } from './broker-api-versions/apis.ts';
import { configException, failureOf } from './framework/admin.ts';
import { connectionOptions } from './framework/common-options.ts';
import { readConnected } from './framework/connected.ts';
import { finish } from './framework/finish.ts';
import type { ToolPorts } from './framework/ports.ts';
import { warn } from './framework/producer-configs.ts';
import { kafkaRelease } from './framework/version.ts';
import { JavaError } from './java/java-error.ts';

type ApiKeys = ApiVersionsResponse['apiKeys'];

export async function run(ports: ToolPorts): Promise<number> {
  return finish(ports, () => execute(ports));
}

async function execute(ports: ToolPorts): Promise<void> {
  const { set, properties } = readConnected(ports, connectionOptions, {
    about: {
      en: 'Shows which requests each broker understands, in which versions.',
      ko: '브로커마다 어떤 요청을 어떤 버전으로 알아듣는지 보여 줍니다.',
    },
    required: ['bootstrap-server'],
  });
  const bootstrap = set.value('bootstrap-server')!;
  await using client = await connect(ports, bootstrap, properties);
  try {
    await client.network.metadata([]);
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    const nodes = bootstrap
      .split(',')
      .map((server, index) => `${server} (id: ${-1 - index} rack: null isFenced: false)`);
    throw new JavaError(
      'java.lang.RuntimeException',
      `Request METADATA failed on brokers [${nodes.join(', ')}]`,
    );
  }
  for (const broker of client.network.brokers.values()) ports.out(await describe(client, broker));
}

async function connect(
  ports: ToolPorts,
  bootstrap: string,
  properties: ReadonlyMap<string, string>,
): Promise<Client> {
  try {
    return await ports.connect({
      bootstrap,
      clientId: properties.get('client.id') ?? 'admin-1',
      requestTimeoutMs: Number(properties.get('request.timeout.ms') ?? 5_000),
      onWarning: (warning) => warn(ports, '[LegacyAdminClient clientId=admin-1] ', warning),
    });
  } catch (error) {
    throw configException(error);
  }
}

async function describe(client: Client, { id, host, port, rack }: BrokerInfo): Promise<string> {
  const node = `${host}:${port} (id: ${id} rack: ${rack} isFenced: false)`;
  try {
    const answer = await client.network.send(id, {
      request: ApiVersionsRequest,
      response: ApiVersionsResponse,
      body: { clientSoftwareName: 'brokerlab', clientSoftwareVersion: kafkaRelease },
    });
    return `${node} -> (\n${lines(answer.apiKeys).join(',\n')}\n)\n`;
  } catch (error) {
    return `${node} -> ERROR: ${failureOf(error, 'apiVersions').line}\n`;
  }
}

function lines(keys: ApiKeys): string[] {
  const byKey = new Map(keys.map((entry) => [entry.apiKey, entry]));
  const known = clientApis.map(([key, name, least, most]) => {
    const entry = byKey.get(key);
    byKey.delete(key);
    const title = `${name}(${key})`;
    if (entry === undefined) return { key, text: `${title}: UNSUPPORTED` };
    return { key, text: `${title}: ${range(entry)}${usable(entry, least, most)}` };
  });
  const others = [...byKey.values()].map((entry) => ({
    key: entry.apiKey,
    text: `UNKNOWN(${entry.apiKey}): ${range(entry)}`,
  }));
  return [...known, ...others].sort((a, b) => a.key - b.key).map(({ text }) => `\t${text}`);
}

function range({ minVersion, maxVersion }: ApiKeys[number]): string {
  return minVersion === maxVersion ? `${minVersion}` : `${minVersion} to ${maxVersion}`;
}

function usable({ minVersion, maxVersion }: ApiKeys[number], least: number, most: number): string {
  const newest = Math.min(most, maxVersion);
  if (newest >= Math.max(least, minVersion)) return ` [usable: ${newest}]`;
  return maxVersion < least ? ' [unusable: node too old]' : ' [unusable: node too new]';
}
