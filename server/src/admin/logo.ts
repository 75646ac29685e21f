/**
 * What may be a logo: a small PNG, or an SVG of shapes, colours and text. Not mended but refused: what only draws needs no mending.
 * It is shown as an image, where nothing in it runs, and served with headers under which nothing in it would. Pure.
 */
import { LOGO_BYTES_MAX } from '../contract/main.ts';

export type LogoType = 'image/svg+xml' | 'image/png';

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const PIXELS_MAX = 1024;
const DRAWS = new Set(
  (
    'svg g defs title desc path rect circle ellipse line polyline polygon text tspan ' +
    'linearGradient radialGradient stop clipPath mask symbol use'
  ).split(' '),
);

/** Undefined: it may not. */
export function logoTypeOf(bytes: Buffer): LogoType | undefined {
  if (bytes.length > LOGO_BYTES_MAX) return undefined;
  if (bytes.subarray(0, PNG.length).equals(PNG)) return isSmall(bytes) ? 'image/png' : undefined;
  return drawsOnly(bytes) ? 'image/svg+xml' : undefined;
}

function isSmall(bytes: Buffer): boolean {
  if (bytes.length < 33 || bytes.toString('latin1', 12, 16) !== 'IHDR') return false;
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  return width > 0 && height > 0 && width <= PIXELS_MAX && height <= PIXELS_MAX;
}

function drawsOnly(bytes: Buffer): boolean {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return false;
  }
  const plain = text.replace(/^\s*<\?xml[^<>?]*\?>/, '').replace(/<!--[\s\S]*?-->/g, '');
  // No doctype, entities, CDATA, further instructions or unfinished comments.
  if (/<[!?]/.test(plain) || !/^\s*<svg[\s>]/.test(plain) || !/<\/svg>\s*$|\/>\s*$/.test(plain)) return false;
  const tags = plain.match(/<[^>]*>?/g) ?? [];
  return tags.every(isDrawing);
}

function isDrawing(tag: string): boolean {
  const match = /^<\/?([A-Za-z]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*\/?>$/.exec(tag);
  if (!match || !DRAWS.has(match[1] ?? '')) return false;
  const attributes = match[2] ?? '';
  for (const [, name = '', double, single] of attributes.matchAll(
    /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g,
  )) {
    const value = double ?? single ?? '';
    if (/^on/i.test(name)) return false;
    if (/(?:^|:)href$/i.test(name) && !/^#[\w.-]+$/.test(value)) return false;
    // Character references and escapes hide what they stand for; a reference leads within the drawing.
    if (/[&\\]/.test(value) || /@import|javascript:|data:/i.test(value)) return false;
    if (/url\(/i.test(value.replace(/url\(#[\w.-]+\)/g, ''))) return false;
  }
  return true;
}
