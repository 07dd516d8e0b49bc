import { DocumentError, PARSE_LIMITS } from "./parsed.ts";
import { type ZipEntry, zipEntries, zipKind } from "./parse/zip-directory.ts";

export interface UnzipLimits {
  /** Bytes that one file may unpack to. */
  fileBytes: number;
  /** Bytes that all files together may unpack to. */
  totalBytes: number;
}

export const UNZIP_LIMITS: UnzipLimits = { fileBytes: PARSE_LIMITS.bytes, totalBytes: PARSE_LIMITS.unpackedBytes };

/** Why a file of an archive is not taken. */
export type Skipped =
  | "unsafe_path"
  | "symlink"
  | "encrypted"
  | "duplicate"
  | "hidden"
  | "archive"
  | "too_large"
  | "damaged"
  | "unsupported";

/** `path`: of a file that is given, safe to be used as one: relative, with "/", no "..", in Unicode's composed form. Of a skipped one as it was written. */
export type Unzipped = { path: string; bytes: Uint8Array } | { path: string; skipped: Skipped; message: string };

/**
 * The files of a zip (a folder, an Obsidian vault), each unpacked when it is asked for, and those that are not taken, with the reason. Archives in it are not opened; at most
 * 10,000 entries. Throws `DocumentError` for an archive that is damaged, has more entries, or unpacks to more than it may in total, and the signal's reason.
 */
export async function* unzip(
  bytes: Uint8Array,
  limits: UnzipLimits = UNZIP_LIMITS,
  { signal }: { signal?: AbortSignal } = {},
): AsyncGenerator<Unzipped, void> {
  const entries = zipEntries(bytes);
  const seen = new Set<string>();
  let left = limits.totalBytes;
  for (const entry of entries) {
    signal?.throwIfAborted();
    const refused = refusal(entry);
    if (refused !== null) {
      yield { path: entry.path, ...refused };
      continue;
    }
    if (entry.directory) continue;
    const path = entry.path.normalize("NFC");
    // On most disks these would be one file.
    if (seen.has(path.toLowerCase())) {
      yield { path: entry.path, skipped: "duplicate", message: "Another file in the archive has the same name." };
      continue;
    }
    seen.add(path.toLowerCase());
    const most = Math.min(limits.fileBytes, left);
    const { content, used, problem } = await contentOf(entry, most, signal);
    left -= used;
    if (content !== null) yield { path, bytes: content };
    else if (problem?.code === "too_large" && most < limits.fileBytes) throw tooLarge(limits);
    else yield { path, ...skippedFor(problem) };
  }
}

/** How many files there are to be expected, without unpacking one. Throws like {@link unzip}. */
export const countZipFiles = (bytes: Uint8Array): number => zipEntries(bytes).filter(({ directory }) => !directory).length;

/** Whether a file is a folder packed as a zip, to be given to {@link unzip}, and not a document that is a zip inside. A damaged one is none. */
export function isZipArchive(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return false;
  try {
    return zipKind(bytes) === "archive";
  } catch (error) {
    if (error instanceof DocumentError) return false;
    throw error;
  }
}

const tooLarge = ({ totalBytes }: UnzipLimits): DocumentError =>
  new DocumentError("too_large", `The archive unpacks to more than ${Math.floor(totalBytes / 1024 / 1024)} MB.`);

const NOT_TAKEN = new Set(["__macosx", "thumbs.db", "desktop.ini", "$recycle.bin", "system volume information"]);
const ARCHIVES = /\.(?:zip|jar|war|apk|7z|rar|gz|tgz|bz2|xz|zst|tar|iso|dmg|cab)$/i;

function refusal({ path, symlink, encrypted, directory }: ZipEntry): { skipped: Skipped; message: string } | null {
  if (!isSafe(path)) return { skipped: "unsafe_path", message: "Its path leads out of the archive or is no path." };
  if (symlink) return { skipped: "symlink", message: "It is a link to another file." };
  if (directory) return null;
  const parts = path.split("/");
  if (parts.some((part) => part.startsWith(".") || NOT_TAKEN.has(part.toLowerCase()))) {
    return { skipped: "hidden", message: "It is a hidden file or one of the system." };
  }
  if (ARCHIVES.test(path)) return { skipped: "archive", message: "An archive in an archive is not opened." };
  return encrypted ? { skipped: "encrypted", message: "It is protected with a password." } : null;
}

/** Characters; longer ones cannot be stored. */
const MAX_PATH = 1_000;

/** Relative, below the folder it is unpacked to, and the same path on every system. */
function isSafe(path: string): boolean {
  if (path.length === 0 || path.length > MAX_PATH || /[\\\p{Cc}]/u.test(path) || /^[a-z]:/i.test(path)) return false;
  return path
    .replace(/\/$/, "")
    .split("/")
    .every((part) => part !== "" && part !== "." && part !== "..");
}

/** Bytes unpacked before others have their turn. */
const A_TURN = 4 * 1024 * 1024;

async function contentOf(
  entry: ZipEntry,
  most: number,
  signal: AbortSignal | undefined,
): Promise<{ content: Uint8Array | null; used: number; problem: DocumentError | null }> {
  // The size it says is believed where that costs nothing: as the room to unpack it into, so that it is not there twice.
  let room = new Uint8Array(Math.min(entry.size, most, 1_100 * entry.packedSize + 100));
  let used = 0;
  let turn = 0;
  try {
    for (const part of entry.read(most)) {
      if (used + part.length > room.length) {
        const larger = new Uint8Array(Math.min(most, Math.max(used + part.length, 2 * room.length)));
        larger.set(room.subarray(0, used));
        room = larger;
      }
      room.set(part, used);
      used += part.length;
      turn += part.length;
      if (turn > A_TURN) {
        turn = 0;
        await new Promise<void>((resolve) => setTimeout(resolve, 0));
        signal?.throwIfAborted();
      }
    }
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    return { content: null, used, problem: error };
  }
  if (used !== entry.size)
    return { content: null, used, problem: new DocumentError("damaged", "It does not have the size it should have.") };
  return { content: used === room.length ? room : room.slice(0, used), used, problem: null };
}

function skippedFor(problem: DocumentError | null): { skipped: Skipped; message: string } {
  const code = problem?.code;
  const skipped = code === "too_large" || code === "encrypted" || code === "unsupported" ? code : "damaged";
  return { skipped, message: problem?.message ?? "It is damaged." };
}
