/** Reads effective configuration with its types: numbers, booleans, lists. */
import { type BrokerConfigLayers, resolveTopicConfig } from '../../controller/effective-config.ts';
import { configsOf, type MetadataImage, ResourceType } from '../../controller/image.ts';
import { parseList, topicConfigs } from '../../messages/configs/config-table.ts';
import type { ConfigReader } from '../services.ts';

/** Reads effective values with their types; the definitions guarantee that they parse. */
export function readerOf(resolve: (name: string) => string | null): ConfigReader {
  const string = (name: string) => resolve(name) ?? '';
  return {
    string,
    number: (name) => Number(string(name)),
    boolean: (name) => string(name).trim().toLowerCase() === 'true',
    list: (name) => parseList(string(name)),
  };
}

export function topicConfigReader(
  image: MetadataImage,
  topic: string,
  layers: BrokerConfigLayers,
): ConfigReader {
  const own = configsOf(image, ResourceType.TOPIC, topic);
  return readerOf((name) => {
    const definition = topicConfigs.get(name);
    return definition === undefined ? null : resolveTopicConfig(definition, own, layers).value;
  });
}
