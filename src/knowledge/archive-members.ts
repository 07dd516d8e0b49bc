import { cleanMime } from "../http/file-names.ts";
import { isDocumentFile, mimeOf } from "./file-kinds.ts";
import { zipEntries } from "./parse/zip-directory.ts";
import { unzip, UNZIP_LIMITS, type UnzipLimits } from "./unzip.ts";

/** A file of an archive that is a document, or one that is left out, and why. */
export type ArchiveMember = { path: string; mime: string; bytes: Uint8Array } | { path: string; reason: string };

/** Less than what one file by itself may have: the archive is in memory beside it, and the object has 128 MB for everything. */
const LIMITS: UnzipLimits = { ...UNZIP_LIMITS, fileBytes: 25 * 1024 * 1024 };
/** The longest path that is kept as a name. */
const MAX_PATH = 255;

/**
 * The documents of a zip (a folder, an Obsidian vault), one after the other, named by their paths without the one folder that all are in. Pictures are left out, since each would be a call of a
 * model. Throws `DocumentError` for an archive that is damaged or unpacks to too much.
 */
export async function* archiveMembers(bytes: Uint8Array): AsyncGenerator<ArchiveMember> {
  const root = commonFolder(
    zipEntries(bytes)
      .filter(({ directory }) => !directory)
      .map(({ path }) => path),
  );
  for await (const file of unzip(bytes, LIMITS)) {
    const path = (file.path.startsWith(root) ? file.path.slice(root.length) : file.path).slice(-MAX_PATH);
    if ("skipped" in file) {
      // What programs keep beside the files that people wrote (.obsidian, .DS_Store) is missed by nobody.
      if (file.skipped !== "hidden") yield { path: file.path.slice(0, MAX_PATH), reason: file.message };
      continue;
    }
    const mime = mimeOf(path);
    if (isDocumentFile({ name: path, mime })) {
      if (file.bytes.length === 0) yield { path, reason: "It is empty." };
      else yield { path, mime: cleanMime(mime), bytes: file.bytes };
    } else
      yield {
        path,
        reason: mime.startsWith("image/")
          ? "It is a picture: add it by itself to have it described."
          : "It is no document that can be read.",
      };
  }
}

/** The folder that everything is in, with its slash; empty where there is none. */
function commonFolder(paths: readonly string[]): string {
  const seen = paths.filter((path) => !/(?:^|\/)(?:\.|__MACOSX)/.test(path));
  const folder = /^[^/]+\//.exec(seen[0] ?? "")?.[0] ?? "";
  return seen.every((path) => path.startsWith(folder) && path.length > folder.length) ? folder : "";
}
