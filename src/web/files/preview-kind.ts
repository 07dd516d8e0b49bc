import type { FileView } from "../api/workspace.ts";

/** Pictures that show and run nothing. SVG is none of them: it is shown as the text it is. */
const PICTURES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
const TABLES = new Set(["text/csv", "text/tab-separated-values"]);
/** What need not be read to know that it is no text. */
const NO_TEXT = /^(?:audio|video|font)\/|^image\/(?!svg\+xml$)|^application\/(?:pdf|zip|gzip|wasm|vnd\.|msword|x-7z|x-tar)/u;

/** How a file is shown; `text` may turn out to be none once it is read. */
export function previewKind({ mime, name }: Pick<FileView, "mime" | "name">): "picture" | "table" | "text" | "none" {
  const type = (mime.split(";")[0] ?? "").trim().toLowerCase();
  if (PICTURES.has(type)) return "picture";
  if (TABLES.has(type) || /\.(?:csv|tsv)$/iu.test(name)) return "table";
  return NO_TEXT.test(type) ? "none" : "text";
}
