import { MargayError } from "../errors.ts";

/** The longest path, UTF-8 bytes, and the longest name of a folder or file in it. */
export const MAX_PATH_BYTES = 1_024;
export const MAX_NAME_BYTES = 255;
/** Folders within folders. */
export const MAX_DEPTH = 32;

/** Controls, direction marks, and what shows as nothing: a name must read as it is. */
const UNSHOWN =
  /[\p{Cc}\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb]|\u034f|\u17b4|\u17b5|[\u{e0000}-\u{e0fff}]/u;

const bytesOf = (text: string): number => new TextEncoder().encode(text).byteLength;

/**
 * The path of a file as it is kept: absolute below the user's own root, in Unicode's composed form, one slash between names. `notes.md` and `/notes.md` are the same; `.` and empty parts are left out. What could be
 * meant to lead elsewhere is refused in every notation, never cleaned up: `..`, a backslash, a percent-encoded slash or dot, characters that do not show. Throws `invalid_request`.
 */
export function filePath(text: string): string {
  const path = folderPath(text);
  if (path === "/") throw refused("names no file");
  if (text.trimEnd().endsWith("/")) throw refused("ends with a slash, so it names a folder");
  return path;
}

/** The same for a folder; the root is `/`. */
export function folderPath(text: string): string {
  if (!text.isWellFormed()) throw refused("is not valid text");
  const composed = text.trim().normalize("NFC");
  if (UNSHOWN.test(composed)) throw refused("holds characters that do not show");
  if (composed.includes("\\")) throw refused("holds a backslash; folders are parted by /");
  if (/%(?:2e|2f|5c|00)/i.test(composed)) throw refused("holds an encoded dot or slash; write it as it is");
  const names = composed.split("/").filter((name) => name !== "" && name !== ".");
  for (const name of names) {
    // Wide and small forms of the dot too.
    if (/^[.\u2024\uff0e\ufe52]{2,}$/.test(name) || name.normalize("NFKC") === "..") throw refused("leads out of your files");
    if (name.trim() !== name) throw refused(`has a name that begins or ends with a blank`);
    if (bytesOf(name) > MAX_NAME_BYTES) throw refused(`has a name of more than ${MAX_NAME_BYTES} bytes`);
  }
  if (names.length > MAX_DEPTH) throw refused(`is more than ${MAX_DEPTH} folders deep`);
  const path = `/${names.join("/")}`;
  if (bytesOf(path) > MAX_PATH_BYTES) throw refused(`is longer than ${MAX_PATH_BYTES} bytes`);
  return path;
}

/** The folder that a path is in; `/` for what is at the root. */
export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/")) || "/";

/** The last part of a path. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Whether a path is within a folder, at any depth. */
export const isWithin = (path: string, folder: string): boolean => folder === "/" || path === folder || path.startsWith(`${folder}/`);

/** `/uploads/cat.png`, the second of that name: `/uploads/cat (2).png`. */
export function numbered(path: string, number: number): string {
  const folder = folderOf(path);
  const name = nameOf(path);
  const dot = name.lastIndexOf(".");
  const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  return `${folder === "/" ? "" : folder}/${stem} (${number})${extension}`;
}

/** A path of a name as a person gave it, whatever is in it: what a path may not hold is left out. */
export function pathOfName(folder: string, name: string): string {
  const plain = name
    .toWellFormed()
    .replaceAll(new RegExp(UNSHOWN, "gu"), "")
    // What stood between two characters may have kept them from being one.
    .normalize("NFC")
    .replaceAll(/[/\\]|%(?=2e|2f|5c|00)/gi, "-")
    .trim()
    .replace(/^[.\u2024\uff0e\ufe52]+/, "")
    .trim();
  let short = "";
  for (const point of plain) {
    if (bytesOf(short) + bytesOf(point) > MAX_NAME_BYTES - 8) break;
    short += point;
  }
  return `${folder === "/" ? "" : folder}/${short.trim() || "file"}`;
}

/** The same for a file that came within folders: `trip/day 1/map.png`. */
export const pathOfTree = (folder: string, name: string): string =>
  name
    .split("/")
    .filter((part) => part !== "")
    .reduce(pathOfName, folder);

const refused = (why: string): MargayError => new MargayError("invalid_request", `This path ${why}. A path is like /notes/today.md.`);
