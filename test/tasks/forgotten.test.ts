import { expect, test } from "vitest";
import { rewriteQuotes } from "../../src/db/object/quoting-tables.ts";
import { TaskStore } from "../../src/db/object/tasks.ts";
import { objectStorage } from "../support/object-storage.ts";
import { START } from "../support/task-home.ts";

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
    plan: { prompt: "", tools: [], capabilities: [] },
    limits: { steps: 1, tokens: 1_000, micro_usd: 1_000, minutes: 1 },
    replyTo: { channel: "web" },
    tell: true,
    createdAt: START,
  });
  store.putStep({ taskId: "k1", n: 0, text: `I look for ${secret}.`, reply: JSON.stringify({ text: secret }), at: START });
  store.progress("k1", `Looked for ${secret}`);
  const text = (value: string): string => value.replaceAll(secret, "[forgotten]");
  rewriteQuotes(sql, { text, value: (value) => JSON.parse(text(JSON.stringify(value))) as unknown });
  expect(JSON.stringify([store.get("k1"), store.stepsOf("k1"), store.reply("k1", 0)])).not.toContain("blue");
  expect(store.get("k1")).toMatchObject({ input: "Find [forgotten]", words: ["I live in [forgotten]"] });
});
