/** Which names a topic may have. The texts are Kafka's, tools print them. */
const NAME_CHARS_MAX = 249;

/** Null when the name is fine. */
export function topicNameError(name: string): string | null {
  const reason = invalidReason(name);
  return reason === null ? null : `Topic name is invalid: ${reason}`;
}

function invalidReason(name: string): string | null {
  if (name === '') return 'the empty string is not allowed';
  if (name === '.' || name === '..') return `'${name}' is not allowed`;
  if (name.length > NAME_CHARS_MAX) {
    return `the length of '${name}' is longer than the max allowed length ${NAME_CHARS_MAX}`;
  }
  if (/^[a-zA-Z0-9._-]+$/.test(name)) return null;
  return `'${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`;
}

/** A dot and an underscore become the same character in metric names: an existing topic this one would be mixed up with. */
export function collidingTopic(name: string, existing: Iterable<string>): string | null {
  if (!/[._]/.test(name)) return null;
  const unified = unify(name);
  for (const other of existing) {
    if (/[._]/.test(other) && unify(other) === unified) return other;
  }
  return null;
}

function unify(name: string): string {
  return name.replaceAll('.', '_');
}
