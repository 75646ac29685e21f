/** Which partition of an internal topic keeps a group or a transactional id. */

/** Java's String.hashCode. */
export function javaHashCode(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) hash = (Math.imul(31, hash) + text.charCodeAt(index)) | 0;
  return hash;
}

/** As Kafka's Utils.abs: the smallest integer counts as 0. */
export function coordinatorPartition(id: string, partitionCount: number): number {
  const hash = javaHashCode(id);
  return (hash === -2_147_483_648 ? 0 : Math.abs(hash)) % partitionCount;
}
