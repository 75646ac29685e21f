export * from './hub.ts';
export { createTerminalHub, type TerminalHubOptions } from './terminal-hub.ts';
