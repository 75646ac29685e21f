/** Listeners as Apache Kafka's properties write them: `NAME://host:port,…` and which of them are whose. */
import { hostname } from 'node:os';
import { illegalArgument, JavaError } from '../../tools/java/java-error.ts';
import type { ListenerOptions } from '../node-options.ts';

export type Properties = ReadonlyMap<string, string>;

export interface ServerListeners {
  readonly all: readonly ListenerOptions[];
  readonly interBroker: string;
  /** First of controller.listener.names. */
  readonly controller: string;
}

interface Endpoint {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

const defaultProtocols = 'SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT';

export function readListeners(
  properties: Properties,
  roles: { readonly isBroker: boolean; readonly isController: boolean },
): ServerListeners {
  const controllerNames = listOf(properties, 'controller.listener.names');
  const protocols = protocolsOf(properties, controllerNames);
  const fallback = roles.isBroker ? 'PLAINTEXT://:9092' : '';
  const listeners = parse(properties.get('listeners') ?? fallback, 'listeners', protocols);
  const given = properties.get('advertised.listeners');
  const advertised = given === undefined ? listeners : parse(given, 'advertised.listeners', protocols);
  checkRoles({ listeners, advertised, controllerNames, ...roles, isGiven: given !== undefined });
  const interBroker = interBrokerListener(properties);
  const ofBrokers = advertised.filter(({ name }) => !controllerNames.includes(name));
  if (roles.isBroker && !ofBrokers.some(({ name }) => name === interBroker)) {
    throw requirement(
      `inter.broker.listener.name must be a listener name defined in advertised.listeners. The valid options based on currently configured listeners are ${ofBrokers.map(({ name }) => name).join(',')}`,
    );
  }
  for (const { name } of listeners) refuseSecurity(name, protocols.get(name)!);
  const all = listeners.map((listener): ListenerOptions => {
    const shown = advertised.find(({ name }) => name === listener.name) ?? listener;
    const kind = controllerNames.includes(listener.name) ? 'controller' : 'broker';
    return {
      ...listener,
      host: listener.host === '0.0.0.0' ? '' : listener.host,
      kind,
      advertisedHost: shown.host === '' ? hostname() : shown.host,
      advertisedPort: shown.port,
    };
  });
  return { all, interBroker, controller: controllerNames[0] ?? 'CONTROLLER' };
}

function checkRoles(options: {
  readonly listeners: readonly Endpoint[];
  readonly advertised: readonly Endpoint[];
  readonly controllerNames: readonly string[];
  readonly isBroker: boolean;
  readonly isController: boolean;
  readonly isGiven: boolean;
}): void {
  const { listeners, advertised, controllerNames, isBroker, isController } = options;
  const has = (list: readonly Endpoint[], name: string) => list.some((listener) => listener.name === name);
  if (isController && !controllerNames.every((name) => has(listeners, name))) {
    throw requirement(
      "controller.listener.names must only contain values appearing in the 'listeners' configuration when running the KRaft controller role",
    );
  }
  if (!isController && controllerNames.some((name) => has(listeners, name))) {
    throw requirement(
      "controller.listener.names must not contain a value appearing in the 'listeners' configuration when running KRaft with just the broker role",
    );
  }
  if (!isBroker) {
    for (const [key, list] of [
      ['listeners', listeners],
      ['advertised.listeners', advertised],
    ] as const) {
      if (list.some(({ name }) => !controllerNames.includes(name))) {
        throw requirement(
          `The ${key} config must only contain KRaft controller listeners from controller.listener.names when process.roles=controller`,
        );
      }
    }
  }
  const unrouted = options.isGiven && advertised.some(({ host }) => host === '0.0.0.0');
  if (unrouted) {
    throw requirement(
      'advertised.listeners cannot use the nonroutable meta-address 0.0.0.0. Use a routable IP address.',
    );
  }
}

function parse(text: string, key: string, protocols: ReadonlyMap<string, string>): Endpoint[] {
  const items = splitList(text);
  const fail = (why: string) =>
    illegalArgument(`Error creating broker listeners from '[${items.join(', ')}]': ${why}`);
  const endpoints = items.map((item) => {
    const match = /^(.*):\/\/\[?([0-9a-zA-Z\-%._:]*)\]?:(-?[0-9]+)$/.exec(item);
    if (match === null) throw fail(`Unable to parse ${item} to a broker endpoint`);
    const [, name = '', host = '', port = ''] = match;
    return { name: name.toUpperCase(), host, port: Number(port) };
  });
  const unmapped = endpoints.find(({ name }) => !protocols.has(name));
  if (unmapped !== undefined) {
    throw fail(`No security protocol defined for listener ${unmapped.name}`);
  }
  if (new Set(endpoints.map(({ name }) => name)).size < endpoints.length) {
    throw illegalArgument(`Each listener must have a different name, listeners: ${text}`);
  }
  const ports = endpoints.map(({ host, port }) => `${host}:${port}`).filter((one) => !one.endsWith(':0'));
  if (key === 'listeners' && new Set(ports).size < ports.length) {
    throw illegalArgument(`Each listener must have a different port, listeners: ${text}`);
  }
  return endpoints;
}

function protocolsOf(properties: Properties, controllerNames: readonly string[]): Map<string, string> {
  const given = properties.get('listener.security.protocol.map');
  const protocols = new Map(
    splitList(given ?? defaultProtocols).map((pair) => {
      const [name = '', protocol = ''] = pair.split(':').map((part) => part.trim().toUpperCase());
      return [name, protocol] as const;
    }),
  );
  // Without a map of their own, controllers' listeners speak PLAINTEXT.
  if (given === undefined) {
    for (const name of controllerNames) if (!protocols.has(name)) protocols.set(name, 'PLAINTEXT');
  }
  return protocols;
}

function interBrokerListener(properties: Properties): string {
  const name = properties.get('inter.broker.listener.name');
  return (name ?? properties.get('security.inter.broker.protocol') ?? 'PLAINTEXT').toUpperCase();
}

function refuseSecurity(name: string, protocol: string): void {
  if (protocol === 'PLAINTEXT') return;
  throw new JavaError(
    'org.apache.kafka.common.config.ConfigException',
    `Invalid value ${protocol} for the security protocol of listener ${name}: this server speaks PLAINTEXT only`,
  );
}

export function listOf(properties: Properties, key: string): string[] {
  return splitList(properties.get(key) ?? '');
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** What Scala's `require` throws. */
export function requirement(text: string): JavaError {
  return illegalArgument(`requirement failed: ${text}`);
}
