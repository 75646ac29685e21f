/** `2026-11-23 – 2026-11-27`, as much of it as there is. */
export function datesOf(of: { readonly startsOn: string | null; readonly endsOn: string | null }): string {
  if (of.startsOn === null && of.endsOn === null) return '';
  if (of.startsOn === of.endsOn) return of.startsOn ?? '';
  return `${of.startsOn ?? ''} – ${of.endsOn ?? ''}`.trim();
}
