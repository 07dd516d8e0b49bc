import type { FileStore } from "../db/object/files.ts";
import type { NewAuditEntry } from "../db/object/audit.ts";
import type { Log } from "../log.ts";
import type { FileView } from "./shapes.ts";
import type { SpecialFile } from "./special-file.ts";

/** Bytes in R2, below the user's own prefix. */
export interface FileBytes {
  newKey(): string;
  /** Gives its ETag. */
  put(key: string, bytes: Uint8Array, about: { name: string; mime: string }): Promise<string>;
  read(key: string): Promise<Uint8Array | null>;
  /** Size and ETag of what is there; null: nothing is. */
  head(key: string): Promise<{ size: number; mime: string; hash: string } | null>;
  delete(keys: readonly string[]): Promise<void>;
  /** Whether an object is one of those that only files use: what came with a message belongs to it. */
  owns(key: string): boolean;
}

export interface WorkspaceDeps {
  store: FileStore;
  bytes: FileBytes;
  /** Files that are always there, kept elsewhere. */
  special: readonly SpecialFile[];
  /** What may be kept, bytes. */
  quota(): number;
  transaction<T>(work: () => T): T;
  audit(entry: NewAuditEntry): void;
  /** Tells pages of a change. */
  changed(file: FileView): void;
  /** A file is new, or has new content. Within the transaction that makes it so. */
  added(file: FileView, by: Writer): void;
  log: Log;
  now(): number;
  newId(): string;
}

/** Who changes a file. */
export interface Writer {
  author: "user" | "agent";
  /** Where the content comes from when nobody vouches for it. */
  untrusted: string | null;
  /** The tool call; the same again does nothing. */
  key: string | null;
}
