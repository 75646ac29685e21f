/**
 * Binds a route of the contract to its handler: who may call it, the body's shape, and the answer. What a handler throws goes
 * to the error handler.
 */
import type { Express, Request, Response } from 'express';
import type { z } from 'zod';
import type { Access, Route } from '../contract/main.ts';
import type { AccountRow } from '../store/schema.ts';
import { HttpError } from './http-error.ts';

export interface Caller {
  readonly account: AccountRow;
  /** Of the session row; never the token. */
  readonly sessionKey: string;
}

export interface Call<Body> {
  readonly body: Body;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly request: Request;
  readonly response: Response;
}

export interface SignedInCall<Body> extends Call<Body> {
  readonly caller: Caller;
}

type BodyOf<R> =
  R extends Route<infer Body, z.ZodType | null>
    ? Body extends z.ZodType
      ? z.output<Body>
      : undefined
    : never;
type AnswerOf<R> =
  R extends Route<z.ZodType | null, infer Answer>
    ? Answer extends z.ZodType
      ? z.input<Answer>
      : undefined
    : never;
type AnyRoute = Route<z.ZodType | null, z.ZodType | null>;
type CallOf<R extends AnyRoute> = R['access'] extends 'anyone' ? Call<BodyOf<R>> : SignedInCall<BodyOf<R>>;

export type Binder = <R extends AnyRoute>(
  route: R,
  handler: (call: CallOf<R>) => Promise<AnswerOf<R>>,
) => void;

export interface BinderOptions {
  readonly app: Express;
  readonly identify: (request: Request) => Promise<Caller | undefined>;
  /** Holds each answer against the contract: in tests. */
  readonly checkAnswers: boolean;
}

const RANKS: Record<Exclude<Access, 'anyone'>, number> = { signedIn: 0, instructor: 1, administrator: 2 };
const ROLE_RANKS = { trainee: 0, instructor: 1, administrator: 2 };

export function createBinder({ app, identify, checkAnswers }: BinderOptions): Binder {
  return (route, handler) => {
    const method = route.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
    app[method](route.path, async (request: Request, response: Response) => {
      const caller = await admit(route, () => identify(request));
      const body: unknown = route.body ? parse(route.body, request.body) : undefined;
      const call = {
        body,
        caller,
        parameters: textParameters(request),
        query: request.query,
        request,
        response,
      };
      // The contract's types are what `parse` and `admit` have just made true; TypeScript can't see that through R.
      const answer: unknown = await handler(call as unknown as Parameters<typeof handler>[0]);
      if (response.headersSent) return;
      response.setHeader('Cache-Control', 'no-store');
      if (route.answer === null) response.status(204).end();
      else response.json(checkAnswers ? route.answer.parse(answer) : answer);
    });
  };
}

async function admit(
  route: AnyRoute,
  identify: () => Promise<Caller | undefined>,
): Promise<Caller | undefined> {
  if (route.access === 'anyone') return undefined;
  const caller = await identify();
  if (!caller) throw new HttpError('notSignedIn');
  if (ROLE_RANKS[caller.account.role] < RANKS[route.access]) throw new HttpError('forbidden');
  return caller;
}

export function parse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.');
  throw new HttpError('badRequest', field ? { field } : {});
}

function textParameters(request: Request): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.params).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join('/') : value,
    ]),
  );
}
