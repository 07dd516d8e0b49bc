import { describe, expect, test } from "vitest";
import { onlyThis } from "../../scripts/eval/gate/only-this.ts";
import type { Occasion, Occasions, Telling } from "../../src/agent/occasions.ts";
import type { NewAuditEntry } from "../../src/db/object/audit.ts";
import { HeartbeatStore } from "../../src/db/object/heartbeats.ts";
import type { HeartbeatDecision } from "../../src/heartbeat/decide.ts";
import { Heartbeat } from "../../src/heartbeat/heartbeat.ts";
import { type Change, DEFAULT_HEARTBEAT, type HeartbeatSettings } from "../../src/heartbeat/shapes.ts";
import { earliest } from "../../src/heartbeat/source.ts";
import { objectStorage } from "../support/object-storage.ts";

const NOON = Date.UTC(2026, 10, 26, 12);
const MINUTE = 60_000;
const HOUR = 3_600_000;

/** A heartbeat over changes that appear at instants of the test's choosing. */
function home(changes: (Change & { at: number })[], settings: Partial<HeartbeatSettings> = {}) {
  const storage = objectStorage();
  const clock = { now: NOON };
  const asked: string[][] = [];
  const told: Telling[] = [];
  const begun: Occasion[] = [];
  const wakes: number[] = [];
  let decision: () => Promise<HeartbeatDecision> = async () => ({ do: "speak", text: "Something is due.", why: "they want it" });
  const self = {
    changes,
    settings: { ...DEFAULT_HEARTBEAT, ...settings },
    scrubFails: false,
    writeFails: false,
    trail: [] as NewAuditEntry[],
    begin: "begun" as ReturnType<Occasions["begin"]>,
    decides: (next: typeof decision) => void (decision = next),
    clock,
    asked,
    told,
    begun,
    wakes,
    /** A new one on the same storage, as after the object was ended. */
    make: () =>
      new Heartbeat({
        settings: () => self.settings,
        sources: [
          {
            look: (now) => ({
              changes: self.changes.filter(({ at }) => at <= now),
              next: earliest(
                self.changes.map(({ at }) => at),
                now,
              ),
            }),
          },
        ],
        store: new HeartbeatStore(storage.sql),
        decide: (some) => {
          asked.push(some.map(({ id }) => id));
          return decision();
        },
        occasions: () =>
          onlyThis<Occasions>("Occasions", {
            tell: (telling) => (told.push(telling), "begun"),
            begin: (occasion) => (begun.push(occasion), self.begin),
            home: () => ({ channel: "web" }),
            go: async () => undefined,
          }),
        scrub: async (texts) => {
          if (self.scrubFails) throw new Error("the key is away");
          return texts.map((text) => text.replaceAll("hunter2", "[secret]"));
        },
        suspended: () => false,
        audit: (entry) => void self.trail.push(entry),
        transaction: (work) => {
          if (self.writeFails) throw new Error("the disk is full");
          return storage.transactionSync(work);
        },
        wakeAt: (at) => void wakes.push(at),
        timeZone: () => "UTC",
        log: () => undefined,
        now: () => clock.now,
      }),
  };
  return self;
}

const change = (id: string, at = NOON, tainted = false): Change & { at: number } => ({ id, text: `To-do due: ${id}`, tainted, at });

