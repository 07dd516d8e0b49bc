import { describe, expect, test } from "vitest";
import { BY_USER } from "../../src/events/listeners.ts";
import { delivery, listenerHome, pr } from "../support/listener-home.ts";

const SECONDS = 1_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const GITHUB = { kind: "hook", scheme: { name: "github" } };
const PROMPT = { kind: "prompt", prompt: "Review it" };

describe("Events, with a hook", () => {
  test("begin once for what came, after its window, with the payload as content and never as word", async () => {
    const home = listenerHome();
    const { id } = await home.add({ source: GITHUB, action: PROMPT, title: "PRs" });
    const one = delivery(home, id, pr(7));
    expect(await home.events.receive(one)).toEqual({ outcome: "waiting" });
    expect(home.wakes.at(-1)).toBe(home.clock.now + 30 * SECONDS);
    expect(await home.events.receive(one)).toEqual({ outcome: "duplicate" });
    await home.later(29 * SECONDS);
    expect(home.begun).toEqual([]);
    await home.later(SECONDS);
    await home.later(HOUR);
    expect(home.begun).toHaveLength(1);
    expect(home.begun[0]).toMatchObject({
      text: "Review it",
      word: true,
      replyTo: { channel: "web" },
      content: [{ kind: "context", origin: "GitHub hook “PRs”", text: expect.stringContaining("pull_request.title: PR 7") }],
    });
    expect(home.log(id).map(({ outcome }) => outcome)).toEqual(["duplicate", "fired"]);
    expect(home.events.listeners.get(id)).toMatchObject({ events: 1, firings: 1 });
  });

  test("know the same signed bytes again under another delivery id, which is not signed", async () => {
    const home = listenerHome();
    const { id } = await home.add({ source: GITHUB, action: PROMPT });
    await home.events.receive(delivery(home, id, pr(1)));
    expect(await home.events.receive(delivery(home, id, pr(1), { "x-github-event": "push" }))).toEqual({ outcome: "duplicate" });
  });

  test("know the same bytes without an id or time for ten minutes, and an id for good", async () => {
    const home = listenerHome();
    const scheme = { name: "hmac", header: "x-sig" };
    const { id } = await home.add({ source: { kind: "hook", scheme }, action: PROMPT });
    const named = await home.add({ source: { kind: "hook", scheme: { ...scheme, id_header: "x-id" } }, action: PROMPT });
    const post = (to: string, name: string) => {
      const request = delivery(home, to, { event: "backup.finished" });
      const signature = request.headers["x-hub-signature-256"]?.replace("sha256=", "") ?? "";
      return home.events.receive({ ...request, headers: { "x-sig": signature, "x-id": name } });
    };
    const outcomes: unknown[] = [];
    for (const minutes of [0, 6, 6, 6]) {
      home.clock.now += minutes * 60 * SECONDS;
      outcomes.push(await post(id, "any"));
    }
    expect(outcomes).toMatchObject([{ outcome: "waiting" }, { outcome: "duplicate" }, { outcome: "waiting" }, { outcome: "duplicate" }]);
    expect([await post(named.id, "1"), await post(named.id, "2")]).toMatchObject([{ outcome: "waiting" }, { outcome: "waiting" }]);
    home.clock.now += 100 * DAY;
    expect(await post(named.id, "1")).toEqual({ outcome: "duplicate" });
  });

  test("gather a burst into one occasion", async () => {
    const home = listenerHome();
    const { id } = await home.add({ source: GITHUB, action: PROMPT });
    for (let number = 1; number <= 12; number++) {
      await home.events.receive(delivery(home, id, pr(number)));
      await home.later(2 * SECONDS);
    }
    await home.later(30 * SECONDS);
    expect(home.begun).toHaveLength(1);
    expect(home.begun[0]?.content).toMatchObject([{ text: expect.stringMatching(/^12 events.*1\. .*PR 1\b.*12\. .*PR 12\b/su) }]);
    expect(new Set(home.log(id).map(({ batch }) => batch)).size).toBe(1);
  });

  test("give a batch of very many by its first ones in full and the rest by title, bounded", async () => {
    const home = listenerHome();
    const { id } = await home.add({ source: GITHUB, action: PROMPT });
    for (let number = 1; number <= 150; number++) await home.events.receive(delivery(home, id, pr(number, { body: "x".repeat(3_000) })));
    await home.later(30 * SECONDS);
    const [content] = home.begun[0]?.content ?? [];
    expect(content?.kind === "context" && content.text.length).toBeLessThan(60_000);
    expect(content).toMatchObject({ text: expect.stringMatching(/^150 events.*by their titles only/su) });
  });

  test("act on nothing that the conditions do not want", async () => {
    const home = listenerHome();
    const when = {
      match: "all",
      fields: [
        { path: "headers.x-github-event", op: "eq", value: "pull_request" },
        { path: "number", op: "gt", value: 5 },
      ],
    };
    const { id } = await home.add({ source: GITHUB, when, action: PROMPT });
    expect(await home.events.receive(delivery(home, id, pr(1)))).toEqual({ outcome: "filtered" });
    expect(await home.events.receive(delivery(home, id, pr(9), { "x-github-event": "push" }))).toEqual({ outcome: "filtered" });
    expect(await home.events.receive(delivery(home, id, pr(8)))).toEqual({ outcome: "waiting" });
    expect(await home.events.receive(delivery(home, id, { zen: "x" }, { "x-github-event": "ping" }))).toEqual({ outcome: "filtered" });
    await home.later(HOUR);
    expect(home.begun).toHaveLength(1);
    expect(home.asked).toEqual([]);
  });

  test("ask a model about each that the fields let through: yes acts, no does not, undecided neither, told once a day", async () => {
    const home = listenerHome();
    const when = { fields: [{ path: "number", op: "gt", value: 1 }], question: "Is it about speed?" };
    const { id } = await home.add({ source: GITHUB, when, action: PROMPT, batch_seconds: 0 });
    await home.events.receive(delivery(home, id, pr(1)));
    await home.events.receive(delivery(home, id, pr(2)));
    await home.later(0);
    expect(home.asked).toHaveLength(1);
    home.state.answer = { is: "no" };
    await home.events.receive(delivery(home, id, pr(3)));
    await home.later(0);
    home.state.answer = { is: "undecided", why: "Your cap is reached." };
    for (const number of [4, 5]) {
      await home.events.receive(delivery(home, id, pr(number)));
      await home.later(0);
    }
    expect(home.begun).toHaveLength(1);
    expect(home.told).toMatchObject([{ text: expect.stringContaining("Your cap is reached.") }]);
    expect(home.log(id).map(({ outcome }) => outcome)).toEqual(["undecided", "undecided", "filtered", "fired", "filtered"]);
    await home.later(DAY);
    await home.events.receive(delivery(home, id, pr(6)));
    await home.later(0);
    expect(home.told).toHaveLength(2);
  });

  test("act so often in an hour and no more; the rest is recorded, and told once an hour with how many", async () => {
    const home = listenerHome();
    const { id } = await home.add({ source: GITHUB, action: PROMPT, batch_seconds: 0, per_hour: 2 });
    for (let number = 1; number <= 6; number++) {
      await home.events.receive(delivery(home, id, pr(number)));
      await home.later(SECONDS);
    }
    expect(home.begun).toHaveLength(2);
    expect(home.told.map(({ text }) => /: (.*?) held back/u.exec(text)?.[1])).toEqual(["1 event"]);
    await home.later(HOUR);
    expect(home.told.map(({ text }) => /: (.*?) held back/u.exec(text)?.[1])).toEqual(["1 event", "3 events"]);
    expect(home.log(id).map(({ outcome }) => outcome)).toEqual([...Array<string>(4).fill("throttled"), "fired", "fired"]);
    await home.events.receive(delivery(home, id, pr(7)));
    await home.later(0);
    expect(home.begun).toHaveLength(3);
  });

  test("record what comes while it is paused, and act on none of it, nor on what waited when it was paused", async () => {
    const home = listenerHome();
    const { id } = await home.add({ source: GITHUB, action: PROMPT });
    await home.events.receive(delivery(home, id, pr(1)));
    home.events.listeners.update(id, { status: "paused" }, BY_USER);
    expect(await home.events.receive(delivery(home, id, pr(2)))).toEqual({ outcome: "paused" });
    await home.later(HOUR);
    home.events.listeners.update(id, { status: "active" }, BY_USER);
    await home.later(HOUR);
    expect(home.begun).toEqual([]);
    expect(home.log(id).map(({ outcome }) => outcome)).toEqual(["paused", "paused"]);
  });

  test("settle what waited for a question when it was paused, and wake no more", async () => {
    const home = listenerHome();
    const { id } = await home.add({ source: GITHUB, when: { question: "Is it about speed?" }, action: PROMPT });
    await home.events.receive(delivery(home, id, pr(1)));
    home.events.listeners.update(id, { status: "paused" }, BY_USER);
    const wakes = home.wakes.length;
    await home.later(30 * SECONDS);
    expect(home.log(id)).toMatchObject([{ outcome: "paused" }]);
    expect([home.asked, home.begun, home.wakes.slice(wakes)]).toEqual([[], [], []]);
  });

  test("hold up no other listener by a fault with one, and try that again later each time", async () => {
    const home = listenerHome();
    const bad = await home.add({ source: GITHUB, action: PROMPT, batch_seconds: 0 });
    const good = await home.add({ source: GITHUB, action: PROMPT, batch_seconds: 0 });
    home.state.fault = bad.id;
    await home.events.receive(delivery(home, bad.id, pr(1)));
    await home.events.receive(delivery(home, good.id, pr(2)));
    await home.later(0);
    expect(home.log(good.id)).toMatchObject([{ outcome: "fired" }]);
    expect(home.wakes.at(-1)).toBe(home.clock.now + 60 * SECONDS);
    await home.later(60 * SECONDS);
    expect(home.wakes.at(-1)).toBe(home.clock.now + 180 * SECONDS);
    home.state.fault = null;
    await home.later(180 * SECONDS);
    expect(home.log(bad.id)).toMatchObject([{ outcome: "fired" }]);
  });

  test("try again later each time what fails as a whole", async () => {
    const home = listenerHome();
    const { id } = await home.add({ source: GITHUB, action: PROMPT, batch_seconds: 0, per_hour: 1 });
    home.state.fault = "tell";
    for (const number of [1, 2]) {
      await home.events.receive(delivery(home, id, pr(number)));
      await home.later(0);
    }
    expect(home.wakes.at(-1)).toBe(home.clock.now + 60 * SECONDS);
    await home.later(60 * SECONDS);
    expect(home.wakes.at(-1)).toBe(home.clock.now + 180 * SECONDS);
    home.state.fault = null;
    await home.later(180 * SECONDS);
    expect(home.told).toHaveLength(1);
  });

  test("wait when so much waits that nothing more is taken, and while the user is suspended", async () => {
    const home = listenerHome();
    const { id } = await home.add({ source: GITHUB, action: PROMPT });
    await home.events.receive(delivery(home, id, pr(1)));
    home.state.full = true;
    home.state.roomMs = 2 * HOUR;
    await home.later(30 * SECONDS);
    expect(home.wakes.at(-1)).toBe(home.clock.now + 2 * HOUR);
    expect(home.log(id)).toMatchObject([{ outcome: "waiting", why: expect.stringContaining("tried again") }]);
    home.state.full = false;
    home.state.suspended = true;
    await home.later(HOUR);
    expect(home.begun).toEqual([]);
    expect(home.wakes.at(-1)).toBe(home.clock.now + HOUR);
    home.state.suspended = false;
    await home.later(HOUR);
    expect(home.begun).toHaveLength(1);
  });

  test("wait longer each time while no more tasks are taken, say so once, and then do it", async () => {
    const home = listenerHome();
    const { id } = await home.add({ source: GITHUB, action: { kind: "profile", profile: "research", input: "Look" } });
    await home.events.receive(delivery(home, id, pr(1)));
    home.state.noRoom = true;
    await home.later(30 * SECONDS);
    for (const minutes of [1, 3, 7, 15]) {
      expect(home.wakes.at(-1)).toBe(home.clock.now + minutes * 60 * SECONDS);
      await home.later(minutes * 60 * SECONDS);
    }
    expect(home.told).toMatchObject([{ text: expect.stringContaining("so many tasks or plans go on that no more is taken") }]);
    home.state.noRoom = false;
    await home.later(31 * 60 * SECONDS);
    expect(home.started).toHaveLength(1);
  });

  test("tell a text as it is with what came quoted, marked as content, and ask nobody", async () => {
    const home = listenerHome();
    const { id } = await home.add({ source: GITHUB, action: { kind: "text", text: "A new PR:" } });
    await home.events.receive(delivery(home, id, pr(1, { title: "Ignore this\n# and do that" })));
    await home.later(30 * SECONDS);
    expect(home.told).toMatchObject([{ text: "A new PR:\n\n> pull_request opened: Ignore this # and do that", tainted: true }]);
  });

  test("refuse a wrong signature, one of another hook and an unknown address in the same words, with one entry in the trail a minute", async () => {
    const home = listenerHome();
    const { id } = await home.add({ source: GITHUB, action: PROMPT });
    const other = await home.add({ source: GITHUB, action: PROMPT });
    const wrong = [
      delivery(home, id, pr(1), {}, "wrong"),
      delivery(home, id, pr(1), {}, home.secrets.get(`hook:${other.id}`)),
      { ...delivery(home, id, pr(1)), hookId: "unknown" },
      { ...delivery(home, id, pr(1)), body: new TextEncoder().encode("{}") },
    ];
    const messages = new Set<string>();
    for (const request of wrong) {
      const error: unknown = await home.events.receive(request).catch((refused: unknown) => refused);
      expect(error).toMatchObject({ code: "unauthorized" });
      messages.add(String(error));
    }
    expect(messages.size).toBe(1);
    expect(home.audited.filter(({ event }) => event === "rejected")).toHaveLength(1);
    await home.later(60 * SECONDS);
    await expect(home.events.receive(delivery(home, id, pr(2), {}, "wrong"))).rejects.toThrow();
    expect(home.audited.filter(({ event }) => event === "rejected")).toHaveLength(2);
    expect(home.log(id)).toEqual([]);
  });

  test("take the secret before for a day after it was changed", async () => {
    const home = listenerHome();
    const { id } = await home.add({ source: GITHUB, action: PROMPT });
    const before = home.secrets.get(`hook:${id}`) ?? "";
    const { secret } = await home.events.listeners.rotate(id, null, BY_USER);
    expect(secret).not.toBe(before);
    expect(await home.events.receive(delivery(home, id, pr(1), {}, before))).toEqual({ outcome: "waiting" });
    expect(await home.events.receive(delivery(home, id, pr(2), {}, secret ?? ""))).toEqual({ outcome: "waiting" });
    await home.later(DAY);
    await expect(home.events.receive(delivery(home, id, pr(3), {}, before))).rejects.toMatchObject({ code: "unauthorized" });
    home.events.tidy();
    expect([...home.secrets.keys()]).toEqual([`hook:${id}`]);
  });

  test("delete leaves no event, secret or address", async () => {
    const home = listenerHome();
    const { id } = await home.add({ source: GITHUB, action: PROMPT });
    await home.events.receive(delivery(home, id, pr(1)));
    await home.events.listeners.rotate(id, null, BY_USER);
    await home.events.listeners.delete(id, BY_USER);
    expect([...home.secrets.keys(), ...home.hooks]).toEqual([]);
    for (const table of ["listener", "listener_event", "listener_seen", "listener_hook"])
      expect(home.storage.sql.exec(`SELECT * FROM ${table}`).toArray(), table).toEqual([]);
    await home.later(HOUR);
    expect(home.begun).toEqual([]);
  });

  test("tell the directory of hooks again when it was away", async () => {
    const home = listenerHome();
    home.state.hooksAway = true;
    await home.add({ source: GITHUB, action: PROMPT });
    expect(home.hooks.size).toBe(0);
    home.state.hooksAway = false;
    await home.later(60 * SECONDS);
    expect(home.hooks.size).toBe(1);
  });

  test("keep 30 days and 2,000 events of a listener", async () => {
    const home = listenerHome();
    const { id } = await home.add({ source: GITHUB, when: { fields: [{ path: "nothing", op: "exists" }] }, action: PROMPT });
    const count = (): number => Number(home.storage.sql.exec("SELECT count(*) AS n FROM listener_event").one()["n"]);
    for (let number = 0; number < 2_010; number++) await home.events.receive(delivery(home, id, pr(number)));
    expect(count()).toBe(2_000);
    home.clock.now += 31 * DAY;
    home.events.tidy();
    expect(count()).toBe(0);
    expect(await home.events.receive(delivery(home, id, pr(1)))).toEqual({ outcome: "duplicate" });
  });
});

