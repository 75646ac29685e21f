/**
 * How topics are named on a target (KIP-382, KIP-690): DefaultReplicationPolicy puts the source's alias in front,
 * IdentityReplicationPolicy keeps names, heartbeats excepted. Policies of one's own (Java classes) cannot be had here.
 */

export type PolicyKind = 'default' | 'identity';

export interface PolicySettings {
  readonly kind: PolicyKind;
  readonly separator: string;
  /** Whether internal topics are named with the separator too; else with a dot. */
  readonly separatesInternal: boolean;
}

export const HEARTBEATS = 'heartbeats';

export class ReplicationPolicy {
  readonly #settings: PolicySettings;
  /** Where topics that keep their names are said to come from. */
  readonly #sourceAlias: string;
  readonly #internalSeparator: string;

  constructor(settings: PolicySettings, sourceAlias: string) {
    this.#settings = settings;
    this.#sourceAlias = sourceAlias;
    this.#internalSeparator = settings.separatesInternal ? settings.separator : '.';
  }

  remoteTopic(sourceAlias: string, topic: string): string {
    if (this.#keepsName(topic)) return topic;
    return `${sourceAlias}${this.#settings.separator}${topic}`;
  }

  /** Alias of the cluster a topic was mirrored from; `null`: not mirrored. */
  sourceOf(topic: string): string | null {
    if (this.#keepsName(topic)) return this.#sourceAlias;
    const { separator } = this.#settings;
    const parts = javaSplit(topic, separator);
    return parts.length < 2 ? null : parts[0]!;
  }

  /** The topic's name one hop upstream. */
  upstreamOf(topic: string): string | null {
    if (this.#keepsName(topic)) return topic;
    const source = this.sourceOf(topic);
    return source === null ? null : topic.slice(source.length + this.#settings.separator.length);
  }

  originalOf(topic: string): string {
    const upstream = this.upstreamOf(topic);
    return upstream === null || upstream === topic ? topic : this.originalOf(upstream);
  }

  offsetSyncsTopic(otherAlias: string): string {
    const separator = this.#internalSeparator;
    return `mm2-offset-syncs${separator}${otherAlias}${separator}internal`;
  }

  checkpointsTopic(sourceAlias: string): string {
    return `${sourceAlias}${this.#checkpointsSuffix()}`;
  }

  isHeartbeats(topic: string): boolean {
    return this.originalOf(topic) === HEARTBEATS;
  }

  isInternal(topic: string): boolean {
    const ofMirrorMaker = topic.startsWith('mm2') && topic.endsWith(`${this.#internalSeparator}internal`);
    const ofKafka = topic.startsWith('__') || topic.startsWith('.');
    return ofMirrorMaker || ofKafka || topic.endsWith(this.#checkpointsSuffix());
  }

  /** Whether the topic has been on the target before, any number of hops ago. */
  isCycle(topic: string, targetAlias: string): boolean {
    const source = this.sourceOf(topic);
    if (source === null) return false;
    if (source === targetAlias) return true;
    const upstream = this.upstreamOf(topic);
    if (upstream === null || upstream === topic) return false;
    return this.isCycle(upstream, targetAlias);
  }

  #keepsName(topic: string): boolean {
    return this.#settings.kind === 'identity' && !topic.endsWith(HEARTBEATS);
  }

  #checkpointsSuffix(): string {
    return `${this.#internalSeparator}checkpoints${this.#internalSeparator}internal`;
  }
}

/** As `String.split` in Java: empty parts at the end do not count. */
function javaSplit(text: string, separator: string): string[] {
  if (separator === '') return [...text];
  const parts = text.split(separator);
  while (parts.length > 0 && parts.at(-1) === '') parts.pop();
  return parts;
}
