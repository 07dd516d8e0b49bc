import { MargayError } from "../errors.ts";
import { IMPORT_LIMITS, type ImportLimits } from "./found.ts";
import { isObject, jsonElements, listOf } from "./json-elements.ts";
import type { Archive, ArchiveFile } from "./read-archive.ts";
import type { ImportFormat } from "./shapes.ts";

export interface Detected {
  format: ImportFormat;
  /** The folder that it is in: empty, or with a "/" at its end. */
  root: string;
}

export const CONVERSATIONS = /(?:^|\/)conversations(?:-\d+)?\.json$/i;
export const CLAUDE_MEMORIES = /(?:^|\/)(?:memories|memories\/[^/]+)\.json$/i;
export const MARKDOWN = /\.(?:md|markdown|txt)$/i;

/** What an OpenClaw workspace holds at its top. One of them alone may stand in any folder. */
const WORKSPACE = ["soul.md", "user.md", "identity.md", "agents.md", "memory.md"];

/** What an archive is. Throws `unsupported`, with a sentence that tells what would be understood. */
export function detect(archive: Archive, limits: ImportLimits = IMPORT_LIMITS): Detected {
  const exports = conversationFiles(archive);
  let empty = false;
  for (const file of exports) {
    const format = exportFormat(file, limits);
    if (format === "empty") empty = true;
    else if (format !== null) return { format, root: folderOf(file.path) };
  }
  const memories = archive.files.find(({ path }) => CLAUDE_MEMORIES.test(path));
  if (memories) return { format: "claude", root: "" };
  const workspace = workspaceRoot(archive);
  if (workspace !== null) return { format: "openclaw", root: workspace };
  if (archive.files.some(({ path }) => MARKDOWN.test(path))) return { format: "markdown", root: sharedFolder(archive) };
  if (empty) throw new MargayError("invalid_request", "The export holds no conversations.");
  throw new MargayError(
    "unsupported",
    "This is nothing that can be imported. Bring an OpenClaw workspace, a data export of ChatGPT or Claude (the zip, or its conversations.json), or a folder of Markdown.",
  );
}

/** The files with conversations: exports split them when there are many. A single file may have any name. */
export function conversationFiles(archive: Archive): ArchiveFile[] {
  const named = archive.files.filter(({ path }) => CONVERSATIONS.test(path)).toSorted((a, b) => (a.path < b.path ? -1 : 1));
  if (named.length > 0) return named;
  const [only] = archive.files;
  return archive.files.length === 1 && only && /\.json$/i.test(only.path) ? [only] : [];
}

/** The conversations of such a file. Some programs put the list into an object. */
export function* conversationsIn(file: ArchiveFile, limits: ImportLimits): Generator<unknown, void> {
  for (const element of jsonElements(file.chunks(), limits.conversation)) {
    if (isObject(element) && Array.isArray(element["conversations"])) yield* element["conversations"];
    else yield element;
  }
}

/** By what the first conversations look like, not by names. */
function exportFormat(file: ArchiveFile, limits: ImportLimits): "chatgpt" | "claude" | "empty" | null {
  let seen = 0;
  for (const element of conversationsIn(file, limits)) {
    if (isObject(element) && isObject(element["mapping"])) return "chatgpt";
    if (isObject(element) && Array.isArray(element["chat_messages"])) return "claude";
    if (isObject(element) && typeof element["conversations_memory"] === "string") return "claude";
    // The first ones may be too large, or of a kind that is not known.
    if (++seen >= 20) return null;
  }
  return seen === 0 ? "empty" : null;
}

/** The folder nearest to the top that holds two of the files, or a `SOUL.md`, which nothing else has. */
function workspaceRoot({ files }: Archive): string | null {
  const folders = new Map<string, Set<string>>();
  for (const { path } of files) {
    const folder = folderOf(path);
    const name = path.slice(folder.length).toLowerCase();
    if (WORKSPACE.includes(name)) folders.set(folder, (folders.get(folder) ?? new Set()).add(name));
  }
  const depth = (folder: string): number => folder.split("/").length;
  const found = [...folders]
    .filter(([, names]) => names.has("soul.md") || names.size >= 2)
    .toSorted(([a], [b]) => depth(a) - depth(b) || (a < b ? -1 : 1));
  return found[0]?.[0] ?? null;
}

/** The folder that everything is in, where there is just one. */
function sharedFolder({ files }: Archive): string {
  const [first, ...rest] = files.map(({ path }) => path.split("/")).filter((parts) => parts.length > 1);
  if (!first || files.some(({ path }) => !path.includes("/"))) return "";
  return rest.every((parts) => parts[0] === first[0]) ? `${first[0]}/` : "";
}

/** With a "/" at its end; empty at the top. */
export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);

/** A small JSON file as a list of objects, whether it holds one or many; what is not readable is none. */
export function objectsIn(file: ArchiveFile, limits: ImportLimits): Record<string, unknown>[] {
  const found: Record<string, unknown>[] = [];
  for (const element of jsonElements(file.chunks(), limits.conversation)) found.push(...listOf([element]).filter(isObject));
  return found;
}
