import { runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { Deliveries, type DeliveryDeps } from "../../src/agent/deliveries.ts";
import type { Channel } from "../../src/channels/channel.ts";
import type { ReplyTarget } from "../../src/channels/message.ts";
import { channels } from "../../src/channels/registry.ts";
import { MessageStore } from "../../src/db/object/messages.ts";
import { OutboxStore } from "../../src/db/object/outbox.ts";
import { approvalView } from "../commands/fake-context.ts";
import { testUser } from "../support/agent-client.ts";

const HOOK: ReplyTarget = { channel: "webhook", callbackUrl: "https://example.com/" };
const CHAT: ReplyTarget = { channel: "telegram", bot: "shared", chatId: 7 };

interface Setting {
  deliveries: Deliveries;
  outbox: OutboxStore;
  /** Puts a reply with this text, which is also its id, into the outbox. */
  add(text: string, target?: ReplyTarget, state?: "pending" | "live"): void;
}

/** Deliveries in a real object, with drivers and an alarm of the test's own. */
async function withDeliveries(
  drivers: Partial<Record<"webhook" | "telegram", Partial<Channel>>>,
  work: (setting: Setting) => Promise<void>,
  deps: Partial<DeliveryDeps> = {},
): Promise<void> {
  const { object, id } = await testUser();
  await runInDurableObject(object, async (_agent, { storage }) => {
    const outbox = new OutboxStore(storage.sql);
    const messages = new MessageStore(storage.sql);
    const add: Setting["add"] = (text, target = HOOK, state = "pending") => {
      messages.insert({
        id: text,
        conversationId: "c",
        role: "assistant",
        kind: "chat",
        channel: target.channel,
        text,
        content: [],
        steps: [],
        tainted: false,
        turnId: null,
        externalId: null,
        status: "done",
        error: null,
        model: null,
        usage: null,
        createdAt: 0,
      });
      outbox.insert({ id: text, turnId: text, messageId: text, target, state, createdAt: 0 });
    };
    const deliveries = new Deliveries({
      outbox,
      messages,
      userId: id,
      channels: {
        ...channels,
        webhook: { ...channels.webhook, ...drivers.webhook },
        telegram: { id: "telegram", delivery: "push", coalesce: true, parse: () => ({ kind: "ignored", reason: "" }), ...drivers.telegram },
      },
      secret: () => Promise.resolve(null),
      fetch,
      apiRoot: null,
      approval: () => null,
      suspended: () => false,
      wakeAt: () => Promise.resolve(),
      log() {},
      now: () => 0,
      ...deps,
    });
    await work({ deliveries, outbox, add });
  });
}

test("Deliveries.run() delivers what comes while it plans its next wake", async () => {
  const told: string[] = [];
  const late: Promise<void>[] = [];
  let setting: Setting | undefined;
  let added = false;
  await withDeliveries(
    {
      webhook: {
        async deliver({ text }) {
          told.push(text);
          return text === "first" ? { kind: "retry", reason: "busy", afterMs: 3_600_000 } : { kind: "told" };
        },
      },
    },
    async (given) => {
      setting = given;
      given.add("first");
      await given.deliveries.run();
      await Promise.all(late);
    },
    {
      async wakeAt(at) {
        if (at < 3_600_000 || added) return;
        // A turn ends just now.
        added = true;
        setting?.add("second");
        late.push(setting?.deliveries.run() ?? Promise.resolve());
      },
    },
  );
  expect(told).toEqual(["first", "second"]);
});

test("Deliveries.run() delivers to everybody else while one host hangs, and to that one in order", async () => {
  const told: string[] = [];
  let answer = (): void => {};
  await withDeliveries(
    {
      webhook: {
        async deliver({ text }) {
          if (text === "slow") await new Promise<void>((resolve) => (answer = resolve));
          told.push(text);
          return { kind: "told" };
        },
      },
      telegram: {
        async deliver({ text }) {
          told.push(text);
          return { kind: "told" };
        },
      },
    },
    async ({ deliveries, add }) => {
      add("slow");
      add("after slow");
      const first = deliveries.run();
      add("chat", CHAT);
      void deliveries.run();
      await expect.poll(() => told).toEqual(["chat"]);
      answer();
      await first;
    },
  );
  expect(told).toEqual(["chat", "slow", "after slow"]);
});

test("Deliveries.run() plans a wake for what a crash may interrupt, and for the next that is due elsewhere", async () => {
  const wakes: number[] = [];
  let answer = (): void => {};
  await withDeliveries(
    {
      webhook: {
        async deliver() {
          await new Promise<void>((resolve) => (answer = resolve));
          return { kind: "told" };
        },
      },
      telegram: { deliver: () => Promise.resolve({ kind: "retry", reason: "slow down", afterMs: 5_000 }) },
    },
    async ({ deliveries, add }) => {
      add("slow");
      add("chat", CHAT);
      const running = deliveries.run();
      await expect.poll(() => wakes.at(-1)).toBe(5_000);
      answer();
      await running;
      expect(wakes[0]).toBe(60_000);
      expect(wakes.at(-1)).toBe(5_000);
    },
    { wakeAt: async (at) => void wakes.push(at) },
  );
});

test("Deliveries.open() shows a turn once, however often it starts again in the same object", async () => {
  const opened: { settled: boolean }[] = [];
  await withDeliveries(
    {
      telegram: {
        open() {
          const reply = { settled: false };
          opened.push(reply);
          return {
            update() {},
            async settle() {
              reply.settled = true;
            },
          };
        },
        deliver: () => Promise.resolve({ kind: "told" }),
      },
    },
    async ({ deliveries, outbox, add }) => {
      add("turn", CHAT, "live");
      deliveries.open("turn");
      deliveries.open("turn");
      outbox.finishTurn("turn", "turn", 0);
      await deliveries.run();
    },
  );
  expect(opened).toEqual([{ settled: true }]);
});

test("Deliveries.run() leaves what ends the object each time for a while, and gives it up in the end", async () => {
  let now = 0;
  const tried: string[] = [];
  const reasons: (string | null | undefined)[] = [];
  await withDeliveries(
    {
      webhook: {
        deliver({ text }) {
          tried.push(`${now}: ${text}`);
          return Promise.resolve({ kind: "told" });
        },
      },
    },
    async ({ deliveries, outbox, add }) => {
      add("deadly");
      for (let start = 0; start < 6; start++) {
        outbox.startAttempt("deadly");
        outbox.recover(now);
      }
      add("next");
      await deliveries.run();
      now = 2 * 24 * 3_600_000;
      await deliveries.run();
      reasons.push(outbox.get("deadly")?.state, outbox.get("deadly")?.reason);
    },
    { now: () => now },
  );
  expect(tried).toEqual(["0: next"]);
  expect(reasons).toEqual(["refused", expect.stringContaining("interrupted")]);
});

test("Deliveries.run() tries again later whatever failed by a fault of its own, and goes on with the rest", async () => {
  const told: string[] = [];
  const broken = () => {
    throw new Error("a fault");
  };
  await withDeliveries(
    {
      telegram: {
        takesFiles: true,
        deliver: ({ text }) => Promise.resolve(told.push(text)).then(() => ({ kind: "told" })),
        open: () => ({ update() {}, settle: () => Promise.reject(new Error("a fault")) }),
      },
      webhook: { deliver: ({ text }) => Promise.resolve(told.push(text)).then(() => ({ kind: "told" })) },
    },
    async ({ deliveries, outbox, add }) => {
      add("shown", { ...CHAT, chatId: 8 }, "live");
      deliveries.open("shown");
      outbox.finishTurn("shown", "shown", 0);
      add("with files", CHAT);
      add("elsewhere");
      await deliveries.run();
      expect(outbox.get("with files")).toMatchObject({ state: "pending", nextAt: 1_000 });
      expect(outbox.get("shown")).toMatchObject({ state: "pending" });
    },
    { files: { of: broken, ofQuestion: broken, told() {} } },
  );
  expect(told).toEqual(["elsewhere"]);
});

test("Deliveries.run() lets no answer overtake another in a chat that asked to slow down", async () => {
  let now = 0;
  const tried: string[] = [];
  await withDeliveries(
    {
      telegram: {
        async deliver({ text }) {
          tried.push(`${now}: ${text}`);
          return tried.length === 1 ? { kind: "retry", reason: "429", afterMs: 30_000 } : { kind: "told" };
        },
      },
    },
    async ({ deliveries, add }) => {
      add("first", CHAT);
      add("second", CHAT);
      await deliveries.run();
      now = 31_000;
      await deliveries.run();
    },
    { now: () => now },
  );
  expect(tried).toEqual(["0: first", "31000: first", "31000: second"]);
});

test("Deliveries.run() brings a card again that changed while it was on its way", async () => {
  const shown: unknown[] = [];
  let state: "pending" | "done" = "pending";
  await withDeliveries(
    {
      telegram: {
        async deliver({ approval }) {
          shown.push(approval?.state);
          // Somebody answers just now.
          state = "done";
          return { kind: "told" };
        },
      },
    },
    async ({ deliveries, outbox }) => {
      outbox.insert({ id: "card", turnId: null, messageId: null, approvalId: "a1", target: CHAT, state: "pending", createdAt: 0 });
      await deliveries.run();
      expect(outbox.get("card")?.state).toBe("told");
    },
    { approval: () => approvalView({ state }) },
  );
  expect(shown).toEqual(["pending", "done"]);
});

test("Deliveries.run() brings nothing to anybody while the account is suspended", async () => {
  const told: string[] = [];
  await withDeliveries(
    {
      webhook: {
        async deliver({ text }) {
          told.push(text);
          return { kind: "told" };
        },
      },
    },
    async ({ deliveries, outbox, add }) => {
      add("first");
      await deliveries.run();
      expect(outbox.get("first")?.state).toBe("refused");
    },
    { suspended: () => true },
  );
  expect(told).toEqual([]);
});
