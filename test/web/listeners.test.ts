import { describe, expect, it } from "vitest";
import type { ListenerView } from "../../src/web/api/listeners.ts";
import {
  conditionWords,
  countedWords,
  doesWords,
  newScheme,
  pollWords,
  SCHEMES,
  sourceWords,
  whenWords,
} from "../../src/web/listeners/listener-words.ts";
import { conditionsOf, typedCondition } from "../../src/web/listeners/typed-conditions.ts";

const NOW = new Date(2026, 4, 20, 12).getTime();
const listener = (fields: Partial<ListenerView> = {}): ListenerView => ({
  id: "l1",
  number: 1,
  title: "News",
  source: { kind: "feed", url: "https://example.com/feed.xml", minutes: 60 },
  when: { match: "all", fields: [], question: null },
  action: { kind: "text", text: "Something is new" },
  status: "active",
  paused_because: null,
  batch_seconds: 30,
  per_hour: 20,
  author: "user",
  tainted: false,
  channel: "web",
  hook_path: null,
  secret: null,
  poll: null,
  events: 0,
  firings: 0,
  last_event_at: null,
  last_fired_at: null,
  created_at: NOW,
  updated_at: NOW,
  ...fields,
});

describe("what a row says of a listener", () => {
  it("says where it happens, and meets a kind that it does not know", () => {
    expect(sourceWords(listener().source)).toBe("News of example.com");
    expect(sourceWords({ kind: "page", url: "no address", minutes: 15, contains: "Sold out" })).toBe(
      "A change of no address, only lines with “Sold out”",
    );
    expect(SCHEMES.map(({ name }) => sourceWords({ kind: "hook", scheme: newScheme(name) }))).toEqual([
      "GitHub calls",
      "Stripe calls",
      "Slack calls",
      "Standard Webhooks calls",
      "A service calls",
    ]);
    expect(sourceWords({ kind: "comet" } as never)).toBe("Something happens");
  });

  it("says what is done, and not the same words twice", () => {
    expect(doesWords(listener())).toBe("Tells you: Something is new");
    expect(doesWords(listener({ title: "Something is new" }))).toBe("Tells you");
    expect(doesWords(listener({ action: { kind: "profile", profile: "research", input: "Read it" } }))).toBe("Task for research: Read it");
  });

  it("says which events count, and nothing where all of them do", () => {
    expect(whenWords(listener())).toBeNull();
    const fields = [
      { path: "a.b", op: "in" as const, value: ["x", "y"] },
      { path: "c", op: "exists" as const, value: false },
    ];
    expect(whenWords(listener({ when: { match: "any", fields, question: "Is it urgent?" } }))).toBe(
      "Only if a.b is one of x, y or c is not there, and a model says yes to “Is it urgent?”",
    );
  });

  it("counts what came, and says when it is looked at next", () => {
    expect(countedWords(NOW, listener())).toBe("Nothing came yet");
    expect(countedWords(NOW, listener({ events: 2, firings: 1, last_event_at: NOW }))).toMatch(/^2 events, acted once, last today at /u);
    const poll = { next_at: NOW + 60_000, last_at: null, last_ok_at: null, failures: 0, error: null };
    expect(pollWords(NOW, listener({ poll }))).toMatch(/^Looked at first: today, /u);
    expect(pollWords(NOW, listener({ poll: { ...poll, last_at: NOW, next_at: NOW } }))).toBe("Looked at next: now");
    expect(pollWords(NOW, listener({ poll, status: "paused" }))).toBeNull();
  });
});

describe("conditionsOf()", () => {
  it("takes back what it shows", () => {
    for (const condition of [
      { path: "a", op: "eq" as const, value: "open" },
      { path: "a.*.b", op: "in" as const, value: ["x", "y"] },
      { path: "a", op: "exists" as const },
      { path: "a", op: "exists" as const, value: false },
    ])
      expect(conditionsOf([typedCondition(condition)])).toEqual([condition]);
  });

  it("leaves out rows without a field", () => {
    expect(conditionsOf([{ path: " ", op: "eq", value: "x" }])).toEqual([]);
    expect(conditionWords({ path: "amount", op: "gt", value: "100" })).toBe("amount is more than 100");
  });
});
