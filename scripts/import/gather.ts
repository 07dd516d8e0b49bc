import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { zipSync } from "fflate";
import { MargayError } from "../../src/errors.ts";
import { CLAUDE_MEMORIES, CONVERSATIONS, detect, MARKDOWN } from "../../src/import/detect.ts";
import { IMPORT_LIMITS } from "../../src/import/found.ts";
import { type ArchiveFile, bytesOf, isJunk, readArchive } from "../../src/import/read-archive.ts";
import { EXIT, Failure } from "../api/server.ts";
import { slim } from "./slim.ts";

/** What is sent. */
export interface Gathered {
  name: string;
  mime: string;
  bytes: Uint8Array;
  /** Files that stay where they are. */
  left: number;
}

const PROJECTS = /(?:^|\/)(?:projects|projects\/[^/]+|users)\.json$/i;
/** On this machine there is room for more than the server takes. */
const LIMITS = { ...IMPORT_LIMITS, unpacked: 4 * 1024 ** 3, conversation: 512 * 1024 * 1024, file: 512 * 1024 * 1024 };

const isWanted = (path: string): boolean =>
  MARKDOWN.test(path) || CONVERSATIONS.test(path) || CLAUDE_MEMORIES.test(path) || PROJECTS.test(path);

/**
 * A folder, a zip or a file, as one archive of what is read of it: text and exports. Pictures, hidden files, configuration and what else lies there do not leave this machine. Throws a `Failure` that
 * tells what is wrong.
 */
export function gather(path: string): Gathered {
  const files = filesAt(path);
  const wanted = files.length === 1 ? files : files.filter((file) => isWanted(file.path));
  const name = basename(resolve(path));
  try {
    // Said here already, before anything is sent.
    detect({ name, files: wanted, skipped: [] }, LIMITS);
    const packed = (small: boolean): Uint8Array =>
      zipSync(Object.fromEntries(wanted.map((file) => [file.path, (small && slim(file)) || wholeOf(file)])), { level: 9 });
    let bytes = packed(false);
    if (bytes.length > IMPORT_LIMITS.archive) bytes = packed(true);
    if (bytes.length > IMPORT_LIMITS.archive)
      throw new Failure(
        `It is too large: ${megabytes(bytes.length)} MB of packed text, where ${megabytes(IMPORT_LIMITS.archive)} MB fit. Bring it in parts, such as a folder at a time.`,
        EXIT.failed,
      );
    return {
      name: name.endsWith(".zip") ? name : `${name.replace(/\.(json|md|markdown|txt)$/i, "")}.zip`,
      mime: "application/zip",
      bytes,
      left: files.length - wanted.length,
    };
  } catch (error) {
    if (error instanceof MargayError) throw new Failure(error.message, EXIT.failed);
    throw error;
  }
}

const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(0);

function wholeOf(file: ArchiveFile): Uint8Array {
  const bytes = bytesOf(file, LIMITS.file);
  if (bytes === null) throw new Failure(`${file.path} is too large.`, EXIT.failed);
  return bytes;
}

function filesAt(path: string): ArchiveFile[] {
  let stat;
  try {
    stat = statSync(path);
  } catch {
    throw new Failure(`There is nothing at ${path}.`, EXIT.failed);
  }
  if (stat.isDirectory()) return [...filesIn(path, "")];
  try {
    return readArchive(readFileSync(path), basename(path), LIMITS).files;
  } catch (error) {
    if (error instanceof MargayError) throw new Failure(error.message, EXIT.failed);
    throw new Failure(`${path} cannot be read.`, EXIT.failed);
  }
}

/** Links are not followed: they may lead anywhere. */
function* filesIn(root: string, folder: string): Generator<ArchiveFile> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (isJunk(path)) continue;
    if (entry.isDirectory()) yield* filesIn(root, path);
    else if (entry.isFile()) yield { path, size: statSync(join(root, path)).size, chunks: () => [readFileSync(join(root, path))] };
  }
}
