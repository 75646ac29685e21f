/** A frame's bytes, sixteen to a line, those of the pointed field marked. */
import { useEffect, useRef } from 'react';
import { useTexts } from '../../ui/i18n.ts';
import { bytesPerPage } from './wire-view.ts';

const perLine = 16;

export function Hex(props: {
  bytes: Uint8Array;
  page: number;
  range: { readonly start: number; readonly end: number } | null;
  /** The marked bytes are brought into view. */
  follow: boolean;
  onPage: (page: number) => void;
  onByte: (byte: number | null) => void;
}) {
  const t = useTexts();
  const { bytes, page, range, follow } = props;
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (follow && range !== null) {
      place.current?.querySelector('[data-marked="true"]')?.scrollIntoView({ block: 'nearest' });
    }
  }, [follow, range]);
  const from = page * bytesPerPage;
  const to = Math.min(bytes.length, from + bytesPerPage);
  const starts = Array.from({ length: Math.ceil((to - from) / perLine) }, (_, line) => from + line * perLine);
  const isMarked = (at: number): boolean => range !== null && at >= range.start && at < range.end;
  return (
    <>
      {bytes.length > bytesPerPage && (
        <div className="hex-pages">
          <button
            type="button"
            className="wire-button"
            disabled={page === 0}
            aria-label={t('wire.previousBytes')}
            onClick={() => props.onPage(page - 1)}
          >
            ‹
          </button>
          <span>{t('wire.page', { from, to: to - 1 })}</span>
          <button
            type="button"
            className="wire-button"
            disabled={to >= bytes.length}
            aria-label={t('wire.nextBytes')}
            onClick={() => props.onPage(page + 1)}
          >
            ›
          </button>
        </div>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls; the tree beside it says the same by keyboard */}
      <div ref={place} className="hex mono" role="img" tabIndex={0} aria-label={t('wire.bytes')}>
        {starts.map((start) => (
          <div key={start} className="hex-line">
            <span className="hex-at">{start.toString(16).padStart(4, '0')}</span>
            {Array.from(bytes.subarray(start, Math.min(start + perLine, to)), (byte, index) => (
              <span
                // biome-ignore lint/suspicious/noArrayIndexKey: a byte is its place
                key={index}
                className="hex-byte"
                data-marked={isMarked(start + index)}
                onPointerEnter={() => props.onByte(start + index)}
              >
                {byte.toString(16).padStart(2, '0')}
              </span>
            ))}
            <span className="hex-text">
              {Array.from(bytes.subarray(start, Math.min(start + perLine, to)), (byte) =>
                byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·',
              ).join('')}
            </span>
          </div>
        ))}
      </div>
    </>
  );
}
