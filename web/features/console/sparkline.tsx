/** A short history as a line; its numbers stand beside it, so it is hidden from screen readers. */
import type { Sample } from './samples.ts';

const WIDTH = 72;
const HEIGHT = 16;

export function Sparkline({ samples }: { samples: readonly Sample[] }) {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || first === last) return <svg width={WIDTH} height={HEIGHT} aria-hidden="true" />;
  const most = Math.max(1, ...samples.map(({ value }) => value));
  const points = samples.map(({ at, value }) => {
    const x = ((at - first.at) / (last.at - first.at)) * (WIDTH - 2) + 1;
    const y = HEIGHT - 1 - (value / most) * (HEIGHT - 2);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return (
    <svg className="console-spark" width={WIDTH} height={HEIGHT} aria-hidden="true">
      <polyline points={points.join(' ')} fill="none" stroke="currentColor" strokeWidth="1.4" />
    </svg>
  );
}
