import { z } from "zod";
import { MargayError } from "../../errors.ts";
import type { Tool, ToolOutput } from "../tool.ts";
import { MEMORY_WRITE, type MemoryStores } from "./memory-port.ts";

const Input = z.object({ what: z.string().trim().min(1).max(500).describe('words, id, or "that"') });

const NONE = "Nothing that is remembered fits that.";

/** Candidates that are shown when several are meant. */
const SHOWN = 6;

/**
 * "Forget that." It cannot be taken back, so it is `destructive`; a standing permission that everybody has (see the registry) lets it run on the user's own word and, as every standing
 * permission, does not count where content from outside was read: then the user is asked. Of several it forgets none, and says which they are.
 */
export const forget: Tool<typeof Input, MemoryStores> = {
  name: "forget",
  version: 1,
  description: "Forget something remembered, for good",
  input: Input,
  capabilities: () => [MEMORY_WRITE],
  effect: () => "destructive",
  destinations: () => [],
  untrusted: false,
  rateLimit: { calls: 30, perMs: 60_000 },
  timeoutMs: 60_000,
  replay: "keyed",
  rare: true,
  describe: () => "Forget something, for good",
  // Words may come to mean another one until there is an answer: the yes is to the one that is shown.
  async asked({ what }, { memory }) {
    try {
      const { memories, sure } = await memory.meant(what);
      const [only, ...others] = memories;
      if (only === undefined) return { refused: NONE };
      if (sure && others.length === 0) return { input: { what: short(only.id) }, description: `Forget memory ${short(only.id)}, for good` };
      return { refused: "It is not clear which memory is meant, so nobody was asked.", next: "recall gives the ids: call again with one." };
    } catch (error) {
      if (error instanceof MargayError) return { refused: error.message };
      throw error;
    }
  },
  shows({ what }, { memory }) {
    const text = memory.textOf(what);
    return Object.fromEntries(text === null ? [] : [["What is remembered", text]]);
  },
  async execute({ what }, { stores: { memory }, idempotencyKey }) {
    const before = memory.forgottenBy(idempotencyKey);
    if (before > 0) return forgotten(before, true);
    const { memories: meant, sure } = await memory.meant(what);
    const [only, ...others] = meant;
    if (only === undefined) throw new MargayError("not_found", NONE);
    if (sure && others.length === 0) {
      const { memories, verified, skills = [] } = await memory.forget(only.id, idempotencyKey);
      return forgotten(memories, verified, skills);
    }
    return {
      output: {
        forgotten: 0,
        which: meant.slice(0, SHOWN).map(({ id, text }) => ({ id: short(id), text })),
        note: "Nothing is forgotten yet. If the user's words say which one, call again with its id, else ask.",
      },
      summary: "Asked which one to forget",
      ...(meant.some(({ tainted }) => tainted) ? { untrusted: "memories made while reading content from outside" } : {}),
    };
  },
};

const short = (id: string): string => id.slice(0, 8);

const forgotten = (count: number, verified: boolean, skills: readonly string[] = []): ToolOutput => ({
  output: {
    forgotten: count,
    ...(skills.length === 0
      ? {}
      : { still_in_skills: skills, tell: "These say it still, since the user said yes to their texts: they change or uninstall them." }),
    ...(verified ? {} : { note: "Gone here; the rest follows by itself." }),
  },
  summary: count === 1 ? "Forgot 1 memory" : `Forgot ${count} memories`,
});
