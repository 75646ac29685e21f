/** The few icons there are: 16 × 16, one stroke, the text's colour. */
const paths = {
  plus: 'M8 3v10M3 8h10',
  close: 'M4 4l8 8M12 4l-8 8',
  split: 'M2.5 3h11v10h-11zM8 3v10',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 0 0 0-9zM10.4 10.4L14 14',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  file: 'M4 2h5l3 3v9H4zM9 2v3h3',
  folder: 'M2 4h4l1.5 2H14v7H2z',
  newFolder: 'M2 4h4l1.5 2H14v7H2zM8 7.5v4M6 9.5h4',
  chevronRight: 'M6 4l4 4l-4 4',
  chevronDown: 'M4 6l4 4l4-4',
  chevronUp: 'M4 10l4-4l4 4',
  refresh: 'M13 8a5 5 0 1 1-1.5-3.6M13 2.5v2.6h-2.6',
  sun: 'M8 5a3 3 0 1 0 0 6a3 3 0 0 0 0-6zM8 1.2v1.6M8 13.2v1.6M1.2 8h1.6M13.2 8h1.6M3.2 3.2l1.1 1.1M11.7 11.7l1.1 1.1M12.8 3.2l-1.1 1.1M4.3 11.7l-1.1 1.1',
  moon: 'M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z',
  device: 'M2 3h12v8H2zM5.5 14h5',
  lock: 'M4 7.5h8V13H4zM5.7 7.5V5.3a2.3 2.3 0 0 1 4.6 0v2.2',
  hand: 'M5 8V3.6a1 1 0 0 1 2 0V7M7 6.8V2.4a1 1 0 0 1 2 0V7M9 6.8V3.2a1 1 0 0 1 2 0V9M5 8.2L3.9 7a1 1 0 0 0-1.5 1.3l2.5 3.9c.7 1.1 1.6 1.8 3.1 1.8h.6c1.7 0 2.9-1.3 2.9-3V6a1 1 0 0 1 1.9 0',
  play: 'M5 3.5l7 4.5l-7 4.5z',
  copy: 'M5.5 5.5h8v8h-8zM3 10.5H2.5v-8h8V3',
  check: 'M3.5 8.5l3 3l6-7',
  keyboard: 'M1.5 4h13v8h-13zM4 6.5h.01M6.7 6.5h.01M9.3 6.5h.01M12 6.5h.01M5 9.5h6',
  user: 'M8 2.5a2.6 2.6 0 1 0 0 5.2a2.6 2.6 0 0 0 0-5.2zM2.8 13.8c.6-2.6 2.6-4 5.2-4s4.6 1.4 5.2 4',
};
export type IconName = keyof typeof paths;

export function Icon({ name, size = 14 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'more' ? 2 : 1.4}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      style={{ flex: 'none' }}
    >
      <path d={paths[name]} />
    </svg>
  );
}