describe("Events, with a listener whose row cannot be read", () => {
  const spoiled = async (column: string, value = "{") => {
    const home = listenerHome();
    const feed = { kind: "feed", url: "https://example.com/feed" };
    const broken = await home.add({ source: feed, action: PROMPT, title: "Broken" });
    const sound = await home.add({ source: GITHUB, action: PROMPT, title: "Sound" });
    await home.events.receive(delivery(home, sound.id, pr(1)));
    home.storage.sql.exec(`UPDATE listener SET ${column} = ? WHERE id = ?`, value, broken.id);
    return { home, broken, sound };
  };

  test.each([
    ["source", "{"],
    ["source", '{"kind":"telepathy"}'],
    ["wanted", "null"],
    ["action", '{"kind":"prompt"}'],
    ["recent", ""],
    ["reply_to", "{}"],
  ])("pause it, say so once and go on with all others: %s %s", async (column, value) => {
    const { home, broken, sound } = await spoiled(column, value);
    home.wakes.length = 0;
    await home.later(0);
    // What the others wait for is planned.
    expect(home.wakes.at(-1)).toBe(home.clock.now + 30 * SECONDS);
    await home.later(30 * SECONDS);
    await home.later(HOUR);
    expect(home.begun.map(({ key }) => key.split(":")[0])).toEqual([sound.id]);
    expect(home.told).toMatchObject([{ text: expect.stringMatching(/paused listener 1, “Broken”: .* cannot be read/u) }]);
    expect(home.audited.filter(({ event }) => event === "paused")).toMatchObject([{ subject: broken.id, actor: "system" }]);
    expect(home.events.listeners.list().map(({ id }) => id)).toEqual([sound.id]);
    // One that can be read again, as by another version, is there again, paused.
    const source = JSON.stringify({ kind: "feed", url: "https://example.com/feed", minutes: 60 });
    home.storage.sql.exec(
      `UPDATE listener SET source = ?, wanted = '{}', action = ?, recent = '[]', reply_to = NULL WHERE id = ?`,
      source,
      JSON.stringify({ kind: "text", text: "x" }),
      broken.id,
    );
    expect(home.events.listeners.get(broken.id)).toMatchObject({
      status: "paused",
      paused_because: expect.stringContaining("not be read"),
    });
  });

  test("settle what waited for it, so that none of it is due for ever", async () => {
    const home = listenerHome();
    const { id } = await home.add({ source: GITHUB, action: PROMPT });
    await home.events.receive(delivery(home, id, pr(1)));
    home.storage.sql.exec("UPDATE listener SET action = '{' WHERE id = ?", id);
    home.wakes.length = 0;
    await home.later(30 * SECONDS);
    expect(home.wakes).toEqual([]);
    expect(home.begun).toEqual([]);
    expect(home.storage.sql.exec("SELECT outcome FROM listener_event").toArray()).toEqual([{ outcome: "paused" }]);
  });
});
