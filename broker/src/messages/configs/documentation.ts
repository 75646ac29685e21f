/** What each configuration does, in a sentence or two. */
export function documentationOf(name: string): string {
  return name;
}
