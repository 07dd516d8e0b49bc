import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Channel, Delivery, DeliveryContext, Parsed } from "../../src/channels/channel.ts";
import { InboundMessage, type ReplyTarget } from "../../src/channels/message.ts";
import { LONE_SURROGATES, NAUGHTY_STRINGS } from "../support/naughty-strings.ts";

/** How the other side behaves at the next attempts to send. */
export type Trouble =
  /** It will never take it. */
  | "refuse"
  /** It asks to wait, 7 seconds unless {@link PushWorld.slowDownMs} says otherwise. */
  | "slow_down"
  /** It has a fault of its own (5xx). */
  | "fault"
  /** The connection breaks before anything arrived. */
  | "broken";

/** The other side of a push channel, made anew for each test. */
export interface PushWorld {
  target: ReplyTarget;
  /** Everything but `save`, `state` and `now`, which the suite brings. */
  context: Omit<DeliveryContext, "save" | "state" | "now">;
  /** How long the driver waits when the other side says "slow down" and cannot say for how long. */
  slowDownMs?: number;
  /** Troubles the next attempt to send, once (`refuse`: for good). */
  trouble(kind: Trouble): Promise<void>;
  /** The texts that arrived and are still to be seen, oldest first. */
  received(): Promise<string[]>;
  close?(): Promise<void>;
}

/** A driver as the suite needs it. */
export interface ChannelCase<Raw> {
  name: string;
  channel: Channel<Raw>;
  /** A message that a person sent, as the driver gets it. `delivery` names it: the same name is the same delivery again. */
  typed(text: string, delivery: string): Raw;
  /** Whether what was sent is the user's own word (a webhook's sender is a program: then it is content). */
  word: boolean;
  /** Ways in which somebody else's text comes with a message whose own text is `own`; each must end as content. */
  foreign: Record<string, (foreign: string, own: string) => Raw>;
  /** Any JSON as a raw input. Leave it out where the route parses the body before the driver sees it. */
  anyRaw?(json: unknown): Raw;
  /** Leave out for pull channels. */
  push?(): Promise<PushWorld>;
}

const RECEIVED_AT = 1_795_000_000_000;

function messageOf(parsed: Parsed): InboundMessage {
  if (parsed.kind !== "message") throw new Error(`Expected a message: ${JSON.stringify(parsed)}`);
  return parsed.message;
}

const contentTexts = (message: InboundMessage): string[] => message.content.flatMap((item) => (item.kind === "file" ? [] : [item.text]));

