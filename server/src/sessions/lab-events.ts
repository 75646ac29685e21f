/** What a lab tells of itself to the classes its trainee is in, and what they hold back in it. */
import type { ServerMessage } from '../contract/main.ts';
import type { BegunCommand, TerminalCommand } from '../sandbox/main.ts';

export type LabEvent =
  /** Steps, help, environment or who looks. */
  | { readonly kind: 'changed' }
  | { readonly kind: 'begun'; readonly command: BegunCommand }
  | { readonly kind: 'command'; readonly command: TerminalCommand }
  /** Something was typed or saved. */
  | { readonly kind: 'active' }
  /** An answer was given or a program tried. */
  | { readonly kind: 'tried'; readonly checkId: string }
  /** Something changed in the cluster. */
  | { readonly kind: 'tick' };

/** What the trainee's classes hold back. */
export interface Restrictions {
  readonly paused: boolean;
  /** From this step on. */
  readonly closedFrom: string | null;
}

/** One window of a page. */
export interface Viewer {
  readonly id: string;
  send(message: ServerMessage): void;
}
