import { z } from "zod";
import { MAX_PATH_BYTES } from "./path.ts";

/** The shapes of the user's files in the API; the page shares them. Instants are UTC milliseconds, sizes bytes. */

/** The largest file. */
export const MAX_FILE_BYTES = 50 * 1024 * 1024;
/** Files of one user at most, and earlier versions of one file. */
export const MAX_FILES = 10_000;
export const MAX_VERSIONS = 20;
/** How long earlier versions and deleted files can be brought back. */
export const KEPT_MS = 30 * 86_400_000;

/** Absolute below the user's own root: `/notes/today.md`. What it may hold is said by `filePath()`. */
export const Path = z.string().min(1).max(MAX_PATH_BYTES);

export const FileView = z.object({
  id: z.string(),
  path: Path,
  name: z.string(),
  size: z.number().int(),
  mime: z.string(),
  /** Counts up from 1 with every change of its content. */
  version: z.number().int(),
  /** Who wrote it as it is now. */
  author: z.enum(["user", "agent"]),
  /** Where its content comes from when nobody vouches for it; null: from the user or their agent alone. */
  untrusted: z.string().nullable(),
  created_at: z.number().int(),
  updated_at: z.number().int(),
  /** null: it is there. */
  deleted_at: z.number().int().nullable(),
});
export type FileView = z.infer<typeof FileView>;

export const FolderView = z.object({
  path: z.string(),
  name: z.string(),
  /** Of files in it, at any depth. */
  files: z.number().int(),
  bytes: z.number().int(),
  /** Whether any of them holds what nobody vouches for; its name may then be somebody else's word. */
  from_outside: z.boolean(),
});
export type FolderView = z.infer<typeof FolderView>;

export const FileQuery = z.object({
  path: z.string().max(MAX_PATH_BYTES).default("/").describe("The folder to show."),
  search: z
    .string()
    .trim()
    .max(200)
    .default("")
    .describe("Words of a path, or a pattern such as `*.csv`: looked for at any depth below the folder."),
  state: z.enum(["current", "deleted"]).default("current").describe("`deleted`: what can be brought back, newest first."),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_FILES)
    .default(500)
    .describe("There are no pages: as many as there can be are told at once, where they are asked for."),
});
export type FileQuery = z.infer<typeof FileQuery>;

export const WorkspaceUsage = z.object({
  files: z.number().int(),
  /** With earlier versions and what was deleted and can be brought back. */
  bytes: z.number().int(),
  /** What may be kept. */
  most_bytes: z.number().int(),
  most_files: z.number().int(),
});
export type WorkspaceUsage = z.infer<typeof WorkspaceUsage>;

export const Listing = z.object({
  path: z.string(),
  folders: z.array(FolderView),
  files: z.array(FileView),
  /** Whether there are more than were asked for. */
  more: z.boolean(),
  usage: WorkspaceUsage,
});
export type Listing = z.infer<typeof Listing>;

export const FileVersionView = z.object({
  version: z.number().int(),
  size: z.number().int(),
  mime: z.string(),
  author: z.enum(["user", "agent"]),
  untrusted: z.string().nullable(),
  at: z.number().int(),
});
export type FileVersionView = z.infer<typeof FileVersionView>;

/** The newest first; the first is the file as it is. */
export const FileVersions = z.object({ file: FileView, versions: z.array(FileVersionView) });
export type FileVersions = z.infer<typeof FileVersions>;

/** What a document says. */
export const FileTextView = z.object({
  text: z.string(),
  /** It is Markdown: headings, lists and tables are marked. */
  markdown: z.boolean(),
  /** There is more of it than this. */
  cut: z.boolean(),
});
export type FileTextView = z.infer<typeof FileTextView>;

export const MoveInput = z.strictObject({ from: Path, to: Path });
export type MoveInput = z.infer<typeof MoveInput>;

export const RestoreInput = z.union([
  z.strictObject({ path: Path, version: z.number().int().min(1) }).describe("Makes an earlier version the newest."),
  z.strictObject({ id: z.string().min(1).max(64).describe("Brings back what was deleted.") }),
]);
export type RestoreInput = z.infer<typeof RestoreInput>;

export const ShareInput = z.strictObject({
  path: Path,
  hours: z
    .number()
    .int()
    .min(1)
    .max(24 * 30)
    .default(24)
    .describe("How long the link works."),
});
export type ShareInput = z.infer<typeof ShareInput>;

export const ShareView = z.object({
  id: z.string(),
  path: z.string(),
  /** Below the address of this Margay: `/share/…`. Whoever has it can read the file until it ends. */
  link: z.string(),
  expires_at: z.number().int(),
  created_at: z.number().int(),
});
export type ShareView = z.infer<typeof ShareView>;

export const ShareList = z.object({ shares: z.array(ShareView) });