/** What every driver of the {@link Channel} port keeps. Call it in the driver's test file. */
export function channelConformance<Raw>(driver: ChannelCase<Raw>): void {
  const { channel } = driver;
  const parse = (raw: Raw) => Promise.resolve(channel.parse(raw, RECEIVED_AT));

  describe(`${driver.name} parse()`, () => {
    test("gives a message of the port's shape, of its own channel", async () => {
      const message = messageOf(await parse(driver.typed("hello", "one")));
      expect(InboundMessage.parse(message)).toEqual(message);
      expect(message.channel).toBe(channel.id);
    });

    test("is pure: the same input gives the same message and is left as it was", async () => {
      const raw = driver.typed("hello", "one");
      const before = structuredClone(raw);
      const [first, second] = [await parse(raw), await parse(driver.typed("hello", "one"))];
      expect(first).toEqual(second);
      expect(raw).toEqual(before);
    });

    test("keeps the key of a delivery and gives another delivery another key", async () => {
      const [one, again, two] = [
        messageOf(await parse(driver.typed("hello", "one"))),
        messageOf(await parse(driver.typed("hello", "one"))),
        messageOf(await parse(driver.typed("hello", "two"))),
      ];
      expect(again.key).toBe(one.key);
      expect(again.bodyHash).toBe(one.bodyHash);
      expect(two.key).not.toBe(one.key);
      expect(two.route).toBe(one.route);
    });

    test("gives another text under the same key another body hash", async () => {
      const [one, other] = [messageOf(await parse(driver.typed("hello", "one"))), messageOf(await parse(driver.typed("bye", "one")))];
      expect(other.key).toBe(one.key);
      expect(other.bodyHash).not.toBe(one.bodyHash);
    });

    test.each(NAUGHTY_STRINGS.map((text, index) => [index, text] as const))(
      "hands over naughty string %i unchanged",
      async (index, text) => {
        const message = messageOf(await parse(driver.typed(text, `n${index}`)));
        expect(InboundMessage.parse(message)).toEqual(message);
        if (driver.word) expect(message.text).toBe(text);
        else {
          expect(message.text).toBe("");
          expect(contentTexts(message)).toContain(text);
        }
      },
    );

    test.each(LONE_SURROGATES.map((text) => [JSON.stringify(text), text] as const))(
      "neither fails on nor changes the broken text %s",
      async (_, text) => {
        const parsed = await parse(driver.typed(text, "broken"));
        if (parsed.kind === "message") expect([parsed.message.text, ...contentTexts(parsed.message)]).toContain(text);
        else expect(parsed.kind).toBe("invalid");
      },
    );

    test.each(Object.keys(driver.foreign))("never takes %s for the user's word", async (way) => {
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...NAUGHTY_STRINGS), async (noise) => {
          const canary = `canary-7f3a ${noise}`;
          const raw = driver.foreign[way]?.(canary, "my own words");
          if (raw === undefined) return;
          const parsed = await parse(raw);
          if (parsed.kind !== "message") return;
          expect(parsed.message.text).not.toContain("canary-7f3a");
          expect(contentTexts(parsed.message).join("\n")).toContain("canary-7f3a");
          expect(InboundMessage.parse(parsed.message)).toEqual(parsed.message);
        }),
        { numRuns: 30 },
      );
    });

    const { anyRaw } = driver;
    if (anyRaw)
      test("is total: no JSON makes it throw, and what it takes is of the port's shape", async () => {
        await fc.assert(
          fc.asyncProperty(fc.jsonValue({ maxDepth: 6 }), async (json) => {
            const parsed = await parse(anyRaw(json));
            if (parsed.kind === "message") expect(InboundMessage.parse(parsed.message)).toEqual(parsed.message);
            else if (parsed.kind === "invalid") expect(parsed.error.message).not.toBe("");
            else expect(parsed.reason).not.toBe("");
          }),
          { numRuns: 300 },
        );
      });
  });

  const { push } = driver;
  test(`${driver.name} delivers by itself exactly when it is a push channel`, () => {
    expect(channel.delivery === "push").toBe(channel.deliver !== undefined);
    if (channel.delivery === "pull") expect(push).toBeUndefined();
  });
  if (push) pushConformance(driver.name, channel, push);
}

