import { readableText } from "../encoding.ts";
import { folderPath } from "./path.ts";
import { MAX_FILES } from "./shapes.ts";
import type { WorkspaceDeps } from "./workspace-deps.ts";

/** What one search reads at most, and of one file in R2. */
const READ_BYTES = 20 * 1024 * 1024;
const FILE_BYTES = 5 * 1024 * 1024;
/** Of a line. */
const SHOWN = 300;

/** A line that holds what was looked for. */
export interface Found {
  path: string;
  /** From 1. */
  line: number;
  text: string;
  untrusted: string | null;
}

/** Lines with a text in them, whatever its case, in files of text below a folder, by path. */
export async function searchText(
  text: string,
  folder: string,
  limit: number,
  { store, bytes }: Pick<WorkspaceDeps, "store" | "bytes">,
): Promise<{ found: Found[]; more: boolean }> {
  const wanted = text.toLowerCase();
  const found: Found[] = [];
  let left = READ_BYTES;
  let skipped = false;
  for (const file of store.below(folderPath(folder), MAX_FILES)) {
    if (found.length > limit) break;
    const content = store.version(file.id, file.version)?.content;
    if (content === undefined) continue;
    let body = content.text;
    if (content.key === null) {
      if (file.size > left) {
        skipped = true;
        break;
      }
      left -= file.size;
    } else {
      if (!isText(file.mime)) continue;
      if (file.size > FILE_BYTES || file.size > left) {
        skipped = true;
        continue;
      }
      left -= file.size;
      const read = await bytes.read(content.key);
      body = read && readableText(read);
    }
    if (body === null || !body.toLowerCase().includes(wanted)) continue;
    for (const [index, line] of body.split("\n").entries()) {
      const at = line.toLowerCase().indexOf(wanted);
      if (at < 0) continue;
      found.push({ path: file.path, line: index + 1, text: around(line, at), untrusted: file.untrusted });
      if (found.length > limit) break;
    }
  }
  return { found: found.slice(0, limit), more: skipped || found.length > limit };
}

const isText = (mime: string): boolean =>
  mime.startsWith("text/") || /^application\/(?:json|xml|yaml|toml|sql|x-ndjson|javascript)$/.test(mime);

/** The part of a long line in which it stands. */
function around(line: string, at: number): string {
  if (line.length <= SHOWN) return line.trim();
  const from = Math.max(0, at - 100);
  return `${from > 0 ? "…" : ""}${line.slice(from, from + SHOWN).toWellFormed()}…`;
}
