import { MargayError } from "../errors.ts";
import { nameOf } from "./path.ts";
import type { FileVersionView, FileView } from "./shapes.ts";
import type { Writer } from "./workspace-deps.ts";

/** A file that is always there and whose text is kept elsewhere: a setting that is read and written as a file. It cannot be moved, deleted or shared, and its history is where the text is. */
export interface SpecialFile {
  readonly path: string;
  text(): string;
  /** UTC milliseconds; 0: it is as it was from the start. */
  updatedAt(): number;
  /** Throws what is wrong with the text, or with who writes it. */
  write(text: string, by: Writer): void;
}

const PREFIX = "special:";

export const isSpecialId = (id: string): boolean => id.startsWith(PREFIX);

export function specialView(file: SpecialFile): FileView {
  const at = file.updatedAt();
  return {
    id: `${PREFIX}${file.path}`,
    path: file.path,
    name: nameOf(file.path),
    size: new TextEncoder().encode(file.text()).byteLength,
    mime: "text/markdown",
    version: 1,
    author: "user",
    untrusted: null,
    created_at: at,
    updated_at: at,
    deleted_at: null,
  };
}

/** Only as it is now. */
export function specialVersions(file: SpecialFile): { file: FileView; versions: FileVersionView[] } {
  const view = specialView(file);
  const { version, size, mime, author, untrusted, updated_at: at } = view;
  return { file: view, versions: [{ version, size, mime, author, untrusted, at }] };
}

export const staysPut = ({ path }: SpecialFile): MargayError =>
  new MargayError("forbidden", `${path} is always there: it can be written, but not moved or deleted.`);
