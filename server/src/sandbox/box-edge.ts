/**
 * The server's edge towards the box. The agent there can be taken over by the trainee, so nothing is taken from it
 * that is not of the right shape and size.
 */
import { z } from 'zod';
import type { BoxReplies } from '../cell/protocol.ts';
import type { LabCommand } from './sandbox.ts';

const COMMAND_CHARACTERS_MAX = 16 * 1024;
const OUTPUT_CHARACTERS_MAX = 16 * 1024;
const PATH_CHARACTERS_MAX = 4096;
const ENTRIES_MAX = 2000;
const EXIT_CODE_MAX = 255;

const path = z.string().max(PATH_CHARACTERS_MAX);
const bytes = z.number().nonnegative();
const exitCode = z.number().int().min(0).max(EXIT_CODE_MAX);
const version = z.string().max(200);
const nothing = z.null();

export const BoxEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hello') }),
  z.object({ kind: z.literal('exit'), terminal: z.number(), exitCode: z.number().int() }),
  z.object({
    kind: z.literal('began'),
    terminal: z.number(),
    command: z.string().max(COMMAND_CHARACTERS_MAX),
  }),
  z.object({
    kind: z.literal('command'),
    terminal: z.number(),
    command: z.string().max(COMMAND_CHARACTERS_MAX),
    exitCode,
    output: z.string().max(OUTPUT_CHARACTERS_MAX),
    durationMs: z.number().nonnegative(),
  }),
  z.object({ kind: z.literal('filesChanged'), folders: z.array(path).max(ENTRIES_MAX) }),
]);

const entryKind = z.enum(['file', 'folder', 'link', 'other']);

export const boxReplies: { readonly [Kind in keyof BoxReplies]: z.ZodType<BoxReplies[Kind]> } = {
  openTerminal: nothing,
  directory: path.nullable(),
  resize: nothing,
  flow: nothing,
  kill: nothing,
  exec: z.object({
    exitCode: z.number().int().nullable(),
    stdout: z.string(),
    stderr: z.string(),
    timedOut: z.boolean(),
    truncated: z.boolean(),
  }),
  list: z.array(z.object({ name: path, kind: entryKind, bytes, modifiedMs: z.number() })).max(ENTRIES_MAX),
  tree: z.object({
    entries: z.array(z.object({ path, kind: z.enum(['file', 'folder']), bytes, version })).max(ENTRIES_MAX),
    truncated: z.boolean(),
  }),
  read: z.object({ content: z.string(), version }),
  write: z.object({ version }),
  makeFolder: nothing,
  rename: nothing,
  remove: nothing,
};

const labCommand = z.object({
  arguments: z.array(z.string().max(COMMAND_CHARACTERS_MAX)).max(64),
  language: z.enum(['ko', 'en']),
});

export function readLabCommand(value: unknown): LabCommand | undefined {
  return labCommand.safeParse(value).data;
}
