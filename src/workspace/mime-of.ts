import { endingOf, formatOfName, OLD_OFFICE } from "../knowledge/formats.ts";

/** Media types of what is no document, by the end of a name, for files that say none. */
const TYPES: Record<string, string> = {
  yaml: "application/yaml",
  yml: "application/yaml",
  toml: "application/toml",
  xml: "application/xml",
  css: "text/css",
  js: "text/javascript",
  mjs: "text/javascript",
  ts: "text/x-typescript",
  py: "text/x-python",
  sh: "text/x-shellscript",
  sql: "application/sql",
  ics: "text/calendar",
  vcf: "text/vcard",
  svg: "image/svg+xml",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  avif: "image/avif",
  mp3: "audio/mpeg",
  m4a: "audio/mp4",
  ogg: "audio/ogg",
  oga: "audio/ogg",
  opus: "audio/ogg",
  wav: "audio/wav",
  flac: "audio/flac",
  mp4: "video/mp4",
  m4v: "video/mp4",
  webm: "video/webm",
  mov: "video/quicktime",
  zip: "application/zip",
  ...OLD_OFFICE,
};

export const mimeOf = (path: string): string => formatOfName(path)?.mime ?? TYPES[endingOf(path)] ?? "application/octet-stream";

/** What programs say where nobody told them; the last is curl's. */
const SAID_BY_NOBODY = new Set(["application/octet-stream", "application/x-www-form-urlencoded"]);

/** The type to keep: what was said, or what the name says where nothing was. */
export const keptMime = (said: string | null, path: string): string => (said === null || SAID_BY_NOBODY.has(said) ? mimeOf(path) : said);
