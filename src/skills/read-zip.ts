import { MargayError } from "../errors.ts";
import { DocumentError } from "../knowledge/parsed.ts";
import { type ZipEntry, zipEntries } from "../knowledge/parse/zip-directory.ts";
import { chooseFolder } from "./choose-folder.ts";
import { MAX_SKILL_UPLOAD } from "./shapes.ts";
import { type FolderEntry, SKILL_LIMITS } from "./skill.ts";
import { joinBytes } from "../join-bytes.ts";

/** What programs put beside files, and nobody means. */
const BESIDE = /(?:^|\/)(?:__MACOSX|\.git|node_modules)(?:\/|$)|(?:^|\/)(?:\.DS_Store|Thumbs\.db)$/;

export const isBeside = (path: string): boolean => BESIDE.test(path);

/** A skill's folder: what is in it, with paths within it, and what it was called; empty: it had no name. */
export interface Folder {
  name: string;
  entries: FolderEntry[];
}

/**
 * The skill in a zip: only its folder is unpacked. Nothing is written anywhere, so a path that leads out of it is only a name, which the reader of skills refuses. Throws `invalid_request` for what is no zip or
 * is damaged, `payload_too_large` for what unpacks to more than 20 MB, whatever it declares.
 */
export function readZip(bytes: Uint8Array, wanted = ""): Folder {
  try {
    const all = zipEntries(bytes).filter(({ path, directory }) => !directory && !BESIDE.test(path));
    const folder = chooseFolder(
      all.map(({ path }) => path),
      wanted,
    );
    return { name: folder.slice(folder.lastIndexOf("/") + 1), entries: unpack(all, folder === "" ? "" : `${folder}/`) };
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    throw error.code === "too_large"
      ? new MargayError("payload_too_large", "The archive unpacks to more than a skill may hold (20 MB).")
      : new MargayError("invalid_request", error.message);
  }
}

function unpack(all: readonly ZipEntry[], prefix: string): FolderEntry[] {
  const entries: FolderEntry[] = [];
  let left = MAX_SKILL_UPLOAD;
  for (const entry of all) {
    if (!entry.path.startsWith(prefix)) continue;
    const path = entry.path.slice(prefix.length);
    if (entry.symlink) entries.push({ path, skipped: "are links" });
    else if (entry.encrypted) entries.push({ path, skipped: "are protected with a password" });
    else if (entries.length >= SKILL_LIMITS.files) entries.push({ path, skipped: "are more than a skill may hold" });
    else {
      const read = joinBytes([...entry.read(left)]);
      left -= read.length;
      entries.push({ path, bytes: read });
    }
  }
  return entries;
}
