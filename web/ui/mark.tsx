import { useSession } from '../api/queries.ts';

/** The product's mark: a 3 × 3 grid with one leader per row, evenly spread. */
const leaders = new Set([0, 4, 8]);

/** The room's own, when it has one. */
export function RoomMark({ size = 20 }: { size?: number }) {
  const look = useSession()?.look;
  if (!look?.logo) return <Mark size={size} />;
  return <img src={`/api/look/logo?v=${look.logo}`} alt="" height={size} className="room-mark" />;
}

function Mark({ size = 20 }: { size?: number }) {
  const cell = 5.4;
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" style={{ flex: 'none' }}>
      {Array.from({ length: 9 }, (_, index) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: nine cells that never change
          key={index}
          x={(index % 3) * 7.3}
          y={Math.floor(index / 3) * 7.3}
          width={cell}
          height={cell}
          rx={1}
          fill={leaders.has(index) ? 'var(--accent)' : 'var(--line-strong)'}
        />
      ))}
    </svg>
  );
}
