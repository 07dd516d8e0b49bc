import type { DocumentType } from "./parsed.ts";

interface Format {
  type: Exclude<DocumentType, "image">;
  /** As it is kept and served. */
  mime: string;
  /** Of names, in lower case. */
  endings: readonly string[];
  /** What others call it. */
  also?: readonly string[];
  /** Text that says what it says when it is read as it is. Of others only the server knows what they say. */
  plain: boolean;
}

const OFFICE = "application/vnd.openxmlformats-officedocument";
const ODF = "application/vnd.oasis.opendocument";

/** What can be read as a document without a model, by how it is called. Pictures are documents too, where the user says so. */
export const FORMATS: readonly Format[] = [
  { type: "pdf", mime: "application/pdf", endings: ["pdf"], plain: false },
  {
    type: "docx",
    mime: `${OFFICE}.wordprocessingml.document`,
    endings: ["docx", "docm"],
    plain: false,
    also: ["application/vnd.ms-word.document.macroenabled.12"],
  },
  {
    type: "xlsx",
    mime: `${OFFICE}.spreadsheetml.sheet`,
    endings: ["xlsx", "xlsm"],
    plain: false,
    also: ["application/vnd.ms-excel.sheet.macroenabled.12"],
  },
  {
    type: "pptx",
    mime: `${OFFICE}.presentationml.presentation`,
    endings: ["pptx", "pptm", "ppsx"],
    plain: false,
    also: [`${OFFICE}.presentationml.slideshow`, "application/vnd.ms-powerpoint.presentation.macroenabled.12"],
  },
  { type: "odt", mime: `${ODF}.text`, endings: ["odt", "ott"], plain: false, also: [`${ODF}.text-template`] },
  { type: "ods", mime: `${ODF}.spreadsheet`, endings: ["ods", "ots"], plain: false, also: [`${ODF}.spreadsheet-template`] },
  { type: "odp", mime: `${ODF}.presentation`, endings: ["odp", "otp"], plain: false, also: [`${ODF}.presentation-template`] },
  { type: "epub", mime: "application/epub+zip", endings: ["epub"], plain: false },
  { type: "rtf", mime: "application/rtf", endings: ["rtf"], plain: false, also: ["text/rtf", "application/x-rtf"] },
  { type: "eml", mime: "message/rfc822", endings: ["eml"], plain: false },
  { type: "markdown", mime: "text/markdown", endings: ["md", "markdown", "mdown", "mdx"], also: ["text/x-markdown"], plain: true },
  { type: "text", mime: "text/plain", endings: ["txt", "text", "log"], plain: true },
  { type: "html", mime: "text/html", endings: ["html", "htm"], plain: true },
  { type: "html", mime: "application/xhtml+xml", endings: ["xhtml"], plain: true },
  { type: "csv", mime: "text/csv", endings: ["csv"], plain: true },
  { type: "csv", mime: "text/tab-separated-values", endings: ["tsv", "tab"], plain: true },
  { type: "json", mime: "application/json", endings: ["json", "geojson", "ipynb"], plain: true },
  { type: "json", mime: "application/x-ndjson", endings: ["jsonl", "ndjson"], also: ["application/jsonl"], plain: true },
];

/** Files of old versions of Office by their endings, as they are kept and served. Nothing reads them, which is said with what to save them as. */
export const OLD_OFFICE: Readonly<Record<string, string>> = {
  doc: "application/msword",
  xls: "application/vnd.ms-excel",
  ppt: "application/vnd.ms-powerpoint",
  msg: "application/vnd.ms-outlook",
};

const BY_ENDING: ReadonlyMap<string, Format> = new Map(FORMATS.flatMap((format) => format.endings.map((ending) => [ending, format])));
const BY_MIME: ReadonlyMap<string, Format> = new Map(
  FORMATS.flatMap((format) => [format.mime, ...(format.also ?? [])].map((mime) => [mime, format])),
);

/** The ending of a name in lower case, "" for none. */
export const endingOf = (name: string): string => /\.([a-z0-9]{1,10})$/i.exec(name)?.[1]?.toLowerCase() ?? "";

/** What a file of this name is, as far as the name says. */
export const formatOfName = (name: string): Format | undefined => BY_ENDING.get(endingOf(name));

/** What a file of this media type (in lower case, without parameters) is. */
export const formatOfMime = (mime: string): Format | undefined => BY_MIME.get(mime);
