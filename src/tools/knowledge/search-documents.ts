import { z } from "zod";
import type { RecallHit } from "../../memory/shapes.ts";
import type { Tool } from "../tool.ts";
import { KNOWLEDGE_READ, type KnowledgeStores } from "./knowledge-port.ts";

const Input = z.object({
  query: z.string().trim().min(1).max(500),
  collection: z.string().trim().min(1).max(100).optional(),
});

const LIMIT = 8;

/** Finds places in the user's documents. */
export const searchDocuments: Tool<typeof Input, KnowledgeStores> = {
  name: "search_documents",
  version: 1,
  description: "Search the user's documents; cite what you use by its link",
  input: Input,
  capabilities: () => [KNOWLEDGE_READ],
  effect: () => "read",
  destinations: () => [],
  untrusted: true,
  rateLimit: { calls: 120, perMs: 60_000 },
  timeoutMs: 20_000,
  replay: "safe",
  // Without the words: the line goes into the trail, which nobody can change.
  describe: () => "Search your documents",
  async execute({ query, collection }, { stores, conversationId = null }) {
    const { hits, reading } = await stores.knowledge.search({ text: query, collection, conversationId, limit: LIMIT });
    return {
      output: {
        found: hits.map((hit) => ({ cite: citeOf(hit), text: hit.text })),
        ...(reading === 0 ? {} : { note: `${reading} documents are still being read and not searched yet` }),
      },
      summary: hits.length === 1 ? "Found 1 place in your documents" : `Found ${hits.length} places in your documents`,
      untrusted: origin(hits),
    };
  },
};

/** A link to the place. Channels without links show its text. */
function citeOf({ id, from }: RecallHit): string {
  const split = id.lastIndexOf(":");
  return `[${from.replace(/, page (\d+)$/, ", p. $1").replaceAll(/[[\]\\`*_<>]/g, "\\$&")}](/knowledge/${id.slice(0, split)}?at=${id.slice(split + 1)})`;
}

/** The documents, by name. */
const origin = (hits: readonly RecallHit[]): string =>
  [...new Set(hits.map(({ from }) => from.split(" › ", 1)[0]?.replace(/, page \d+$/, "") ?? ""))].join(", ").slice(0, 200) ||
  "your documents";
