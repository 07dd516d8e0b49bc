import { z } from "zod";
import type { Tool } from "../tool.ts";
import { type DocumentText, KNOWLEDGE_READ, type KnowledgeStores } from "./knowledge-port.ts";

const Input = z.object({
  document: z.string().trim().min(1).max(300).describe("name or id"),
  from: z.number().int().min(0).max(99_999).optional(),
});

/** Characters of one answer. */
const PART = 20_000;
/** Somebody who sends a file asks about it at once. */
const WAIT_MS = 20_000;

/** Reads a document from a place on. */
export const readDocument: Tool<typeof Input, KnowledgeStores> = {
  name: "read_document",
  version: 1,
  description: "Read a document, also one just sent; cite passage n as [name](/knowledge/id?at=n)",
  input: Input,
  capabilities: () => [KNOWLEDGE_READ],
  effect: () => "read",
  destinations: () => [],
  untrusted: true,
  rateLimit: { calls: 120, perMs: 60_000 },
  timeoutMs: WAIT_MS + 10_000,
  replay: "safe",
  describe: ({ document }) => `Read your document “${document}”`,
  async execute({ document, from = 0 }, { stores, signal }) {
    const text = await stores.knowledge.read(document, from, { chars: PART, waitMs: WAIT_MS, signal });
    return {
      output: outputOf(text, from),
      summary:
        text.status === "ready"
          ? `Read ${text.name}`
          : text.status === "failed"
            ? `${text.name} could not be read`
            : `${text.name} is still being read`,
      untrusted: text.name.slice(0, 200),
    };
  },
};

function outputOf({ id, name, status, error, progress, pieces, total, paged }: DocumentText, from: number): string {
  const head = `${name} (id ${id})`;
  if (status === "failed") return `${head} could not be read: ${error ?? "nobody knows why."}`;
  if (status === "reading")
    return `${head} is still being read, ${Math.floor(progress * 100)}% are done. Try again in a moment, or tell the user.`;
  const last = pieces.at(-1);
  if (!last) return `${head} has only ${total} passages, from 0.`;
  const body = pieces.map(({ position, page, text }) => `${position}${paged ? `, p. ${page}` : ""}: ${text}`).join("\n\n");
  const rest =
    last.position + 1 < total ? `\n\n[Passages ${from} to ${last.position} of ${total}. Go on with from: ${last.position + 1}]` : "";
  return `${head}\n\n${body}${rest}`;
}
