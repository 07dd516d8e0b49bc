import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { ProfileList, TaskDetail, TaskPage, TaskView } from "../../src/tasks/shapes.ts";
import { type Answer, type Client, codeOf, join, setUp } from "../auth/client.ts";

let ada: Client;
let eve: Client;

beforeAll(async () => {
  const owner = await setUp();
  [ada, eve] = [await join(owner, "Ada"), await join(owner, "Eve")];
}, 60_000);

/** Nobody here has a model: each task ends with `model_unavailable`, told with what to do. */
async function post(body: unknown, headers: Record<string, string> = {}, who: Client = ada): Promise<Answer> {
  Object.assign(who.headers, headers);
  const answer = await who.call("POST", "/api/v1/tasks", body);
  for (const name of Object.keys(headers)) delete who.headers[name];
  return answer;
}

describe("/api/v1/tasks", () => {
  test("begins a task, waits for its end, and shows it with its steps", async () => {
    const answer = await post({ input: "find boats", context: "from a mail" });
    expect(answer.status).toBe(200);
    const task = TaskView.parse(answer.body);
    expect(task).toMatchObject({
      status: "failed",
      error: { code: "model_unavailable" },
      origin: "user",
      profile: "research",
      tainted: true,
    });
    expect(TaskDetail.parse((await ada.call("GET", `/api/v1/tasks/${task.id}`)).body).steps).toEqual([]);
    const page = TaskPage.parse((await ada.call("GET", "/api/v1/tasks?status=failed&limit=1")).body);
    expect(page.tasks.map(({ id }) => id)).toEqual([task.id]);
    expect(codeOf(await ada.call("POST", `/api/v1/tasks/${task.id}/cancel`))).toBe("conflict");
  });

  test("answers 202 with where to ask again when it is not to wait", async () => {
    const answer = await post({ input: "find boats", wait_ms: 0 });
    // It may have ended by then all the same.
    expect([200, 202]).toContain(answer.status);
    const { id } = TaskView.parse(answer.body);
    if (answer.status === 202) expect(answer.headers.get("location")).toBe(`/api/v1/tasks/${id}`);
    await expect.poll(() => ada.field("status", "GET", `/api/v1/tasks/${id}`)).toBe("failed");
  });

  test("knows a repeat by its key, and refuses the key with another body", async () => {
    const key = { "idempotency-key": "boats-1" };
    const first = await post({ input: "once" }, key);
    const again = await post({ input: "once" }, key);
    expect(TaskView.parse(again.body).id).toBe(TaskView.parse(first.body).id);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(codeOf(await post({ input: "twice" }, key))).toBe("idempotency_conflict");
    expect(codeOf(await post({ input: "once" }, { "idempotency-key": "" }))).toBe("invalid_request");
    // Somebody else's key is another one.
    expect(TaskView.parse((await post({ input: "other" }, key, eve)).body).number).toBe(1);
  });

  test("is nobody else's, and refuses what is wrong", async () => {
    const { id } = TaskView.parse((await post({ input: "mine" })).body);
    expect(codeOf(await eve.call("GET", `/api/v1/tasks/${id}`))).toBe("not_found");
    expect(codeOf(await eve.call("POST", `/api/v1/tasks/${id}/cancel`))).toBe("not_found");
    for (const body of [
      {},
      { input: "" },
      { input: "x", tier: "huge" },
      { input: "x", wait_ms: 100_001 },
      { input: "x".repeat(20_001) },
      [],
    ])
      expect((await post(body)).status).toBe(400);
    expect(codeOf(await post({ input: "x", profile: "nope" }))).toBe("not_found");
    expect((await ada.call("GET", "/api/v1/tasks?status=lost")).status).toBe(400);
  });
});

describe("/api/v1/profiles", () => {
  const profile = { name: "travel", purpose: "Plans trips", prompt: "Plan.", tools: ["recall"], limits: { steps: 5 } };

  test("lists Margay's own, keeps the user's, and changes and deletes those", async () => {
    const { profiles, choices } = ProfileList.parse((await ada.call("GET", "/api/v1/profiles")).body);
    expect(profiles.map(({ name }) => name)).toEqual(["research", "files", "code", "browser"]);
    expect(choices.tools.map(({ name }) => name)).toContain("web_fetch");
    expect(choices.tools.map(({ name }) => name)).not.toContain("delegate");
    expect((await ada.call("POST", "/api/v1/profiles", profile)).status).toBe(201);
    expect((await ada.call("PATCH", "/api/v1/profiles/travel", { purpose: "Plans journeys" })).body).toMatchObject({
      purpose: "Plans journeys",
      limits: { steps: 5 },
    });
    expect(codeOf(await eve.call("GET", "/api/v1/profiles/travel"))).toBe("not_found");
    expect((await ada.call("DELETE", "/api/v1/profiles/travel")).status).toBe(200);
    expect(codeOf(await ada.call("GET", "/api/v1/profiles/travel"))).toBe("not_found");
  });

  test("refuses to change a built-in one, and one that may do more than is granted", async () => {
    expect(codeOf(await ada.call("PATCH", "/api/v1/profiles/research", { purpose: "x" }))).toBe("forbidden");
    expect(codeOf(await ada.call("DELETE", "/api/v1/profiles/code"))).toBe("forbidden");
    expect(codeOf(await ada.call("POST", "/api/v1/profiles", { ...profile, name: "research" }))).toBe("conflict");
    expect(codeOf(await ada.call("POST", "/api/v1/profiles", { ...profile, capabilities: ["email.send:*"] }))).toBe("invalid_request");
    expect(codeOf(await ada.call("POST", "/api/v1/profiles", { ...profile, tools: ["delegate"] }))).toBe("invalid_request");
    expect((await ada.call("POST", "/api/v1/profiles", { ...profile, name: "No" })).status).toBe(400);
  });
});

test("/api/v1/settings holds how many tasks run at once", async () => {
  expect(await ada.field("executors", "GET", "/api/v1/settings")).toBe("5");
  expect(z.object({ executors: z.number() }).parse((await ada.call("PATCH", "/api/v1/settings", { executors: 2 })).body).executors).toBe(2);
  expect((await ada.call("PATCH", "/api/v1/settings", { executors: 21 })).status).toBe(400);
});
