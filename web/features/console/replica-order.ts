/** A partition's replicas, changed by hand. The first is the preferred leader. Pure. */
export function movedTo(replicas: readonly number[], from: number, to: number): readonly number[] {
  if (to < 0 || to >= replicas.length || from === to || replicas[from] === undefined) return replicas;
  const next = replicas.filter((_, index) => index !== from);
  next.splice(to, 0, replicas[from]);
  return next;
}

/** Another broker in the place of one; nothing when it holds a replica already. */
export function replaced(replicas: readonly number[], index: number, broker: number): readonly number[] {
  if (replicas.includes(broker) || replicas[index] === undefined) return replicas;
  return replicas.map((one, place) => (place === index ? broker : one));
}
