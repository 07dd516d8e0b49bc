import { z } from "zod";
import { understandDate } from "../../dates/understand-date.ts";
import { MargayError, withNext } from "../../errors.ts";
import { MAX_MEMORY_TEXT, MemoryKind } from "../../memory/shapes.ts";
import { timeRange } from "../../memory/time-range.ts";
import { findKeys } from "../../secrets/key-shapes.ts";
import type { Tool, ToolContext } from "../tool.ts";
import { MEMORY_WRITE, type MemoryStores } from "./memory-port.ts";

const Input = z.object({
  text: z.string().trim().min(1).max(MAX_MEMORY_TEXT).describe("one short fact"),
  kind: MemoryKind.optional(),
  about: z.string().max(100).optional().describe("when it happened"),
  until: z.string().max(100).optional(),
});

/** Only ids and times: what is forgotten later must not stay in the record of calls. */
const Receipt = z.object({ id: z.string(), at: z.number() });

/** "Remember that I moved to Oslo." Nothing of the text is in the lines for people: they go into the trail, which nobody can change. */
export const remember: Tool<typeof Input, MemoryStores> = {
  name: "remember",
  version: 1,
  description: "Keep something about the user for good",
  input: Input,
  capabilities: () => [MEMORY_WRITE],
  effect: () => "write",
  destinations: () => [],
  untrusted: false,
  rateLimit: { calls: 120, perMs: 60_000 },
  timeoutMs: 10_000,
  replay: "keyed",
  describe: () => "Remember something",
  async execute({ text, kind, about, until }, context) {
    if (findKeys(text).length > 0)
      throw new MargayError(
        "invalid_request",
        "That looks like a key. Keys belong in the vault, under Settings → Secrets, where only tools can use them.",
      );
    const expiresAt = until === undefined ? null : dateOf(until, context);
    const chosen = kind ?? (expiresAt === null ? (about === undefined ? "fact" : "episode") : "ephemeral");
    if (chosen === "ephemeral" && expiresAt === null)
      throw new MargayError("invalid_request", "Until when?", withNext("Say it in `until`."));
    const { memory, known, replaced } = context.stores.memory.remember(
      { text, kind: chosen, about_at: about === undefined ? null : timeOf(about, context), expires_at: expiresAt },
      { key: context.idempotencyKey, tainted: context.tainted },
    );
    const summary = known ? "Knew that already" : `Remembered 1 ${WORDS[memory.kind]}${replaced ? ", in the place of another" : ""}`;
    return {
      output: { remembered: memory.id.slice(0, 8), ...(known ? { known } : {}), ...(replaced ? { replaced_older: true } : {}) },
      summary,
      ...(known ? {} : { receipt: { id: memory.id, at: memory.updated_at } }),
    };
  },
  async undo(receipt, { stores }) {
    const parsed = Receipt.safeParse(receipt);
    if (!parsed.success) throw new MargayError("invalid_request", "That cannot be taken back.");
    stores.memory.takeBack(parsed.data.id, parsed.data.at);
    return { output: { taken_back: true }, summary: "Took back 1 memory" };
  },
};

const WORDS: Record<MemoryKind, string> = { profile: "fact about you", fact: "fact", episode: "event", ephemeral: "note" };

/** When something happened: mostly in the past, which no due date is. */
function timeOf(words: string, context: Pick<ToolContext, "saidAt" | "timeZone">): number {
  const range = timeRange(words, { now: context.saidAt, timeZone: context.timeZone });
  return range === null ? dateOf(words, context) : range.from + Math.min(HALF_DAY_MS, Math.floor((range.to - range.from) / 2));
}

const HALF_DAY_MS = 12 * 3_600_000;

function dateOf(words: string, { saidAt, timeZone }: Pick<ToolContext, "saidAt" | "timeZone">): number {
  const understood = understandDate(words, { now: saidAt, timeZone });
  if (understood.at !== null) return understood.at;
  throw new MargayError("invalid_request", understood.question ?? `I do not understand “${words}” as a date.`);
}
