import type { FileView } from "../api/workspace.ts";

const PICTURES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
const TABLES = new Set(["text/csv", "text/tab-separated-values"]);
/** What need not be read to know that it is no text. */
const NO_TEXT = /^(?:audio|video|font)\/|^image\/|^application\/(?:pdf|zip|gzip|wasm|vnd\.|msword|x-7z|x-tar)/u;

/** How a file is shown. `drawing`: SVG, text that is a picture; as one (in an `img`) it neither runs nor loads anything. `text` may turn out to be none once it is read. */
export function previewKind({
  mime,
  name,
}: Pick<FileView, "mime" | "name">): "picture" | "drawing" | "table" | "markdown" | "text" | "none" {
  const type = (mime.split(";")[0] ?? "").trim().toLowerCase();
  if (PICTURES.has(type)) return "picture";
  if (type === "image/svg+xml") return "drawing";
  if (NO_TEXT.test(type)) return "none";
  if (TABLES.has(type) || /\.(?:csv|tsv)$/iu.test(name)) return "table";
  return type === "text/markdown" || /\.(?:md|markdown)$/iu.test(name) ? "markdown" : "text";
}
