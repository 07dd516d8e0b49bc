import type { MemoryStore } from "../../db/object/memories.ts";
import type { MessageStore } from "../../db/object/messages.ts";
import { MargayError, withNext } from "../../errors.ts";
import { analyze, fold } from "../../memory/analyze.ts";
import type { By, Memory } from "../../memory/memory.ts";
import { quoteOf } from "../../memory/quote-of.ts";
import { type StoredMemory, viewOf } from "../../memory/stored-memory.ts";
import type { MemoryPort } from "./memory-port.ts";

export interface RememberedDeps {
  memory: Memory;
  store: MemoryStore;
  messages: Pick<MessageStore, "ofTurn">;
  now(): number;
}

/** "Forget that" means what was remembered in this time. */
const JUST_NOW_MS = 2 * 3_600_000;
const AGENT: By = { actor: "agent", channel: null };
const THAT = /^(?:that|it|this|the last (?:one|thing|memory)|what (?:i|you) just (?:said|told you|remembered)|last)$/iu;
const ALL = /^(?:everything|all|all of (?:it|them)|all (?:my )?memor(?:y|ies)|everything (?:about me|you know(?: about me)?))$/iu;
const REMEMBERED = 12;
/** Shown where it is not sure which one is meant. */
const NEAR = 4;

/** The memory for tools: what they remember was asked for by the user, and is said to come from the message that the turn answers. */
export const remembered = ({ memory, store, messages, now }: RememberedDeps): MemoryPort => ({
  remember(input, { key, tainted }) {
    const typed = messages.ofTurn(key.split(":")[0] ?? "").filter(({ role }) => role === "user");
    // Where content from outside was read, no words of the user's vouch for it.
    const said = tainted ? null : quoteOf(input.text, typed);
    const source = typed.find(({ id }) => id === said?.messageId) ?? typed.at(-1);
    const {
      memory: made,
      known,
      superseded,
    } = memory.remember(
      {
        ...input,
        source: { kind: "chat", id: source?.id ?? null, quote: said?.quote ?? null, channel: source?.channel ?? null },
        confidence: tainted ? 0.6 : 1,
        tainted,
        asked: !tainted,
        pinned: false,
      },
      { key },
    );
    return { memory: viewOf(made), known, replaced: superseded.length > 0 };
  },
  takeBack: (id, updatedAt) => memory.takeBack(id, updatedAt),
  recall: (query, spaces, limit) => memory.recall(query, { limit, use: true, ...(spaces === null ? {} : { spaces }) }),
  async meant(what) {
    const wanted = what.replace(/^["“”']+|["“”'.!]+$/gu, "").trim();
    if (ALL.test(wanted))
      throw new MargayError(
        "invalid_request",
        "Everything at once is forgotten with `/memory forget all`, or on the Memory page.",
        withNext("The user does that."),
      );
    if (THAT.test(wanted)) return justNow(store, now());
    if (/^[0-9a-f-]{6,36}$/iu.test(wanted)) {
      const named = store.prefixed(wanted.toLowerCase(), REMEMBERED);
      if (named.length > 0) return { memories: named.map(viewOf), sure: true };
    }
    const { memories, sure } = await fitting(wanted, memory, store);
    return { memories: memories.map(viewOf), sure };
  },
  textOf(id) {
    const [only, ...others] = /^[0-9a-f-]{6,36}$/iu.test(id) ? store.prefixed(id.toLowerCase(), 2) : [];
    return only === undefined || others.length > 0 ? null : only.text;
  },
  async forget(id, key) {
    const { messages: _, ...done } = await memory.forget(id, AGENT, key);
    return done;
  },
  forgottenBy: (key) => memory.forgottenBy(key),
});

/** What was remembered last, if that was now; otherwise the last few, to choose from. */
function justNow(store: MemoryStore, now: number): Awaited<ReturnType<MemoryPort["meant"]>> {
  const newest = store.newest(NEAR);
  const [last] = newest;
  if (last !== undefined && now - last.created_at < JUST_NOW_MS) return { memories: [viewOf(last)], sure: true };
  return { memories: newest.map(viewOf), sure: false };
}

/** Memories that say the same, else those that have every word; else the nearest few, which are not surely meant. */
async function fitting(wanted: string, memory: Memory, store: MemoryStore): Promise<{ memories: StoredMemory[]; sure: boolean }> {
  const hits = await memory.recall(wanted, { limit: REMEMBERED, spaces: ["memory"], past: true });
  const found = hits.flatMap(({ id }) => store.get(id) ?? []);
  const current = found.filter(({ superseded_at }) => superseded_at === null);
  const same = current.filter(({ text }) => fold(text) === fold(wanted));
  if (same.length > 0) return { memories: same, sure: true };
  const stems = analyze(wanted.replace(/^(?:that |about |what (?:you know|i said) about )+/iu, ""));
  const whole = (some: readonly StoredMemory[]): StoredMemory[] =>
    some.filter(({ text }) => {
      const has = new Set(analyze(text));
      return stems.length > 0 && stems.every((stem) => has.has(stem));
    });
  for (const some of [whole(current), whole(found)]) if (some.length > 0) return { memories: some, sure: true };
  return { memories: current.slice(0, NEAR), sure: false };
}
