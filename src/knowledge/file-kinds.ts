const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** Endings of what can be read as a document without a model, with their media types. Pictures are documents too, where the user says so. */
const ENDINGS: ReadonlyMap<string, string> = new Map([
  ["pdf", "application/pdf"],
  ["docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
  ["xlsx", XLSX],
  ["xlsm", XLSX],
  ["pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"],
  ["eml", "message/rfc822"],
  ...["md", "markdown", "mdown", "mdx"].map((ending) => [ending, "text/markdown"] as const),
  ...["txt", "text", "log"].map((ending) => [ending, "text/plain"] as const),
  ...["html", "htm", "xhtml"].map((ending) => [ending, "text/html"] as const),
  ...["csv", "tsv", "tab"].map((ending) => [ending, "text/csv"] as const),
  ...["json", "jsonl", "ndjson", "geojson", "ipynb"].map((ending) => [ending, "application/json"] as const),
]);
const PICTURES = new Set("png jpg jpeg gif webp avif heic bmp tiff svg".split(" "));
/** Media types of the same, with other names for some. */
const TYPES = new Set([...ENDINGS.values(), "application/jsonl", "application/x-ndjson", "application/xhtml+xml"]);

const endingOf = (name: string): string => /\.([a-z0-9]{1,10})$/i.exec(name)?.[1]?.toLowerCase() ?? "";

/** The media type of a file that nobody told one of. */
export function mimeOf(name: string): string {
  const ending = endingOf(name);
  return PICTURES.has(ending) ? `image/${ending}` : (ENDINGS.get(ending) ?? "application/octet-stream");
}

/** Whether a file is taken into knowledge by itself when it comes with a message. */
export const isDocumentFile = ({ name, mime }: { name: string; mime: string }): boolean =>
  !mime.startsWith("image/") && (ENDINGS.has(endingOf(name)) || TYPES.has(mime) || mime.startsWith("text/"));

/** Whether it is worth looking whether a file is a zip of documents. */
export const mayBeArchive = ({ name, mime }: { name: string; mime: string }): boolean =>
  endingOf(name) === "zip" || ((mime === "application/zip" || mime === "application/x-zip-compressed") && endingOf(name) === "");

/** What the model is told of a file that came with a message, beside its name: empty where there is nothing to say. */
export const fileNote = (file: { name: string; mime: string; deleted?: boolean | undefined }): string =>
  file.deleted === true ? "deleted" : isDocumentFile(file) ? "read it with read_document" : "";
