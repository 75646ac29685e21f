/** IncrementalAlterConfigs, versions 0 to 1 (KIP-339), as a broker takes it. What is accepted here the controller decides. */
import {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from '../messages/44-incremental-alter-configs.ts';
import type { Input } from '../wire/main.ts';
import { alterThrough } from './configs/alterations.ts';
import type { RequestContext } from './context.ts';
import { askController } from './forwarded.ts';

export async function incrementalAlterConfigs(
  request: IncrementalAlterConfigsRequest,
  context: RequestContext,
): Promise<Input<typeof IncrementalAlterConfigsResponse>> {
  const { resources, validateOnly } = request;
  const alterations = resources.map(({ resourceType, resourceName, configs }) => ({
    resourceType,
    resourceName,
    operations: configs.map(({ name, value, configOperation }) => ({
      name,
      value,
      operation: configOperation,
    })),
  }));
  const options = { validateOnly, mayAlterLoggers: true };
  return await alterThrough(context, { alterations, resources, options }, (rest) =>
    askController(context, {
      request: IncrementalAlterConfigsRequest,
      response: IncrementalAlterConfigsResponse,
      body: { resources: [...rest], validateOnly },
    }),
  );
}
