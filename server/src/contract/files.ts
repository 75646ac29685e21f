/**
 * The trainee's files under their home in the box. Paths are relative to it, with `/`; `.` and `..` and links that
 * lead out of it are refused. A version is an opaque word: writing names the version it was based on, so that a
 * second window's (or a program's) change is noticed and never overwritten unseen.
 */
import { z } from 'zod';

export const FILE_BYTES_MAX = 1024 * 1024;
export const FilePath = z
  .string()
  .min(1)
  .max(512)
  .refine((path) => !path.startsWith('/') && !path.includes('\0'));

export const FileEntry = z.object({
  path: z.string(),
  kind: z.enum(['file', 'directory']),
  bytes: z.number().int(),
  modifiedMs: z.number(),
});
export type FileEntry = z.infer<typeof FileEntry>;

/** `GET /api/labs/:labId/files`: the whole tree, hidden and heavy folders left out; `truncated` when over the limit. */
export const FileTree = z.object({ entries: z.array(FileEntry), truncated: z.boolean() });
export type FileTree = z.infer<typeof FileTree>;

/** `GET /api/labs/:labId/file?path=` */
export const FileContent = z.object({ path: z.string(), content: z.string(), version: z.string() });
export type FileContent = z.infer<typeof FileContent>;

/** `POST /api/labs/:labId/files/search`: lines that hold the text, whatever its case; hidden and heavy folders left out. */
export const SearchFiles = z.object({ text: z.string().min(1).max(200) });
export type SearchFiles = z.infer<typeof SearchFiles>;

export const FileHits = z.object({
  hits: z.array(z.object({ path: z.string(), line: z.number().int(), text: z.string() })),
  truncated: z.boolean(),
});
export type FileHits = z.infer<typeof FileHits>;

/** `PUT /api/labs/:labId/file`; 409 `fileChanged` with the version there is when `baseVersion` is not it. */
export const SaveFile = z.object({
  path: FilePath,
  content: z.string().max(FILE_BYTES_MAX),
  /** Null: make a new file; 409 `fileExists` when there is one. */
  baseVersion: z.string().max(200).nullable(),
});
export type SaveFile = z.infer<typeof SaveFile>;

export const SavedFile = z.object({ path: z.string(), version: z.string() });
export type SavedFile = z.infer<typeof SavedFile>;

/** `POST /api/labs/:labId/files/rename` */
export const RenameFile = z.object({ from: FilePath, to: FilePath });
export type RenameFile = z.infer<typeof RenameFile>;

/** `POST /api/labs/:labId/files/delete` */
export const DeleteFile = z.object({ path: FilePath });
export type DeleteFile = z.infer<typeof DeleteFile>;

/** `POST /api/labs/:labId/files/directory` */
export const MakeDirectory = z.object({ path: FilePath });
export type MakeDirectory = z.infer<typeof MakeDirectory>;
