/** Colours and font of terminals: dark in both themes, as in the look. */
import type { ITheme } from '@xterm/xterm';

export const terminalFont = { family: 'D2Coding, ui-monospace, monospace', sizePx: 13, lineHeight: 1.25 };

/** Before the first measure: xterm takes its cell size from the font that is there then. */
export const terminalFontLoaded: Promise<unknown> = Promise.all([
  document.fonts.load(`${terminalFont.sizePx}px D2Coding`, '가A'),
  document.fonts.load(`700 ${terminalFont.sizePx}px D2Coding`, '가A'),
]).catch(() => undefined);

const shared: ITheme = {
  foreground: '#d7dce6',
  cursor: '#d7dce6',
  selectionBackground: '#3a5a9c99',
  black: '#3b4252',
  red: '#ff8a80',
  green: '#7fd6a4',
  yellow: '#f0c674',
  blue: '#8fb0ff',
  magenta: '#d3a4f2',
  cyan: '#7ad1db',
  white: '#d7dce6',
  brightBlack: '#8591a8',
  brightRed: '#ffaaa3',
  brightGreen: '#a3e6c0',
  brightYellow: '#f7dba0',
  brightBlue: '#b3caff',
  brightMagenta: '#e4c5f9',
  brightCyan: '#a5e3ea',
  brightWhite: '#ffffff',
};

export const terminalThemes: Record<'light' | 'dark', ITheme> = {
  light: { ...shared, background: '#12161f', cursorAccent: '#12161f' },
  dark: { ...shared, background: '#0b0e14', cursorAccent: '#0b0e14' },
};
