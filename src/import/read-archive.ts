import { MargayError } from "../errors.ts";
import { zipEntries } from "../knowledge/parse/zip-directory.ts";
import { DocumentError } from "../knowledge/parsed.ts";
import { IMPORT_LIMITS, type ImportLimits } from "./found.ts";
import { joinBytes } from "../join-bytes.ts";

/** A file of an archive. */
export interface ArchiveFile {
  /** With "/" between folders; never absolute, never with "..". */
  path: string;
  /** Bytes, as the archive says; not to be relied on. */
  size: number;
  /** Unpacked part by part. Throws a `MargayError` that tells what is wrong. */
  chunks(): Iterable<Uint8Array>;
}

export interface Archive {
  /** As the person sees it: the name of what was uploaded, without its extension. */
  name: string;
  files: ArchiveFile[];
  skipped: { path: string; reason: string }[];
}

const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);

/** Files that systems and programs leave behind; nobody means to bring them. */
const JUNK = /(^|\/)(\.[^/]*|__MACOSX|Thumbs\.db|desktop\.ini|node_modules)(\/|$)/i;
/** OpenClaw's own folder is hidden, and what is to be brought is in it. */
const HOME = /^\.(openclaw|clawdbot|moltbot)[^/]*\//i;

export const isJunk = (path: string): boolean => JUNK.test(path.replace(HOME, ""));

/**
 * What was uploaded: a zip, or one file. Nothing is written anywhere, so a path can lead nowhere; one that means to is left out all the same. Everything that is read counts against one
 * allowance of unpacked bytes, whatever the archive says about sizes.
 */
export function readArchive(bytes: Uint8Array, name: string, limits: ImportLimits = IMPORT_LIMITS): Archive {
  const plainName = name.split(/[/\\]/).at(-1) ?? name;
  const archive: Archive = { name: plainName.replace(/\.(zip|json|md|markdown|txt)$/i, "") || "import", files: [], skipped: [] };
  if (bytes.length === 0) throw new MargayError("invalid_request", "The file is empty.");
  if (!isZip(bytes)) {
    archive.files.push({ path: plainName, size: bytes.length, chunks: () => [bytes] });
    return archive;
  }
  let left = limits.unpacked;
  for (const entry of understood(() => zipEntries(bytes))) {
    const path = entry.path.replaceAll("\\", "/").replace(/^(\.\/)+/, "");
    if (entry.directory) continue;
    if (entry.symlink || path.startsWith("/") || /^[A-Za-z]:/.test(path) || path.split("/").includes("..") || path.includes("\0")) {
      archive.skipped.push({ path, reason: "It points to a place outside the archive." });
      continue;
    }
    if (isJunk(path)) continue;
    archive.files.push({
      path,
      size: entry.size,
      *chunks() {
        const parts = entry.read(left);
        for (;;) {
          const next = understood(() => parts.next());
          if (next.done === true) return;
          left -= next.value.length;
          yield next.value;
        }
      },
    });
  }
  if (archive.files.length === 0) throw new MargayError("invalid_request", "The archive holds no files.");
  return archive;
}

/** What goes wrong with packed bytes, in the words of the API. */
function understood<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    throw new MargayError(error.code === "too_large" ? "payload_too_large" : "invalid_request", error.message);
  }
}

/** All of a file; null: it is longer than `most` bytes. */
export function bytesOf(file: ArchiveFile, most: number): Uint8Array | null {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (const part of file.chunks()) {
    length += part.length;
    if (length > most) return null;
    parts.push(part);
  }
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  return joinBytes(parts);
}

/** A text file's text (UTF-8; what is not is replaced); null: it is longer than `most` bytes. */
export function textOf(file: ArchiveFile, most: number): string | null {
  const bytes = bytesOf(file, most);
  return bytes && new TextDecoder().decode(bytes);
}
