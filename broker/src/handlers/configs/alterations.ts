/**
 * A change of configuration on its way through a broker: what it can refuse or do by itself is answered here, the rest goes
 * on to the controller, and the answers come back in the order in which they were asked for.
 */
import { ResourceType } from '../../controller/image.ts';
import { ErrorCode } from '../../messages/errors.ts';
import type { RequestContext } from '../context.ts';
import { brokerChangeRefusal, type ConfigOperation, type Refusal } from './broker-changes.ts';

export interface Alteration {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly operations: readonly ConfigOperation[];
}

export interface Outcome {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly resourceType: number;
  readonly resourceName: string;
}

const done = { errorCode: ErrorCode.NONE, errorMessage: null };

type Answer = Omit<Outcome, 'resourceType' | 'resourceName'>;

interface AnswerOptions {
  readonly validateOnly: boolean;
  readonly mayAlterLoggers: boolean;
}

/** What this broker answers by itself, in order; null: the controller has to be asked. */
function answersHere(
  alterations: readonly Alteration[],
  context: Pick<RequestContext, 'node'>,
  options: AnswerOptions,
): (Answer | null)[] {
  const keys = alterations.map(({ resourceType, resourceName }) => `${resourceType}:${resourceName}`);
  return alterations.map((alteration, index) => {
    const isRepeated = keys.filter((key) => key === keys[index]).length > 1;
    return isRepeated
      ? invalid('Each resource must appear at most once.')
      : answerHere(alteration, context, options);
  });
}

function answerHere(
  alteration: Alteration,
  { node }: Pick<RequestContext, 'node'>,
  { validateOnly, mayAlterLoggers }: AnswerOptions,
): Answer | null {
  const { resourceType, resourceName, operations } = alteration;
  const malformed = malformedRefusal(operations);
  if (malformed !== null) return malformed;
  if (resourceType === ResourceType.BROKER) {
    const stranger = resourceName === '' ? null : strangerRefusal(resourceName, node.id);
    const scope = resourceName === '' ? 'default' : 'broker';
    return stranger ?? brokerChangeRefusal(node.configLayers, operations, scope);
  }
  if (resourceType !== ResourceType.BROKER_LOGGER || !mayAlterLoggers) return null;
  const refusal = loggerNodeRefusal(resourceName, node.id) ?? node.loggers.refusal(operations);
  if (refusal !== null) return refusal;
  if (!validateOnly) node.loggers.apply(operations);
  return done;
}

function malformedRefusal(operations: readonly ConfigOperation[]): Refusal | null {
  const empty = operations.filter(({ value, operation }) => operation !== 1 && value === null);
  if (empty.length > 0) {
    return invalid(`Null value not supported for : ${empty.map(({ name }) => name).join(', ')}`);
  }
  const names = operations.map(({ name }) => name);
  return new Set(names).size < names.length ? invalid('Error due to duplicate config keys') : null;
}

function strangerRefusal(name: string, nodeId: number): Refusal | null {
  if (!/^[+-]?\d{1,10}$/.test(name)) return invalid(`Node id must be an integer, but it is: ${name}`);
  return Number(name) === nodeId
    ? null
    : invalid(`Unexpected broker id, expected ${nodeId}, but received ${name}`);
}

function loggerNodeRefusal(name: string, nodeId: number): Refusal | null {
  if (!/^[+-]?\d{1,10}$/.test(name)) return invalid(`Node id must be an integer, but it is: ${name}`);
  return Number(name) === nodeId
    ? null
    : invalid(`Unexpected node id. Expected ${nodeId}, but received ${name}`);
}

function invalid(errorMessage: string): Refusal {
  return { errorCode: ErrorCode.INVALID_REQUEST, errorMessage };
}

/** The answers to all, in order: those given here, and one by one those that came from the controller. */
function inOrder(
  alterations: readonly Alteration[],
  here: readonly (Answer | null)[],
  fromController: readonly Outcome[],
): Outcome[] {
  const rest = [...fromController];
  return alterations.map(({ resourceType, resourceName }, index) => {
    const answer = here[index] ?? rest.shift() ?? { ...done, errorCode: ErrorCode.UNKNOWN_SERVER_ERROR };
    const { errorCode, errorMessage } = answer;
    return { errorCode, errorMessage, resourceType, resourceName };
  });
}

/** Answers what can be answered here, has `ask` ask the controller about the rest, and puts the answers in order. */
export async function alterThrough<R>(
  context: RequestContext,
  change: {
    /** One for each of `resources`. */
    readonly alterations: readonly Alteration[];
    readonly resources: readonly R[];
    readonly options: AnswerOptions;
  },
  ask: (rest: readonly R[]) => Promise<{ readonly responses: readonly Outcome[] }>,
): Promise<{ responses: Outcome[] }> {
  const { alterations, resources, options } = change;
  const here = answersHere(alterations, context, options);
  const rest = resources.filter((_, index) => here[index] === null);
  const { responses } = rest.length === 0 ? { responses: [] } : await ask(rest);
  return { responses: inOrder(alterations, here, responses) };
}
