/** How long something takes at the present rate: `–` when nobody can tell. Pure. */
export function timeLeft(leftBytes: number, bytesPerSecond: number): string {
  if (leftBytes <= 0) return '0s';
  if (bytesPerSecond <= 0) return '–';
  const seconds = Math.ceil(leftBytes / bytesPerSecond);
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${seconds % 60}s`;
  return `${Math.floor(seconds / 3600)}h ${Math.floor((seconds % 3600) / 60)}m`;
}
