import { z } from "zod";
import { dayOf } from "../../memory/day-of.ts";
import type { Space } from "../../memory/search.ts";
import type { RecallHit } from "../../memory/shapes.ts";
import type { Tool } from "../tool.ts";
import { MEMORY_READ, type MemoryStores } from "./memory-port.ts";

const Input = z.object({
  query: z.string().trim().min(1).max(500),
  from: z.enum(["memory", "documents", "conversation"]).optional(),
});

const SPACES: Record<NonNullable<z.infer<typeof Input>["from"]>, Space> = {
  memory: "memory",
  documents: "knowledge",
  conversation: "archive",
};
const NAMES: Record<Space, string> = { memory: "memory", knowledge: "documents", archive: "conversation" };
const LIMIT = 12;
/** Characters of one find. */
const SHOWN = 1_200;

/** Looks up what is remembered, what documents say and what was said. */
export const recall: Tool<typeof Input, MemoryStores> = {
  name: "recall",
  version: 1,
  description: "Search what you remember, the user's documents and past conversation",
  input: Input,
  capabilities: () => [MEMORY_READ],
  effect: () => "read",
  destinations: () => [],
  untrusted: false,
  rateLimit: { calls: 120, perMs: 60_000 },
  timeoutMs: 20_000,
  replay: "safe",
  describe: () => "Look something up in memory",
  async execute({ query, from }, { stores, timeZone }) {
    const hits = await stores.memory.recall(query, from === undefined ? null : [SPACES[from]], LIMIT);
    const outside = hits.filter(({ tainted }) => tainted);
    return {
      output: { found: hits.map((hit) => found(hit, timeZone)) },
      summary: hits.length === 1 ? "Found 1 thing" : `Found ${hits.length} things`,
      ...(outside.length === 0 ? {} : { untrusted: [...new Set(outside.map((hit) => hit.from))].join(", ").slice(0, 200) }),
    };
  },
};

const found = ({ space, id, text, from, at }: RecallHit, timeZone: string): Record<string, unknown> => ({
  in: NAMES[space],
  ...(space === "memory" ? { id: id.slice(0, 8) } : {}),
  text: text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text,
  from,
  ...(at === null || from.includes(dayOf(at, timeZone)) ? {} : { date: dayOf(at, timeZone) }),
});
