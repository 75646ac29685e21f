/** What xterm learns beyond its core. */
import { ClipboardAddon, type IClipboardProvider } from '@xterm/addon-clipboard';
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { WebglAddon } from '@xterm/addon-webgl';
import type { Terminal } from '@xterm/xterm';
import { copyText } from '../../ui/clipboard.ts';

/** A program in the box may put something on the clipboard (OSC 52), never read what is there. */
const writeOnlyClipboard: IClipboardProvider = {
  readText: () => '',
  writeText: async (_selection, text) => {
    await copyText(text);
  },
};

export function loadTextAddons(xterm: Terminal): void {
  xterm.loadAddon(new UnicodeGraphemesAddon());
  xterm.loadAddon(new ClipboardAddon(undefined, writeOnlyClipboard));
  xterm.loadAddon(new WebLinksAddon((_event, address) => open(address, '_blank', 'noopener,noreferrer')));
}

/** WebGL where a graphics card does it; where it would be imitated in software, drawing by DOM is faster. */
export function loadRenderer(xterm: Terminal): void {
  if (!hasFastWebgl()) return;
  try {
    const webgl = new WebglAddon();
    webgl.onContextLoss(() => webgl.dispose());
    xterm.loadAddon(webgl);
  } catch {
    // Refused after all: xterm goes on drawing by DOM.
  }
}

const softwareRenderer = /swiftshader|llvmpipe|softpipe|software|basic render/i;
let fastWebgl: boolean | null = null;

function hasFastWebgl(): boolean {
  fastWebgl ??= probeWebgl();
  return fastWebgl;
}

function probeWebgl(): boolean {
  const context = document
    .createElement('canvas')
    .getContext('webgl2', { failIfMajorPerformanceCaveat: true });
  if (!context) return false;
  const info = context.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(context.getParameter(info?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER));
  context.getExtension('WEBGL_lose_context')?.loseContext();
  return !softwareRenderer.test(renderer);
}
