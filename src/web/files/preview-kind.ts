import { formatOfMime, OLD_OFFICE } from "../../knowledge/formats.ts";
import type { FileView } from "../api/workspace.ts";

const PICTURES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"]);
const TABLES = new Set(["text/csv", "text/tab-separated-values"]);
/** What need not be read to know that it is no text. */
const NO_TEXT = /^(?:audio|video|font)\/|^image\/|^application\/(?:pdf|zip|gzip|wasm|vnd\.|msword|x-7z|x-tar)/u;
/** Of old versions of Office: the server says what to save them as. */
const OLD = new Set(Object.values(OLD_OFFICE));
/** Browsers say of TypeScript that it is a film, and of CSV that it is Excel's, where that is installed. */
const TYPESCRIPT = /\.[cm]?tsx?$/iu;
const TABLE_NAME = /\.(?:csv|tsv)$/iu;

export type PreviewKind = "picture" | "document" | "drawing" | "sound" | "film" | "table" | "markdown" | "text" | "none";

/** How a file is shown. `drawing`: SVG, text that is a picture; as one (in an `img`) it neither runs nor loads anything. `text` may turn out to be none once it is read. */
export function previewKind({ mime, name }: Pick<FileView, "mime" | "name">): PreviewKind {
  const type = (mime.split(";")[0] ?? "").trim().toLowerCase();
  if (PICTURES.has(type)) return "picture";
  if (type === "image/svg+xml") return "drawing";
  if (TABLES.has(type) || TABLE_NAME.test(name)) return "table";
  if (TYPESCRIPT.test(name)) return "text";
  if (type.startsWith("audio/")) return "sound";
  if (type.startsWith("video/")) return "film";
  if (formatOfMime(type)?.plain === false || OLD.has(type)) return "document";
  if (NO_TEXT.test(type)) return "none";
  return type === "text/markdown" || /\.(?:md|markdown)$/iu.test(name) ? "markdown" : "text";
}
