import { beforeAll, describe, expect, test } from "vitest";
import { type Client, join, setUp } from "../auth/client.ts";
import { NAUGHTY_STRINGS } from "../support/naughty-strings.ts";

let owner: Client;
let ada: Client;
let eve: Client;

beforeAll(async () => {
  owner = await setUp();
  ada = await join(owner, "Ada");
  eve = await join(owner, "Eve");
  await ada.call("PATCH", "/api/v1/settings", { time_zone: "Europe/Oslo" });
  // Passwords are hashed slowly on purpose, three times here.
}, 60_000);

const add = async (body: Record<string, unknown>, as = ada): Promise<Record<string, unknown>> => {
  const { status, body: todo } = await as.call("POST", "/api/v1/todos", body);
  expect(status).toBe(201);
  return todo as Record<string, unknown>;
};
const titles = async (query = "", as = ada): Promise<unknown[]> => {
  const { body } = await as.call("GET", `/api/v1/todos${query}`);
  return (body as { todos: { title: unknown }[] }).todos.map(({ title }) => title);
};

describe("/api/v1/todos", () => {
  test("POST adds with a due date in the user's zone, as ISO in snake_case", async () => {
    const todo = await add({ title: "Film", due: "2030-06-01", priority: "p1", notes: "n" });
    expect(todo).toMatchObject({
      title: "Film",
      notes: "n",
      priority: "p1",
      due_at: "2030-06-01T21:59:59.999Z",
      due_has_time: false,
      time_zone: "Europe/Oslo",
      status: "open",
      completed_at: null,
    });
    expect(todo["created_at"]).toMatch(/^\d{4}-.*Z$/);
    expect(await add({ title: "Call", due: "2030-06-01T09:00" })).toMatchObject({ due_at: "2030-06-01T07:00:00.000Z", due_has_time: true });
  });

  test("PATCH changes, completes and reopens; DELETE takes away", async () => {
    const { id } = await add({ title: "Patch me", due: "2030-01-01" });
    const path = `/api/v1/todos/${String(id)}`;
    expect((await ada.call("PATCH", path, { title: "Patched", due: null })).body).toMatchObject({ title: "Patched", due_at: null });
    expect((await ada.call("PATCH", path, { status: "done" })).body).toMatchObject({
      status: "done",
      completed_at: expect.stringMatching(/Z$/),
    });
    expect(await titles("?status=done")).toContain("Patched");
    expect(await titles()).not.toContain("Patched");
    expect((await ada.call("PATCH", path, { status: "open" })).body).toMatchObject({ status: "open", completed_at: null });
    expect((await ada.call("DELETE", path)).body).toMatchObject({ id, title: "Patched" });
    expect((await ada.call("DELETE", path)).status).toBe(404);
    expect(await titles("?status=all")).not.toContain("Patched");
  });

  test("GET searches and limits", async () => {
    await add({ title: "Zürich trip" });
    expect(await titles("?search=zurich")).toEqual(["Zürich trip"]);
    expect(await titles("?limit=1")).toHaveLength(1);
    expect(await titles("?search=nothing-like-this")).toEqual([]);
  });

  test.each([
    [{}],
    [{ title: "" }],
    [{ title: "   " }],
    [{ title: 5 }],
    [{ title: "x", priority: "p5" }],
    [{ title: "x", due: "5/6" }],
    [{ title: "x", due: "banana" }],
    [{ title: "x", due: "yesterday" }],
    [{ title: "x", due: 7 }],
    [null],
    [[]],
  ])("POST refuses %j and stores nothing", async (body) => {
    const before = await titles("?status=all");
    const { status, body: answer } = await ada.call("POST", "/api/v1/todos", body);
    expect(status).toBe(400);
    expect(JSON.stringify(answer)).toContain("invalid_request");
    expect(await titles("?status=all")).toEqual(before);
  });

  test("POST refuses a title that is too long", async () => {
    expect((await ada.call("POST", "/api/v1/todos", { title: "x".repeat(501) })).status).toBe(400);
  });

  test("refuses bad queries, bad patches and what is not there", async () => {
    for (const query of ["?limit=0", "?limit=501", "?status=closed", "?search="])
      expect((await ada.call("GET", `/api/v1/todos${query}`)).status).toBe(400);
    const { id } = await add({ title: "Here" });
    for (const patch of [{}, { status: "gone" }, { due: "" }, { title: null }])
      expect((await ada.call("PATCH", `/api/v1/todos/${String(id)}`, patch)).status).toBe(400);
    expect((await ada.call("PATCH", "/api/v1/todos/nope", { title: "x" })).status).toBe(404);
  });

  test("nobody reaches another's to-dos, and cannot tell whether they exist", async () => {
    const { id } = await add({ title: "Ada's own" });
    const theirs = await eve.call("PATCH", `/api/v1/todos/${String(id)}`, { title: "mine now" });
    const nothing = await eve.call("PATCH", `/api/v1/todos/${crypto.randomUUID()}`, { title: "mine now" });
    expect(theirs.status).toBe(404);
    expect(JSON.stringify(theirs.body).replace(/"request_id":"[^"]*"/, "")).toBe(
      JSON.stringify(nothing.body).replace(/"request_id":"[^"]*"/, ""),
    );
    expect((await eve.call("DELETE", `/api/v1/todos/${String(id)}`)).status).toBe(404);
    expect(await titles("", eve)).toEqual([]);
  });

  test("keeps naughty strings as they are", async () => {
    for (const text of NAUGHTY_STRINGS.filter((one) => one.trim() === one && one !== "" && one.length <= 500).slice(0, 40)) {
      expect((await add({ title: text, notes: text }, eve))["title"]).toBe(text);
    }
  });
});

describe("a person with no model connected", () => {
  test("adds by chat, by /task and by the API to one list", async () => {
    const bob = await join(owner, "Bob");
    const say = async (message: string): Promise<string> => {
      const { status, body } = await bob.call("POST", "/api/v1/chat", { message });
      expect(status).toBe(200);
      return String((body as { reply: unknown }).reply);
    };
    expect(await say("add task: film the workout video, p1, due 2030-06-01")).toBe(
      "Added **film the workout video** · p1 · due Sat 1 Jun 2030.",
    );
    expect(await say("/task buy milk")).toBe("Added **buy milk**.");
    await add({ title: "by api" }, bob);
    expect(await say("what's on my list?")).toBe("1. **film the workout video** · p1 · due Sat 1 Jun 2030\n2. **buy milk**\n3. **by api**");
    expect(await say("mark the video one as done")).toBe("Done: **film the workout video**.");
    expect(await say("/task done 1")).toBe("Done: **buy milk**.");
    expect(await titles("", bob)).toEqual(["by api"]);
    expect(await say("write a poem")).toContain("ANTHROPIC_API_KEY");
  }, 30_000);
});
