/**
 * What a program in the box finds there, for the editor's completion: the little of Node.js that the labs' programs use,
 * typed; everything else of Node.js is there untyped rather than marked as an error.
 */
export const BOX_TYPES = `
interface Console { log(...data: unknown[]): void; error(...data: unknown[]): void; warn(...data: unknown[]): void;
  info(...data: unknown[]): void; debug(...data: unknown[]): void; table(data: unknown): void; time(label?: string): void;
  timeEnd(label?: string): void }
declare const console: Console;

interface Buffer extends Uint8Array {
  toString(encoding?: string, start?: number, end?: number): string;
  equals(other: Uint8Array): boolean;
  toJSON(): { type: 'Buffer'; data: number[] };
}
declare const Buffer: {
  from(data: string | readonly number[] | ArrayBufferLike | Uint8Array, encoding?: string): Buffer;
  alloc(size: number): Buffer;
  concat(list: readonly Uint8Array[]): Buffer;
  byteLength(text: string): number;
  isBuffer(value: unknown): value is Buffer;
};

declare namespace NodeJS {
  interface Timeout { ref(): Timeout; unref(): Timeout }
  type Signals = 'SIGINT' | 'SIGTERM' | 'SIGHUP';
}
declare const process: {
  readonly env: Record<string, string | undefined>;
  readonly argv: string[];
  readonly pid: number;
  exitCode: number | undefined;
  exit(code?: number): never;
  on(event: NodeJS.Signals | 'exit' | 'uncaughtException' | 'unhandledRejection', listener: (...data: any[]) => void): void;
  once(event: NodeJS.Signals | 'exit' | 'uncaughtException' | 'unhandledRejection', listener: (...data: any[]) => void): void;
  uptime(): number;
  memoryUsage(): { rss: number; heapUsed: number };
  hrtime: { bigint(): bigint };
  readonly stdin: any;
  readonly stdout: { write(text: string): boolean };
  readonly stderr: { write(text: string): boolean };
};
declare const performance: { now(): number };
declare function setTimeout(run: (...data: any[]) => void, ms?: number, ...data: any[]): NodeJS.Timeout;
declare function setInterval(run: (...data: any[]) => void, ms?: number, ...data: any[]): NodeJS.Timeout;
declare function setImmediate(run: (...data: any[]) => void, ...data: any[]): unknown;
declare function clearTimeout(timer: NodeJS.Timeout | undefined): void;
declare function clearInterval(timer: NodeJS.Timeout | undefined): void;
declare function queueMicrotask(run: () => void): void;
declare function structuredClone<T>(value: T): T;
declare function fetch(input: string, init?: any): Promise<any>;
interface AbortSignal { readonly aborted: boolean; addEventListener(event: 'abort', run: () => void): void }
declare const AbortSignal: { timeout(ms: number): AbortSignal; any(signals: readonly AbortSignal[]): AbortSignal };
declare class AbortController { readonly signal: AbortSignal; abort(reason?: unknown): void }
declare class TextEncoder { encode(text?: string): Uint8Array }
declare class TextDecoder { constructor(label?: string); decode(data?: Uint8Array): string }
interface ImportMeta { readonly url: string; readonly dirname: string; readonly filename: string }

declare module 'net' { export type Socket = any; export type ConnectOpts = any }
declare module 'tls' { export type ConnectionOptions = any }
declare module 'node:timers/promises' { export function setTimeout<T = void>(ms?: number, value?: T): Promise<T> }
declare module 'node:*';
declare module 'fs';
declare module 'path';
declare module 'crypto';
declare module 'events';
declare module 'readline';
declare module 'os';
declare module 'util';
`;
