import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Listened, understandListen } from "../../src/events/understand-listen.ts";
import { addListener } from "../../src/tools/events/add-listener.ts";

const listened = (text: string): Listened | null => {
  const understood = understandListen(text);
  return understood.ok ? understood.listened : null;
};
const PAGE = "https://example.com/prices";
const FEED = "https://example.com/feed.xml";
const about = (value: string) => ({ any: true, if: ["title", "summary"].map((path) => ({ path, op: "contains", value })) });
const PROVEN = { path: "authenticated", op: "eq", value: true };
const told = (text: string) => ({ kind: "text", do: text });
const asked = (text: string) => ({ kind: "prompt", do: text });

describe("understandListen()", () => {
  test.each<[string, object]>([
    [`when ${PAGE} changes tell me`, { from: "page", url: PAGE, ...told("example.com changed:") }],
    [`When the page ${PAGE} changes, let me know.`, { from: "page", url: PAGE, ...told("example.com changed:") }],
    [PAGE, { from: "page", url: PAGE, ...told("example.com changed:") }],
    [`the page at <${PAGE}> is updated: sum up what is new`, { from: "page", url: PAGE, ...asked("sum up what is new") }],
    [`${PAGE} changes tell me what changed`, { from: "page", url: PAGE, ...asked("tell me what changed") }],
    [`${PAGE} changes tell me "Look at it"`, { from: "page", url: PAGE, ...told("Look at it") }],
    [`if ${PAGE} says "Sold out", tell me`, { from: "page", url: PAGE, contains: "Sold out", ...told("example.com changed:") }],
    [`whenever ${PAGE} mentions bread tell me`, { from: "page", url: PAGE, contains: "bread", ...told("example.com changed:") }],
    [`when ${FEED} has a new entry tell me`, { from: "feed", url: FEED, ...told("New at example.com:") }],
    [FEED, { from: "feed", url: FEED, ...told("New at example.com:") }],
    [
      `the blog https://example.com/ has something new about bread: sum it up`,
      { from: "feed", url: "https://example.com/", ...about("bread"), ...asked("sum it up") },
    ],
    [
      `https://example.com publishes something about rye bread tell me`,
      { from: "feed", url: "https://example.com", ...about("rye bread"), ...told("New at example.com:") },
    ],
    [
      `a new post on https://example.com/blog, then compare it with my notes`,
      { from: "feed", url: "https://example.com/blog", ...asked("compare it with my notes") },
    ],
    ["when mail arrives tell me", { from: "mail", ...told("Mail came:") }],
    [
      "when mail from Ana@Example.com arrives tell me",
      { from: "mail", if: [{ path: "from", op: "eq", value: "ana@example.com" }, PROVEN], ...told("Mail came:") },
    ],
    [
      "a mail from example.com about the rent comes in: draft an answer",
      {
        from: "mail",
        if: [{ path: "from", op: "like", value: "*@example.com" }, PROVEN, { path: "subject", op: "contains", value: "the rent" }],
        ...asked("draft an answer"),
      },
    ],
    [
      "e-mail from Mr Land comes, tell me",
      { from: "mail", if: [{ path: "from_name", op: "contains", value: "Mr Land" }], ...told("Mail came:") },
    ],
    [
      "when ana@example.com writes me a mail tell me",
      { from: "mail", if: [{ path: "from", op: "eq", value: "ana@example.com" }, PROVEN], ...told("Mail came:") },
    ],
    ["when GitHub calls tell me", { from: "github", ...told("GitHub called:") }],
    ["my server posts something: check whether it is urgent", { from: "hmac", ...asked("check whether it is urgent") }],
  ])("understands %s", (text, wanted) => {
    expect(listened(text)).toEqual(wanted);
    expect(addListener.input.safeParse(listened(text)).success).toBe(true);
  });

  test.each([
    "",
    "when it rains tell me",
    "when GitHub has a new pull request of Ana tell me",
    `when ${PAGE} changes on Sundays tell me`,
    `when ${PAGE} is down tell me`,
    "when mail arrives with an invoice in it tell me",
    "mail from",
  ])("passes no words over that it does not understand: %s", (text) => {
    expect(understandListen(text)).toEqual({ ok: false, question: null });
  });

  test("asks whose mail is meant where there is no address or name", () => {
    expect(understandListen("when mail from my landlord arrives, tell me")).toMatchObject({
      ok: false,
      question: expect.stringContaining("Whose"),
    });
  });

  test("gives for any text an address that stands in it, and nothing that the tool does not take", () => {
    const words = fc.constantFrom(
      "when ",
      "the page ",
      PAGE,
      FEED,
      " changes",
      " has news",
      " about ",
      "mail ",
      "from ",
      "GitHub ",
      "tell me",
      ", ",
      ": ",
      '"',
      "\n",
      "sum it up",
      "my ",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string({ unit: "grapheme", maxLength: 12 })), { maxLength: 12 }), (parts) => {
        const text = parts.join("");
        const found = listened(text);
        if (found === null) return;
        if (found.url !== undefined) expect(text).toContain(found.url);
        expect(addListener.input.safeParse(found).success).toBe(true);
      }),
    );
  });
});
