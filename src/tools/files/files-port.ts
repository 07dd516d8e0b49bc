import type { FileQuery, FileView, Listing } from "../../workspace/shapes.ts";
import type { Found } from "../../workspace/search-text.ts";
import type { Change } from "../../workspace/workspace.ts";
import type { Writer } from "../../workspace/workspace-deps.ts";

/** What every file tool needs; granted to everybody by default. */
export const FILES_READ = "files.read";
export const FILES_WRITE = "files.write";

/** The user's files as tools see them. Everything throws a `MargayError` that says what is wrong. */
export interface FilesPort {
  list(query: FileQuery): Listing;
  /** Its text, also of a PDF or another document; `plain`: whether it is the file's own bytes, so that it can be edited. */
  read(path: string, signal: AbortSignal): Promise<{ file: FileView; text: string; plain: boolean }>;
  /** Lines with a text in them, in files of text below a folder. `more`: there are others. */
  search(text: string, folder: string, limit: number): Promise<{ found: Found[]; more: boolean }>;
  /** `version`: what was read before; when it is another by now, nothing is written. */
  write(path: string, text: string, by: Writer, version?: number): Promise<Change>;
  /** What this call made before, should it be repeated; null: nothing. */
  done(key: string): FileView | null;
  move(from: string, to: string, by: Writer): FileView[];
  moveBack(moved: readonly { id: string; from: string; to: string }[], by: Writer): FileView[];
  delete(path: string, by: Writer): FileView[];
  undelete(id: string, by: Writer): FileView;
  takeBack(id: string, version: number, before: number | null, by: Writer): FileView;
}

/** What file tools get as stores. */
export interface FileStores {
  files: FilesPort;
}
