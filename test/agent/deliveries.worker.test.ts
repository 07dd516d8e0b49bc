import { runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { Deliveries } from "../../src/agent/deliveries.ts";
import { channels } from "../../src/channels/registry.ts";
import { MessageStore } from "../../src/db/object/messages.ts";
import { OutboxStore } from "../../src/db/object/outbox.ts";
import { testUser } from "../support/agent-client.ts";

test("Deliveries.run() delivers what comes while it plans its next wake", async () => {
  const { object, id } = await testUser();
  await runInDurableObject(object, async (_agent, { storage }) => {
    const outbox = new OutboxStore(storage.sql);
    const messages = new MessageStore(storage.sql);
    const told: string[] = [];
    const add = (text: string): void => {
      const target = { channel: "webhook", callbackUrl: "https://example.com/" } as const;
      messages.insert({
        id: text,
        conversationId: "c",
        role: "assistant",
        kind: "chat",
        channel: "webhook",
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
      outbox.insert({ id: text, turnId: null, messageId: text, target, state: "pending", createdAt: 0 });
    };
    const late: Promise<void>[] = [];
    const deliveries: Deliveries = new Deliveries({
      outbox,
      messages,
      userId: id,
      channels: {
        ...channels,
        webhook: {
          ...channels.webhook,
          async deliver({ text }) {
            told.push(text);
            return text === "first" ? { kind: "retry", reason: "busy", afterMs: 3_600_000 } : { kind: "told" };
          },
        },
      },
      secret: () => Promise.resolve(null),
      fetch,
      apiRoot: null,
      async wakeAt(at) {
        if (at < 3_600_000 || late.length > 0) return;
        // A turn ends just now.
        add("second");
        late.push(deliveries.run());
      },
      log() {},
      now: () => 0,
    });
    add("first");
    await deliveries.run();
    await Promise.all(late);
    expect(told).toEqual(["first", "second"]);
  });
});
