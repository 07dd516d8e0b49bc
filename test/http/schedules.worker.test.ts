import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { BuiltInView, ScheduleRun, ScheduleView } from "../../src/schedule/shapes.ts";
import { type Client, codeOf, join, setUp } from "../auth/client.ts";

let owner: Client;
let ada: Client;
let bob: Client;

beforeAll(async () => {
  owner = await setUp();
  ada = await join(owner, "Ada");
  bob = await join(owner, "Bob");
  for (const one of [ada, bob]) await one.call("PATCH", "/api/v1/settings", { time_zone: "Europe/Oslo" });
}, 60_000);

const PATH = "/api/v1/schedules";
const call = async (client: Client, method: string, path: string, body?: unknown, status = 200): Promise<unknown> => {
  const answer = await client.call(method, path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  return answer.body;
};
const TEXT = { kind: "text", text: "Stretch" };
const add = async (client: Client, body: object = {}) =>
  ScheduleView.parse(await call(client, "POST", PATH, { when: "every weekday at 9", action: TEXT, ...body }, 201));
const list = async (client: Client, query = "") =>
  z.object({ schedules: z.array(ScheduleView) }).parse(await call(client, "GET", `${PATH}${query}`)).schedules;

describe("the schedule routes", () => {
  test("make, show, change, pause, resume, run and delete", async () => {
    const made = await add(ada, { title: "Move" });
    expect(made).toMatchObject({
      title: "Move",
      described: "every weekday at 09:00 (Europe/Oslo)",
      said: "every weekday at 9",
      status: "active",
      author: "user",
      tainted: false,
      missed: "once",
      channel: "web",
    });
    const one = `${PATH}/${made.id}`;
    expect(ScheduleView.parse(await call(ada, "GET", one))).toEqual(made);
    expect(
      await call(ada, "PATCH", one, { when: "0 10 * * *", action: { kind: "prompt", prompt: "Sum up" }, missed: "skip" }),
    ).toMatchObject({
      described: "every day at 10:00 (Europe/Oslo)",
      action: { kind: "prompt", prompt: "Sum up", tier: null },
      missed: "skip",
    });
    expect(await call(ada, "PATCH", one, { status: "paused" })).toMatchObject({ status: "paused", next_at: null });
    expect(await call(ada, "PATCH", one, { status: "active", time_zone: "Asia/Tokyo" })).toMatchObject({
      status: "active",
      described: "every day at 10:00 (Asia/Tokyo)",
    });
    expect(ScheduleRun.parse(await call(ada, "POST", `${one}/run`))).toMatchObject({ manual: true, outcome: "failed" });
    await call(ada, "PATCH", one, { action: TEXT });
    expect(await call(ada, "POST", `${one}/run`)).toMatchObject({ outcome: "told" });
    expect(await call(ada, "GET", `${one}/runs`)).toMatchObject({
      runs: [{ outcome: "told" }, { outcome: "failed", error: expect.stringContaining("model") }],
    });
    expect(await list(ada)).toMatchObject([{ id: made.id, runs: 2 }]);
    expect(JSON.stringify(await call(ada, "GET", "/api/v1/audit?kind=schedule"))).toContain("Schedule 1 paused");
    expect(await call(ada, "DELETE", one)).toMatchObject({ id: made.id });
    expect(await list(ada, "?state=all")).toEqual([]);
    for (const [method, path, body] of [
      ["GET", one],
      ["PATCH", one, { title: "x" }],
      ["DELETE", one],
      ["POST", `${one}/run`],
      ["GET", `${one}/runs`],
    ] as const)
      await call(ada, method, path, body, 404);
  });

  test("ask back with a 400 and store nothing where the time is not clear, and refuse what is no schedule", async () => {
    const bad: object[] = [
      { when: "whenever" },
      { when: "2020-01-01T00:00:00Z" },
      { when: "99 9 * * *" },
      { when: "every day at 9 except mondays maybe" },
      { when: "" },
      { when: "x".repeat(400) },
      { when: 5 },
      { action: { kind: "text" } },
      { action: { kind: "text", text: " " } },
      { action: { kind: "text", text: "x".repeat(4_001) } },
      { action: { kind: "nothing", text: "x" } },
      { action: { kind: "profile", profile: "nobody", input: "x" } },
      { action: { kind: "prompt", prompt: "x", tier: "huge" } },
      { missed: "twice" },
      { time_zone: "Mars/Base" },
      { title: "x".repeat(300) },
    ];
    for (const body of bad) {
      const answer = await bob.call("POST", PATH, { when: "every weekday at 9", action: TEXT, ...body });
      expect([answer.status, codeOf(answer)], JSON.stringify(body).slice(0, 80)).toEqual([400, "invalid_request"]);
    }
    await call(bob, "GET", `${PATH}?state=nothing`, undefined, 400);
    expect(await list(bob, "?state=all")).toEqual([]);
    const made = await add(bob);
    for (const body of [{}, { status: "ended" }, { when: "whenever" }, { action: { kind: "text", text: "" } }])
      await call(bob, "PATCH", `${PATH}/${made.id}`, body, 400);
  });

  test("preview says what would be made, or asks, and stores nothing", async () => {
    const before = await list(ada, "?state=all");
    expect(await call(ada, "POST", `${PATH}/preview`, { when: "every weekday at 9" })).toMatchObject({
      understood: "every weekday at 09:00 (Europe/Oslo)",
      next: { length: 5 },
      rest: "",
    });
    expect(await call(ada, "POST", `${PATH}/preview`, { when: "tomorrow at 5pm call mum" })).toMatchObject({ rest: "call mum" });
    for (const when of ["blue", "2020-01-01T00:00:00Z"])
      expect(await call(ada, "POST", `${PATH}/preview`, { when })).toEqual({ ask: expect.any(String) });
    await call(ada, "POST", `${PATH}/preview`, {}, 400);
    expect(await list(ada, "?state=all")).toEqual(before);
  });

  test("switch built-in schedules on and off", async () => {
    const all = z.object({ built_in: z.array(BuiltInView) }).parse(await call(ada, "GET", `${PATH}/built-in`)).built_in;
    expect(all.map(({ name, on }) => [name, on])).toEqual([
      ["morning_briefing", false],
      ["weekly_summary", false],
    ]);
    const path = `${PATH}/built-in/morning_briefing`;
    expect(await call(ada, "PUT", path, { on: true, when: "every weekday at 06:30" })).toMatchObject({
      on: true,
      schedule: { described: "every weekday at 06:30 (Europe/Oslo)", built_in: "morning_briefing" },
    });
    expect(await call(ada, "PUT", path, { on: false })).toMatchObject({ on: false, schedule: null });
    await call(ada, "PUT", `${PATH}/built-in/nothing`, { on: true }, 404);
    await call(ada, "PUT", path, { when: "daily" }, 400);
  });

  test("show nobody another's", async () => {
    const { id } = await add(ada);
    for (const [method, path, body] of [
      ["GET", `${PATH}/${id}`],
      ["PATCH", `${PATH}/${id}`, { title: "x" }],
      ["DELETE", `${PATH}/${id}`],
      ["POST", `${PATH}/${id}/run`],
    ] as const)
      await call(bob, method, path, body, 404);
    expect((await list(bob)).some((one) => one.id === id)).toBe(false);
  });
});
