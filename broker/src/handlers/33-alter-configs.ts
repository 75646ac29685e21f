/** AlterConfigs, versions 0 to 2, as a broker takes it: the old form, in which what is not named is deleted. */
import { configsOf } from '../controller/image.ts';
import { AlterConfigsRequest, AlterConfigsResponse } from '../messages/33-alter-configs.ts';
import type { Input } from '../wire/main.ts';
import { alterThrough } from './configs/alterations.ts';
import type { RequestContext } from './context.ts';
import { askController } from './forwarded.ts';

export async function alterConfigs(
  request: AlterConfigsRequest,
  context: RequestContext,
): Promise<Input<typeof AlterConfigsResponse>> {
  const { resources, validateOnly } = request;
  const { image } = context.node.metadata;
  const alterations = resources.map(({ resourceType, resourceName, configs }) => {
    const named = new Set(configs.map(({ name }) => name));
    const gone = [...configsOf(image, resourceType, resourceName).keys()].filter((name) => !named.has(name));
    return {
      resourceType,
      resourceName,
      operations: [
        ...configs.map(({ name, value }) => ({ name, value, operation: 0 })),
        ...gone.map((name) => ({ name, value: null, operation: 1 })),
      ],
    };
  });
  const options = { validateOnly, mayAlterLoggers: false };
  return await alterThrough(context, { alterations, resources, options }, (rest) =>
    askController(context, {
      request: AlterConfigsRequest,
      response: AlterConfigsResponse,
      body: { resources: [...rest], validateOnly },
    }),
  );
}
