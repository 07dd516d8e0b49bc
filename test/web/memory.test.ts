import { describe, expect, it } from "vitest";
import {
  asKind,
  expiresAfter,
  forgottenWords,
  isPast,
  pinnedFirst,
  sourceOf,
  statusWords,
  sureWords,
  timeWords,
  usedWords,
} from "../../src/web/memory/memory-words.ts";
import { memory } from "./fixtures.ts";

const NOW = new Date(2026, 4, 20, 12).getTime();
const DAY = 86_400_000;
const made = NOW - DAY;

describe("sourceOf()", () => {
  it("says when and where the user said it, and leads to the message", () => {
    expect(sourceOf(NOW, memory({ created_at: made }))).toEqual({ text: "You said yesterday on Telegram", href: "/?message=message-1" });
    const web = memory({ created_at: NOW, source: { kind: "chat", id: null, quote: null, channel: "web" } });
    expect(sourceOf(NOW, web)).toEqual({ text: "You said today in the chat", href: null });
  });

  it("never calls the user's word what came with outside content", () => {
    expect(sourceOf(NOW, memory({ created_at: made, tainted: true })).text).toBe("From a conversation yesterday on Telegram");
  });

  it("tells a document, an import, and what was typed or sent by a program apart", () => {
    const of = (kind: "document" | "import" | "page", channel: string | null) =>
      sourceOf(NOW, memory({ created_at: made, source: { kind, id: kind === "document" ? "d 1" : null, quote: null, channel } }));
    expect(of("document", null)).toEqual({ text: "From a document, yesterday", href: "/knowledge/d%201" });
    expect(of("import", null)).toEqual({ text: "Imported yesterday", href: null });
    expect(of("page", "web")).toEqual({ text: "Typed here yesterday", href: null });
    expect(of("page", "http")).toEqual({ text: "Added over the API yesterday", href: null });
  });
});

describe("what a row says of a memory", () => {
  it("counts its uses, and says nothing of none", () => {
    expect(usedWords(NOW, memory())).toBeNull();
    expect(usedWords(NOW, memory({ uses: 1, last_used_at: NOW }))).toBe("Used once, today");
    expect(usedWords(NOW, memory({ uses: 12, last_used_at: made }))).toBe("Used 12 times, last yesterday");
  });

  it("says how sure it is only below 0.7", () => {
    expect([1, 0.7, 0.69, 0.5].map((confidence) => sureWords(memory({ confidence })))).toEqual([null, null, "69% sure", "50% sure"]);
  });

  it("says until when something holds, with the hour where that is near, and whether it is over", () => {
    const until = (expires: number) => timeWords(NOW, memory({ expires_at: expires }))[0];
    expect(until(NOW + 60_000)).toMatch(/^Until today, /u);
    expect(until(NOW + 10 * DAY)).toMatch(/^Until \D*30/u);
    expect(until(NOW - 60_000)).toMatch(/^Held until today, /u);
    expect(isPast(NOW, memory({ expires_at: NOW - 1 }))).toBe(true);
    expect(isPast(NOW, memory({ expires_at: NOW + 1 }))).toBe(false);
    expect(isPast(NOW, memory({ superseded_at: NOW - DAY }))).toBe(true);
  });
});

describe("pinnedFirst()", () => {
  it("keeps the order but for what is pinned", () => {
    const list = ["a", "b", "c", "d"].map((id) => memory({ id, pinned: id === "b" || id === "d" }));
    expect(pinnedFirst(list).map(({ id }) => id)).toEqual(["b", "d", "a", "c"]);
  });
});

describe("forgottenWords()", () => {
  it("says what went, also out of the conversation, and what is still tried", () => {
    expect(forgottenWords({ memories: 1, messages: 0, verified: true }, false)).toBe("Forgotten.");
    expect(forgottenWords({ memories: 1, messages: 2, verified: true }, false)).toBe("Forgotten. Its words were taken out of 2 messages.");
    expect(forgottenWords({ memories: 1, messages: 0, verified: true, skills: ["minutes"] }, false)).toContain("still say it: minutes.");
    expect(forgottenWords({ memories: 3, messages: 1, verified: false }, true)).toBe(
      "Forgotten: 3 memories. Their words were taken out of 1 message. What could not be reached yet is tried again by itself.",
    );
  });
});

describe("statusWords()", () => {
  const status = (entries: number, embedded: number, unsaved = 0) =>
    statusWords({ index: { entries, embedded, embedder: "e" }, last_pass_at: null, unsaved, quiet: true });
  it("speaks only while there is something to wait for", () => {
    expect(status(1300, 1300)).toBeNull();
    expect(status(1300, 1204)).toBe(
      `${new Intl.NumberFormat().format(1204)} of ${new Intl.NumberFormat().format(1300)} searchable by meaning`,
    );
    expect(status(2, 2, 1)).toBe("1 change is still being saved");
  });
});

describe("asKind() and expiresAfter()", () => {
  it("take what the page offers and nothing else", () => {
    expect([asKind("fact"), asKind("past"), asKind(null), asKind("constructor")]).toEqual(["fact", null, null, null]);
    expect(expiresAfter(NOW, "week") - NOW).toBe(7 * DAY);
  });
});
