/** Which topics, groups and topic configs a flow carries: lists of names and regular expressions, excludes first. */
import type { ReplicationPolicy } from './replication-policy.ts';

export interface NameLists {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

export type NameFilter = (name: string) => boolean;

/** An empty list matches nothing, so that a blank setting includes or excludes none. */
export function nameFilter({ include, exclude }: NameLists): NameFilter {
  const wanted = anyOf(include);
  const unwanted = anyOf(exclude);
  return (name) => wanted(name) && !unwanted(name);
}

export interface TopicRules {
  readonly policy: ReplicationPolicy;
  readonly targetAlias: string;
  readonly topics: NameFilter;
  readonly heartbeatsReplicated: boolean;
}

/** What the source flow carries: the filter's topics and heartbeats, never internal topics nor what came from the target. */
export function replicatedTopics(rules: TopicRules): NameFilter {
  const { policy, topics, targetAlias } = rules;
  return (topic) =>
    (topics(topic) || (rules.heartbeatsReplicated && policy.isHeartbeats(topic))) &&
    !policy.isInternal(topic) &&
    !policy.isCycle(topic, targetAlias);
}

/** Why a name or expression cannot be one; `null`: it can. */
export function patternProblem(text: string): string | null {
  try {
    compile([text]);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function anyOf(patterns: readonly string[]): NameFilter {
  if (patterns.length === 0) return () => false;
  const expression = compile(patterns);
  return (name) => expression.test(name);
}

/** Java's flags in front and possessive quantifiers are the parts of its expressions that JavaScript lacks. */
function compile(patterns: readonly string[]): RegExp {
  const body = patterns.map((pattern) => pattern.trim()).join('|');
  const flags = /^\(\?([is]+)\)/.exec(body);
  const plain = flags === null ? body : body.slice(flags[0].length);
  const greedy = plain.replace(/([*+?}])\+/g, '$1').replace(/\(\?>/g, '(?:');
  return new RegExp(`^(?:${greedy})$`, flags?.[1] ?? '');
}
