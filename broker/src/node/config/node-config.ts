/** A node's effective configuration: what its file (or options) says, overlaid by what the cluster changed at run time. */

import {
  type BrokerConfigLayers,
  brokerLayers,
  resolveBrokerConfig,
} from '../../controller/effective-config.ts';
import { emptyImage, type MetadataImage } from '../../controller/image.ts';
import { readerOf } from '../../handlers/configs/config-readers.ts';
import type { ConfigReader } from '../../handlers/services.ts';
import { brokerConfigs, configError, throttleConfigs } from '../../messages/configs/config-table.ts';

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export class NodeConfig implements ConfigReader {
  readonly #nodeId: number;
  readonly #fixed: ReadonlyMap<string, string>;
  readonly #reader: ConfigReader;
  #layers: BrokerConfigLayers;
  #image: MetadataImage = emptyImage;
  readonly #values = new Map<string, string | null>();

  /** Throws ConfigError for a value that cannot be. Names that nobody knows are kept, as Kafka does. */
  constructor(nodeId: number, fixed: Readonly<Record<string, string>>) {
    this.#nodeId = nodeId;
    this.#fixed = new Map(Object.entries(fixed));
    for (const [name, value] of this.#fixed) {
      const definition = brokerConfigs.get(name);
      const wrong = definition === undefined ? null : configError(definition, value);
      if (wrong !== null) throw new ConfigError(wrong);
    }
    this.#layers = brokerLayers(emptyImage, nodeId, this.#fixed);
    this.#reader = readerOf((name) => this.#value(name));
  }

  get layers(): BrokerConfigLayers {
    return this.#layers;
  }

  string(name: string): string {
    return this.#reader.string(name);
  }

  number(name: string): number {
    return this.#reader.number(name);
  }

  boolean(name: string): boolean {
    return this.#reader.boolean(name);
  }

  list(name: string): readonly string[] {
    return this.#reader.list(name);
  }

  /** True when a broker configuration changed with this image. */
  follow(image: MetadataImage): boolean {
    const same = image.configs === this.#image.configs;
    this.#image = image;
    if (same) return false;
    this.#layers = brokerLayers(image, this.#nodeId, this.#fixed);
    this.#values.clear();
    return true;
  }

  #value(name: string): string | null {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const definition = brokerConfigs.get(name) ?? throttleConfigs.get(name);
    const value =
      definition === undefined
        ? (this.#fixed.get(name) ?? null)
        : resolveBrokerConfig(definition, this.#layers).value;
    this.#values.set(name, value);
    return value;
  }
}