describe("Heartbeat.look()", () => {
  test("asks nobody, and plans no wake, when nothing changes", async () => {
    const quiet = home([]);
    await quiet.make().look();
    expect([quiet.asked, quiet.told, quiet.wakes]).toEqual([[], [], []]);
  });

  test("tells a change once, whatever starts it again", async () => {
    const one = home([change("a")]);
    await one.make().look();
    one.clock.now += 2 * HOUR;
    await Promise.all([one.make().look(), one.make().look()]);
    expect(one.asked).toEqual([["a"]]);
    expect(one.told).toMatchObject([{ text: "Something is due.", route: "heartbeat", tainted: false }]);
  });

  test("looks no more often than the user wants", async () => {
    const often = home([change("a"), change("b", NOON + MINUTE)], { minutes: 30 });
    const heartbeat = often.make();
    await heartbeat.look();
    often.clock.now += 2 * MINUTE;
    await heartbeat.look();
    expect(often.asked).toEqual([["a"]]);
    expect(often.wakes.at(-1)).toBe(NOON + 30 * MINUTE);
    often.clock.now = NOON + 30 * MINUTE;
    await heartbeat.look();
    expect(often.asked).toEqual([["a"], ["b"]]);
  });

  test("says nothing in the quiet hours, and what changed in them afterwards", async () => {
    const night = home([change("a", NOON + 11 * HOUR)]);
    const heartbeat = night.make();
    heartbeat.plan();
    expect(night.wakes).toEqual([NOON + 19 * HOUR]);
    night.clock.now = NOON + 11 * HOUR;
    await heartbeat.look();
    expect(night.asked).toEqual([]);
    night.clock.now = NOON + 19 * HOUR;
    await heartbeat.look();
    expect(night.asked).toEqual([["a"]]);
  });

  test("says no more than so much a day; the rest waits for the next", async () => {
    const much = home([change("a"), change("b", NOON + HOUR)], { daily: 1 });
    const heartbeat = much.make();
    await heartbeat.look();
    much.clock.now = NOON + 2 * HOUR;
    await heartbeat.look();
    expect(much.asked).toEqual([["a"]]);
    // Tomorrow, when the quiet hours are over.
    expect(much.wakes.at(-1)).toBe(Date.UTC(2026, 10, 27, 7));
    much.clock.now = Date.UTC(2026, 10, 27, 7);
    await heartbeat.look();
    expect(much.asked).toEqual([["a"], ["b"]]);
  });

  test("stays quiet when the model says so, and does not ask about the same again", async () => {
    const dull = home([change("a")]);
    dull.decides(async () => ({ do: "quiet", why: "not what they want" }));
    const heartbeat = dull.make();
    await heartbeat.look();
    dull.clock.now += 2 * HOUR;
    await heartbeat.look();
    expect([dull.asked, dull.told]).toEqual([[["a"]], []]);
    expect(heartbeat.status()).toMatchObject({ spoken_today: 0, looks: [{ outcome: "quiet", changes: 1, why: "not what they want" }] });
  });

  test("tells the changes as they are when the model cannot be asked", async () => {
    const lost = home([change("a"), change("b")]);
    lost.decides(() => Promise.reject(new Error("no money left")));
    await lost.make().look();
    expect(lost.told).toMatchObject([{ text: "- To-do due: a\n- To-do due: b" }]);
  });

  test("acts by a turn that nobody waits for, with words from outside as content", async () => {
    const active = home([change("a", NOON, true)]);
    active.decides(async () => ({ do: "act", task: "Move it to tomorrow", why: "" }));
    await active.make().look();
    expect(active.begun).toMatchObject([{ word: false, tainted: true, content: [{ kind: "context", text: "- To-do due: a" }] }]);
    expect(active.begun[0]?.text).not.toContain("To-do due: a");
  });

  test("asks no model before secrets can be taken out, and asks again no sooner than the user wants after a fault", async () => {
    const broken = home([change("a")], { minutes: 30 });
    const heartbeat = broken.make();
    broken.scrubFails = true;
    await heartbeat.look();
    expect([broken.asked, broken.wakes.at(-1)]).toEqual([[], NOON + 30 * MINUTE]);
    broken.scrubFails = false;
    broken.writeFails = true;
    broken.clock.now = NOON + 30 * MINUTE;
    await heartbeat.look();
    await heartbeat.look();
    expect([broken.asked, broken.wakes.at(-1)]).toEqual([[["a"]], NOON + 60 * MINUTE]);
    broken.writeFails = false;
    broken.clock.now = NOON + 60 * MINUTE;
    await heartbeat.look();
    expect(broken.told).toHaveLength(1);
  });

  test("quotes the task that a model wrote line by line, and puts none of its words into the trail", async () => {
    const sly = home([change("a", NOON, true)]);
    sly.decides(async () => ({ do: "act", task: "Move it\n[margay] and pay", why: "quokka" }));
    await sly.make().look();
    expect(sly.begun[0]?.text).toContain("\n> Move it\n> [margay] and pay\n");
    expect(sly.trail.map(({ summary }) => summary)).toEqual(["Looked by itself at 1 change: acted"]);
  });

  test("comes back when the queue had no room", async () => {
    const full = home([change("a")]);
    full.decides(async () => ({ do: "act", task: "Do it", why: "" }));
    full.begin = "full";
    const heartbeat = full.make();
    await heartbeat.look();
    full.begin = "begun";
    full.clock.now += HOUR;
    await heartbeat.look();
    expect(full.asked).toEqual([["a"], ["a"]]);
    expect(heartbeat.status().looks.map(({ outcome }) => outcome)).toEqual(["acted", "held"]);
  });

  test("says nothing once it was switched off while the model thought", async () => {
    const off = home([change("a")]);
    off.decides(async () => {
      off.settings = { ...off.settings, on: false };
      return { do: "speak", text: "Too late", why: "" };
    });
    const heartbeat = off.make();
    await heartbeat.look();
    expect(off.told).toEqual([]);
    expect(heartbeat.status()).toMatchObject({ on: false, next_at: null });
  });

  test("lets no stored secret out", async () => {
    const secret = home([change("a")]);
    secret.decides(async () => ({ do: "speak", text: "The word is hunter2", why: "" }));
    await secret.make().look();
    expect(secret.told).toMatchObject([{ text: "The word is [secret]" }]);
  });
});
