/** Calls the server's routes as the contract declares them. Everything that is not a success becomes a `CallError`. */
import {
  type ApiError,
  type ErrorCode,
  type Localized,
  type RouteName,
  routes,
} from '@brokerlab/server/contract';
import type { z } from 'zod';

type Routes = typeof routes;
type Answer<Name extends RouteName> = Routes[Name]['answer'] extends z.ZodType
  ? z.output<Routes[Name]['answer']>
  : null;
type Body<Name extends RouteName> = Routes[Name]['body'] extends z.ZodType
  ? z.input<Routes[Name]['body']>
  : undefined;

export interface CallOptions<Name extends RouteName> {
  /** Values of the path's `:names`. */
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Body<Name>;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** Lets the request outlive the page (last save when the tab closes). */
  readonly keepalive?: boolean;
}

export type CallErrorCode = ErrorCode | 'unreachable';

export class CallError extends Error {
  readonly code: CallErrorCode;
  readonly text: Localized;
  readonly detail: ApiError | null;

  constructor(code: CallErrorCode, text: Localized, detail: ApiError | null, options?: ErrorOptions) {
    super(text.en, options);
    this.name = 'CallError';
    this.code = code;
    this.text = text;
    this.detail = detail;
  }
}

const callTimeoutMs = 30_000;

export async function call<Name extends RouteName>(
  name: Name,
  options: CallOptions<Name> = {},
): Promise<Answer<Name>> {
  const route = routes[name];
  const response = await send(route.method, address(route.path, options), options);
  const text = await response.text();
  const json = parseJson(text);
  if (!response.ok) throw errorFrom(response.status, json);
  return (json ?? null) as Answer<Name>;
}

function address(path: string, options: CallOptions<RouteName>): string {
  const filled = path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(options.path?.[key] ?? ''));
  return options.query ? `${filled}?${new URLSearchParams(options.query)}` : filled;
}

async function send(method: string, url: string, options: CallOptions<RouteName>): Promise<Response> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? callTimeoutMs);
  try {
    return await fetch(url, {
      method,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
      },
      ...(method === 'GET' ? {} : { body: JSON.stringify(options.body ?? {}) }),
      signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
      keepalive: options.keepalive ?? false,
    });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new CallError('unreachable', unreachableText, null, { cause });
  }
}

const unreachableText: Localized = {
  ko: '서버에 닿지 못했어요. 네트워크를 확인해 주세요.',
  en: 'The server does not answer. Check the network.',
};

function errorFrom(status: number, json: unknown): CallError {
  const error = (json as { error?: ApiError } | null)?.error;
  if (error?.code) return new CallError(error.code, error.message, error);
  return new CallError(
    'internal',
    { ko: `서버가 ${status}로 답했어요.`, en: `The server answered ${status}.` },
    null,
  );
}

function parseJson(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What to show a person for anything that was thrown. */
export function textOf(error: unknown): Localized {
  if (error instanceof CallError) return error.text;
  const message = error instanceof Error ? error.message : String(error);
  return { ko: message, en: message };
}
