import { MARKDOWN } from "./detect.ts";
import { IMPORT_LIMITS, type ImportLimits, type Item, skipped } from "./found.ts";
import { type Archive, bytesOf } from "./read-archive.ts";

/** A folder of Markdown, such as an Obsidian vault: every text file is a document, all in one collection that is named like the folder. */
export function* readMarkdownFolder(archive: Archive, root: string, limits: ImportLimits = IMPORT_LIMITS): Generator<Item, void> {
  const files = archive.files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const collection = files.length === 1 ? null : (root === "" ? archive.name : root.slice(0, -1)).slice(0, 100);
  let documents = 0;
  for (const file of files) {
    const path = file.path.slice(root.length);
    if (!MARKDOWN.test(path)) yield skipped(path, "Only Markdown and text are taken over.");
    else if (file.size > limits.file) yield skipped(path, "It is too large.");
    else if (documents >= limits.documents)
      yield skipped(path, `More than ${limits.documents.toLocaleString("en")} documents are not taken over at once.`);
    else {
      documents++;
      const mime = /\.txt$/i.test(path) ? "text/plain" : "text/markdown";
      yield { kind: "document", path, mime, collection, bytes: () => bytesOf(file, limits.file) ?? new Uint8Array() };
    }
  }
}
