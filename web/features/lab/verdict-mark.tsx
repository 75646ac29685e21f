import type { VerdictKind } from '@brokerlab/server/contract';

export type Shown = VerdictKind | 'waiting';

/** Filled disc with a tick, ring, ring with a mark, diamond: told apart without colour. */
export function VerdictMark({ verdict }: { verdict: Shown }) {
  return (
    <svg
      className="verdict"
      data-verdict={verdict}
      width="18"
      height="18"
      viewBox="0 0 18 18"
      aria-hidden="true"
    >
      {verdict === 'passed' && (
        <>
          <circle cx="9" cy="9" r="9" fill="var(--ok)" />
          <path
            d="M5 9.4l2.7 2.7L13 6.5"
            fill="none"
            stroke="var(--panel)"
            strokeWidth="2"
            strokeLinecap="round"
          />
        </>
      )}
      {verdict === 'waiting' && (
        <circle
          cx="9"
          cy="9"
          r="8"
          fill="none"
          stroke="var(--line-strong)"
          strokeWidth="2"
          strokeDasharray="2.5 3"
        />
      )}
      {verdict === 'notYet' && (
        <circle cx="9" cy="9" r="8" fill="none" stroke="var(--line-strong)" strokeWidth="2" />
      )}
      {verdict === 'brokenCheck' && (
        <>
          <path d="M9 1l8 8-8 8-8-8z" fill="var(--warn-soft)" stroke="var(--warn)" strokeWidth="1.5" />
          <path d="M9 5.4v4.4M9 12.2v.2" stroke="var(--warn)" strokeWidth="1.8" strokeLinecap="round" />
        </>
      )}
    </svg>
  );
}
