import { expect, test } from "vitest";
import { rewriteQuotes } from "../../src/db/object/quoting-tables.ts";
import { ProfileStore } from "../../src/db/object/profiles.ts";
import { TaskStore } from "../../src/db/object/tasks.ts";
import { objectStorage } from "../support/object-storage.ts";
import { aTask, START, taskHome } from "../support/task-home.ts";

test("rewriteQuotes() takes words out of whatever a task holds, also while it runs", () => {
  const { sql } = objectStorage();
  const store = new TaskStore(sql);
  const secret = "the blue house";
  store.insert({
    id: "k1",
    key: "key",
    bodyHash: null,
    parentId: null,
    conversationId: null,
    origin: "user",
    profile: "research",
    tier: "smart",
    title: `About ${secret}`,
    input: `Find ${secret}`,
    content: [{ kind: "context", origin: "a mail", text: secret }],
    word: true,
    tainted: true,
    suspicious: false,
    words: [`I live in ${secret}`],
    known: [],
    given: [],
    plan: { prompt: `Think of ${secret}`, tools: ["the blue house"], capabilities: ["the blue house"] },
    limits: { steps: 1, tokens: 1_000, micro_usd: 1_000, minutes: 1 },
    replyTo: { channel: "web" },
    tell: true,
    expects: { description: secret },
    createdAt: START,
  });
  store.putReview("k1", { step: 0, notes: [`About ${secret}`] });
  store.putStep({ taskId: "k1", n: 0, text: `I look for ${secret}.`, reply: JSON.stringify({ text: secret }), at: START });
  store.progress("k1", `Looked for ${secret}`);
  const text = (value: string): string => value.replaceAll(secret, "[forgotten]");
  rewriteQuotes(sql, { text, value: (value) => JSON.parse(text(JSON.stringify(value))) as unknown });
  const { plan, ...row } = store.get("k1") ?? {};
  expect(JSON.stringify([row, store.stepsOf("k1"), store.reply("k1", 0)])).not.toContain("blue");
  // Names stay: what they name would not be found any more.
  expect(plan).toEqual({ prompt: "Think of [forgotten]", tools: ["the blue house"], capabilities: ["the blue house"] });
  expect(store.get("k1")).toMatchObject({ input: "Find [forgotten]", words: ["I live in [forgotten]"] });
});

test("rewriteQuotes() takes words out of what a profile says, and leaves its names", () => {
  const { sql } = objectStorage();
  const store = new ProfileStore(sql);
  const profile = { name: "blue", tier: "smart", tools: ["blue"], capabilities: ["blue"], createdAt: START, updatedAt: START } as const;
  const limits = { steps: 1, tokens: 1_000, micro_usd: 1_000, minutes: 1 };
  store.put({ ...profile, tools: ["blue"], capabilities: ["blue"], limits, purpose: "Paints blue", prompt: "All in blue." });
  const text = (value: string): string => value.replaceAll("blue", "[forgotten]");
  expect(rewriteQuotes(sql, { text, value: (value) => value })).toBe(1);
  expect(store.get("blue")).toMatchObject({ ...profile, purpose: "Paints [forgotten]", prompt: "All in [forgotten]." });
});

test("TaskStore.underWay() is true while an executor has a task in mind", () => {
  const { tasks, store } = taskHome({ executors: 1 });
  const first = tasks.start(aTask({ key: "a" })).id;
  expect(store.underWay()).toBe(false);
  tasks.tend();
  expect(store.underWay()).toBe(true);
  tasks.wait(first);
  expect(store.underWay()).toBe(true);
  tasks.end(first, "done", null);
  expect(store.underWay()).toBe(false);
});
