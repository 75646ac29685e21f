/** What a route of the contract is made of. */
import type { z } from 'zod';

export type Access = 'anyone' | 'signedIn' | 'instructor' | 'administrator';

export interface Route<Body extends z.ZodType | null, Answer extends z.ZodType | null> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly access: Access;
  readonly body: Body;
  /** Null: answers 204 without a body. */
  readonly answer: Answer;
}

export function route<Body extends z.ZodType | null, Answer extends z.ZodType | null, const A extends Access>(
  method: Route<Body, Answer>['method'],
  path: string,
  access: A,
  shapes: { body: Body; answer: Answer },
): Route<Body, Answer> & { readonly access: A } {
  return { method, path, access, ...shapes };
}