function pushConformance<Raw>(name: string, channel: Channel<Raw>, push: () => Promise<PushWorld>): void {
  /** Runs a test against a fresh other side, with the record that an outbox would keep. */
  async function against(
    work: (outbox: {
      world: PushWorld;
      deliver(text: string, lateBy?: number): Promise<unknown>;
      saved(): unknown;
      context(): DeliveryContext;
    }) => Promise<void>,
  ) {
    const world = await push();
    let saved: unknown = null;
    let attempt = 0;
    const context = (lateBy = 0): DeliveryContext => ({
      ...world.context,
      now: () => Date.now() + lateBy,
      state: saved,
      save: (state) => {
        saved = structuredClone(state);
      },
    });
    const deliver = (text: string, lateBy = 0) => {
      const delivery: Delivery = {
        id: "delivery-1",
        turnId: "turn-1",
        target: world.target,
        text,
        approval: null,
        files: [],
        status: "done",
        attempt: ++attempt,
        state: saved,
      };
      return Promise.resolve(channel.deliver?.(delivery, context(lateBy)));
    };
    try {
      await work({ world, deliver, saved: () => saved, context });
    } finally {
      await world.close?.();
    }
  }

  describe(`${name} deliver()`, () => {
    test("is told when the other side took it", () =>
      against(async ({ world, deliver }) => {
        expect(await deliver("The answer.")).toEqual({ kind: "told" });
        expect(await world.received()).toEqual(["The answer."]);
      }));

    test("shows nothing twice when it is repeated after it was told", () =>
      against(async ({ world, deliver, saved }) => {
        expect(await deliver("The answer.")).toEqual({ kind: "told" });
        if (saved() === null) return; // The other side tells repeats apart by itself.
        expect(await deliver("The answer.")).toEqual({ kind: "told" });
        expect(await world.received()).toEqual(["The answer."]);
      }));

    test("stops when it is refused, with a reason", () =>
      against(async ({ world, deliver }) => {
        await world.trouble("refuse");
        expect(await deliver("The answer.")).toEqual({ kind: "refused", reason: expect.stringMatching(/./) });
        expect(await world.received()).toEqual([]);
      }));

    test("waits as long as the other side asks, then is told once", () =>
      against(async ({ world, deliver }) => {
        await world.trouble("slow_down");
        const afterMs = world.slowDownMs ?? 7000;
        expect(await deliver("The answer.")).toEqual({ kind: "retry", reason: expect.stringMatching(/./), afterMs });
        expect(await deliver("The answer.", afterMs + 1000)).toEqual({ kind: "told" });
        expect(await world.received()).toEqual(["The answer."]);
      }));

    test.each(["fault", "broken"] as const)("is tried again after trouble of the kind %s, then told once", (kind) =>
      against(async ({ world, deliver }) => {
        await world.trouble(kind);
        expect(await deliver("The answer.")).toMatchObject({ kind: "retry", reason: expect.stringMatching(/./) });
        expect(await deliver("The answer.", 60_000)).toEqual({ kind: "told" });
        expect(await world.received()).toEqual(["The answer."]);
      }),
    );

    test("refuses a target of another channel", () =>
      against(async ({ world, context }) => {
        const delivery: Delivery = {
          id: "d",
          turnId: "t",
          target: { channel: "web" },
          text: "x",
          status: "done",
          attempt: 1,
          state: null,
          approval: null,
          files: [],
        };
        expect(await channel.deliver?.(delivery, context())).toMatchObject({ kind: "refused" });
        expect(await world.received()).toEqual([]);
      }));

    test.each(NAUGHTY_STRINGS.map((text, index) => [index, text] as const))("gets naughty string %i across", (_, text) =>
      against(async ({ world, deliver }) => {
        expect(await deliver(text)).toEqual({ kind: "told" });
        expect((await world.received()).length).toBeGreaterThan(0);
      }),
    );

    test("gives no secret away in its reasons or its saved state", () =>
      against(async ({ world, deliver, saved }) => {
        const secrets: string[] = [];
        const { secret } = world.context;
        world.context.secret = async (wanted) => {
          const value = await secret(wanted);
          if (value !== null) secrets.push(value);
          return value;
        };
        await world.trouble("broken");
        const outcomes = [await deliver("The answer."), await deliver("The answer.", 60_000)];
        for (const value of secrets) expect(JSON.stringify([outcomes, saved()])).not.toContain(value);
      }));
  });

  if (channel.open)
    describe(`${name} open()`, () => {
      test("shows progress that the final delivery completes, without a second message", () =>
        against(async ({ world, deliver, context }) => {
          const live = channel.open?.(world.target, context());
          for (let length = 1; length <= 40; length++) live?.update("The answer is growing word by word.".slice(0, length));
          await live?.settle();
          expect(await deliver("The answer has grown.")).toEqual({ kind: "told" });
          expect(await world.received()).toEqual(["The answer has grown."]);
        }));

      test.each(["refuse", "slow_down", "fault", "broken"] as const)("never throws when there is trouble of the kind %s", (kind) =>
        against(async ({ world, context }) => {
          await world.trouble(kind);
          const live = channel.open?.(world.target, context());
          live?.update("Words that may never be shown to anybody");
          await live?.settle();
        }),
      );

      test("is null for a target of another channel", () =>
        against(async ({ context }) => {
          expect(channel.open?.({ channel: "web" }, context())).toBeNull();
        }));
    });
}
