import { chunkDocument } from "../../../src/knowledge/chunk.ts";
import { entriesOf } from "../../../src/knowledge/ingest.ts";
import { parseDocument } from "../../../src/knowledge/parse/parse-document.ts";
import type { SearchEntry } from "../../../src/memory/search.ts";

export interface CorpusItem {
  id: string;
  text: string;
  /** UTC milliseconds; null: none. */
  at: number | null;
  group: string | null;
}

/** Entries, and which item of the corpus each is of. */
export interface CorpusEntries {
  entries: SearchEntry[];
  itemOf: Map<string, string>;
}

/** Characters of one entry of the archive; what is longer is several, as in the product. */
const LONGEST_MEMORY = 2_000;

/** Each item as a document: read, cut into pieces and named as the product does with a text file. */
export async function asKnowledge(items: readonly CorpusItem[]): Promise<CorpusEntries> {
  const entries: SearchEntry[] = [];
  const itemOf = new Map<string, string>();
  for (const item of items) {
    for (const entry of entriesOf(item.id, "", await chunksOf(item.text))) {
      entries.push({ ...entry, at: item.at });
      itemOf.set(entry.id, item.id);
    }
  }
  return { entries, itemOf };
}

/** Each item as something said, in the order of the file; a group is a session. */
export async function asMemory(items: readonly CorpusItem[]): Promise<CorpusEntries> {
  const entries: SearchEntry[] = [];
  const itemOf = new Map<string, string>();
  const positions = new Map<string, number>();
  for (const { id, text, at, group } of items) {
    const pieces = text.length <= LONGEST_MEMORY ? [text] : (await chunksOf(text)).map((chunk) => chunk.text);
    const place = group ?? (pieces.length > 1 ? id : null);
    for (const [index, piece] of pieces.entries()) {
      const position = place === null ? 0 : (positions.get(place) ?? 0);
      if (place !== null) positions.set(place, position + 1);
      const entryId = index === 0 ? id : `${id}#${index}`;
      entries.push({ space: "archive", id: entryId, text: piece, group: place, position, at });
      itemOf.set(entryId, id);
    }
  }
  return { entries, itemOf };
}

async function chunksOf(text: string) {
  const bytes = new TextEncoder().encode(text.trim() === "" ? "-" : text);
  return chunkDocument(await parseDocument(bytes, { name: "document.txt", mime: "text/plain" }));
}
