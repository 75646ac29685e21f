/** A room's colour in both themes, by WCAG's contrast. Pure. */
import type { RoomLook } from '../contract/main.ts';

type Rgb = readonly [number, number, number];

const CONTRAST_MIN = 4.5;
const WHITE: Rgb = [255, 255, 255];
/** Panels of the page, as its tokens have them. */
const DARK_PANEL: Rgb = [22, 27, 36];
const SOFT_LIGHT = 0.12;
const SOFT_DARK = 0.25;

/** Null: white cannot be read on it. */
export function accentOf(set: string): RoomLook['accent'] {
  const color = parse(set);
  if (contrast(color, WHITE) < CONTRAST_MIN) return null;
  let onDark = color;
  const softDark = mix(DARK_PANEL, color, SOFT_DARK);
  // Towards white until it is read on the panel and on its own soft ground.
  for (let share = 0; share <= 1; share += 0.05) {
    onDark = mix(color, WHITE, share);
    if (Math.min(contrast(onDark, DARK_PANEL), contrast(onDark, softDark)) >= CONTRAST_MIN) break;
  }
  let onLight = color;
  const softLight = mix(WHITE, color, SOFT_LIGHT);
  for (let share = 0; share <= 1; share += 0.05) {
    onLight = mix(color, [0, 0, 0], share);
    if (contrast(onLight, softLight) >= CONTRAST_MIN) break;
  }
  return {
    set: hex(color),
    light: { text: hex(onLight), fill: hex(color), soft: hex(softLight) },
    dark: { text: hex(onDark), fill: hex(color), soft: hex(softDark) },
  };
}

export function contrastOf(one: string, other: string): number {
  return contrast(parse(one), parse(other));
}

function contrast(one: Rgb, other: Rgb): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

function luminance(color: Rgb): number {
  const [red = 0, green = 0, blue = 0] = color.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const part = (index: 0 | 1 | 2) => Math.round(from[index] + (to[index] - from[index]) * share);
  return [part(0), part(1), part(2)];
}

function parse(text: string): Rgb {
  const part = (at: number) => Number.parseInt(text.slice(at, at + 2), 16);
  return [part(1), part(3), part(5)];
}

function hex(color: Rgb): string {
  return `#${color.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
