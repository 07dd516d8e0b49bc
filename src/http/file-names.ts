/** The longest name kept, UTF-8 bytes: percent-encoded it must fit R2's 2,048 bytes of metadata. */
const MAX_NAME_BYTES = 255;

/** A name as a person gave it, without folders and without characters that change how it is shown (controls, direction marks). */
export function cleanFileName(name: string): string {
  const last = name.toWellFormed().split(/[/\\]/).at(-1) ?? "";
  const plain = last
    .replaceAll(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "")
    .replace(/^[.\s]+/, "")
    .trimEnd();
  return shorten(plain) || "file";
}

const size = (text: string): number => new TextEncoder().encode(text).byteLength;

/** Cuts whole code points off the stem until the name fits; a short extension stays. */
function shorten(name: string): string {
  if (size(name) <= MAX_NAME_BYTES) return name;
  const extension = /\.[a-z0-9]{1,10}$/i.exec(name)?.[0] ?? "";
  let stem = "";
  let left = MAX_NAME_BYTES - extension.length;
  for (const point of name.slice(0, name.length - extension.length)) {
    left -= size(point);
    if (left < 0) break;
    stem += point;
  }
  return stem.trimEnd() + extension;
}

/** Where everything of a user is kept. */
export const filesPrefix = (userId: string): string => `u/${userId}/`;

/**
 * Where an upload is kept: `u/<userId>/uploads/<yyyy-mm>/<id>`. `now` is UTC milliseconds. Without the file's name, which is in its metadata: addresses end up in
 * the platform's logs, and what a file is called is nobody's business there.
 */
export const fileKey = (userId: string, now: number, id: string): string =>
  `${filesPrefix(userId)}uploads/${new Date(now).toISOString().slice(0, 7)}/${id}`;

/** A media type without its parameters (RFC 9110, 8.3.1); anything else is bytes. */
export function cleanMime(type: string): string {
  const mime = type.split(";")[0]?.trim().toLowerCase() ?? "";
  return mime.length <= 127 && /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/.test(mime) ? mime : "application/octet-stream";
}

/** `Content-Disposition` with an ASCII fallback and the real name (RFC 6266, RFC 8187). */
export function contentDisposition(kind: "inline" | "attachment", name: string): string {
  const ascii = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, "_");
  const encoded = encodeURIComponent(name).replaceAll(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
