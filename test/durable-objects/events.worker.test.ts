import { createHmac } from "node:crypto";
import { env, exports } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import { beforeAll, describe, expect, test } from "vitest";
import type { UserAgent } from "../../durable-objects/user-agent.ts";
import { FiringPage, ListenerMade, ListenerView, TestResult } from "../../src/events/shapes.ts";
import { MemoryView } from "../../src/memory/shapes.ts";
import { type Client, codeOf, join, ORIGIN, setUp } from "../auth/client.ts";
import { modelScript, type ModelScript } from "../support/model-script.ts";

interface Person {
  client: Client & { id: string };
  readonly object: DurableObjectStub<UserAgent>;
  model: ModelScript;
}
let owner: Client;
beforeAll(async () => {
  owner = await setUp();
}, 60_000);

async function person(name: string): Promise<Person> {
  const client = await join(owner, name);
  const model = modelScript(env.MODEL_SERVER, `sk-${client.id}`);
  await client.call("PUT", "/api/v1/models/providers/anthropic/default", { api_key: model.key, base_url: `${env.MODEL_SERVER}/v1` });
  await model.set([], { text: "Seen." });
  return {
    client,
    model,
    get object() {
      return env.USER_AGENT.getByName(client.id);
    },
  };
}

const call = async ({ client }: Person, method: string, path: string, body?: unknown, status = 200): Promise<unknown> => {
  const answer = await client.call(method, path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  return answer.body;
};
const GITHUB = { source: { kind: "hook", scheme: { name: "github" } }, action: { kind: "prompt", prompt: "Review it" }, batch_seconds: 0 };
const add = async (who: Person, more: object = {}) => {
  const { listener, secret } = ListenerMade.parse(await call(who, "POST", "/api/v1/listeners", { ...GITHUB, ...more }, 201));
  return { id: listener.id, path: listener.hook_path ?? "", secret: secret ?? "" };
};
const listenerOf = async (who: Person, id: string) => ListenerView.parse(await call(who, "GET", `/api/v1/listeners/${id}`));
const firings = async (who: Person, id: string) => FiringPage.parse(await call(who, "GET", `/api/v1/listeners/${id}/firings`)).firings;
const outcomes = async (who: Person, id: string) => (await firings(who, id)).map(({ outcome }) => outcome);

interface Post {
  path: string;
  secret: string;
  body?: string;
  delivery?: string;
  headers?: Record<string, string>;
}
async function post({ path, secret, body = '{"action":"opened"}', delivery = crypto.randomUUID(), headers = {} }: Post) {
  const response = await exports.default.fetch(`${ORIGIN}${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-github-event": "pull_request",
      "x-github-delivery": delivery,
      "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
      ...headers,
    },
    body,
  });
  return { status: response.status, text: await response.text() };
}
let numbers = 0;
const pr = (): string => JSON.stringify({ action: "opened", number: ++numbers, pull_request: { title: `Quokka ${numbers}` } });

/** What was begun by events, as the model was asked. */
const asked = async ({ model }: Person): Promise<string[]> => (await model.requests()).map(({ body }) => JSON.stringify(body));
const hooksOf = async (id: string): Promise<unknown[]> =>
  (await env.DB.prepare("SELECT id FROM hook WHERE user_id = ?").bind(id).all()).results;

describe("POST /hooks/{id}", () => {
  test("begins one turn for a signed event, with the payload as content, and nothing for its repeat", async () => {
    const who = await person("Ada");
    const hook = await add(who, { title: "PRs" });
    expect(hook.secret).toMatch(/^[0-9a-f]{64}$/u);
    const body = pr();
    const first = { ...hook, body, delivery: "d-1" };
    expect(await post(first)).toEqual({ status: 202, text: '{"outcome":"waiting"}' });
    expect(await post(first)).toEqual({ status: 200, text: '{"outcome":"duplicate"}' });
    await expect.poll(() => outcomes(who, hook.id)).toEqual(["duplicate", "fired"]);
    await expect.poll(() => asked(who).then((all) => all.length)).toBe(1);
    const [request = ""] = await asked(who);
    expect(request).toContain("Review it");
    expect(request).toContain("[content context from GitHub hook _PRs_]");
    expect(request).toContain(`> pull_request.title: Quokka ${numbers}`);
    await expect
      .poll(() => call(who, "GET", "/api/v1/messages"))
      .toMatchObject({ messages: expect.arrayContaining([expect.objectContaining({ role: "assistant", text: "Seen." })]) });
    expect(await listenerOf(who, hook.id)).toMatchObject({ events: 1, firings: 1, title: "PRs" });
  });

  test("gathers a burst into one turn", async () => {
    const who = await person("Bert");
    const hook = await add(who, { batch_seconds: 2 });
    for (let count = 0; count < 5; count++) expect(await post({ ...hook, body: pr() })).toMatchObject({ status: 202 });
    await expect.poll(() => outcomes(who, hook.id)).toEqual(Array(5).fill("fired"));
    await expect.poll(() => asked(who).then((all) => all.length)).toBe(1);
    expect((await asked(who))[0]).toContain("5 events");
  });

  test("gives a wrong signature, none, an unknown address and a suspended user the same answer", async () => {
    const who = await person("Cora");
    const hook = await add(who);
    const answers = [
      await post({ ...hook, secret: "wrong" }),
      await post({ ...hook, headers: { "x-hub-signature-256": "" } }),
      await post({ ...hook, path: `/hooks/${"A".repeat(32)}` }),
      await post({ ...hook, path: "/hooks/x" }),
      await post({ ...hook, path: "/hooks/%00" }),
    ];
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 401, text: expect.stringContaining('"unauthorized"') });
    expect(await outcomes(who, hook.id)).toEqual([]);
    expect(JSON.stringify(await call(who, "GET", "/api/v1/audit"))).toContain("was not rightly signed");
    await owner.call("PATCH", `/api/v1/users/${who.client.id}`, { suspended: true });
    expect(await post(hook)).toEqual(answers[0]);
  });

  test("answers 413 above 1 MiB, and 405 and 404 as elsewhere", async () => {
    const who = await person("Dan");
    const hook = await add(who);
    expect(await post({ ...hook, body: "x".repeat(1024 * 1024 + 1) })).toMatchObject({
      status: 413,
      text: expect.stringContaining('"payload_too_large"'),
    });
    expect(await post({ ...hook, body: JSON.stringify({ text: "x".repeat(1_000_000) }) })).toMatchObject({ status: 202 });
    for (const [method, path, status] of [
      ["GET", hook.path, 405],
      ["POST", "/hooks", 404],
      ["POST", `${hook.path}/more`, 404],
    ] as const)
      expect((await exports.default.fetch(`${ORIGIN}${path}`, { method })).status, path).toBe(status);
  });

  test("takes a form and text too, and any type of content with the right signature", async () => {
    const who = await person("Emil");
    const hook = await add(who, { action: { kind: "text", text: "Noted" }, batch_seconds: 3600 });
    const form = `payload=${encodeURIComponent(pr())}`;
    expect(await post({ ...hook, body: form, headers: { "content-type": "application/x-www-form-urlencoded" } })).toMatchObject({
      status: 202,
    });
    expect(await post({ ...hook, body: "just text", headers: { "content-type": "application/octet-stream" } })).toMatchObject({
      status: 202,
    });
    expect((await firings(who, hook.id)).map(({ excerpt }) => excerpt)).toEqual([
      expect.stringContaining("text: just text"),
      expect.stringContaining(`pull_request.title: Quokka ${numbers}`),
    ]);
  });

  test("records what comes while paused, and takes the secret before for a day", async () => {
    const who = await person("Fay");
    const hook = await add(who);
    const rotated = ListenerMade.parse(await call(who, "POST", `/api/v1/listeners/${hook.id}/secret`, {}));
    expect(rotated.listener.secret?.previous_until).not.toBeNull();
    expect(await call(who, "PATCH", `/api/v1/listeners/${hook.id}`, { status: "paused" })).toMatchObject({ status: "paused" });
    for (const secret of [hook.secret, rotated.secret ?? ""])
      expect(await post({ ...hook, secret, body: pr() })).toEqual({ status: 202, text: '{"outcome":"paused"}' });
    await runInDurableObject(
      who.object,
      (_agent, { storage }) => void storage.sql.exec("UPDATE listener SET previous_until = ?", Date.now() - 1),
    );
    expect(await post({ ...hook, body: pr() })).toMatchObject({ status: 401 });
    expect(await outcomes(who, hook.id)).toEqual(["paused", "paused"]);
    expect(await asked(who)).toEqual([]);
  });

  test("acts so often in an hour and no more, and tells how many it held back", async () => {
    const who = await person("Gus");
    const hook = await add(who, { per_hour: 1, action: { kind: "text", text: "Told" } });
    for (const expected of [["fired"], ["throttled", "fired"], ["throttled", "throttled", "fired"]]) {
      await post({ ...hook, body: pr() });
      await expect.poll(() => outcomes(who, hook.id)).toEqual(expected);
    }
    await expect
      .poll(async () => JSON.stringify(await call(who, "GET", "/api/v1/messages")))
      .toContain("acts 1 times an hour at most: 1 event held back");
  });

  test("asks the fast model about what the fields let through, on its own account", async () => {
    const who = await person("Hal");
    const hook = await add(who, {
      when: { fields: [{ path: "number", op: "gt", value: 0 }], question: "Is it about a quokka?" },
      action: { kind: "text", text: "Told" },
    });
    await who.model.set([{ text: "No." }, { text: "Yes" }, { text: "Yes, because the event says so" }]);
    await post({ ...hook, body: '{"number":0}' });
    for (const expected of ["filtered", "fired", "undecided"]) {
      await post({ ...hook, body: pr() });
      await expect.poll(() => outcomes(who, hook.id).then(([first]) => first)).toBe(expected);
    }
    const requests = await asked(who);
    expect(requests).toHaveLength(3);
    expect(requests[0]).toContain("Question: Is it about a quokka?");
    expect(requests[0]).toContain("[content event from GitHub hook");
    expect(JSON.stringify(await call(who, "GET", "/api/v1/stats"))).toContain('"agent":"event"');
  });

  test("begins a task in the background, and tells when there is no such profile", async () => {
    const who = await person("Isa");
    const [task, none] = [
      await add(who, { action: { kind: "profile", profile: "research", input: "Look into it" } }),
      await add(who, { action: { kind: "profile", profile: "nobody", input: "x" }, title: "Wrong" }),
    ];
    for (const hook of [task, none]) await post({ ...hook, body: pr() });
    await expect.poll(() => outcomes(who, task.id)).toEqual(["fired"]);
    await expect.poll(() => outcomes(who, none.id)).toEqual(["failed"]);
    expect(await call(who, "GET", "/api/v1/tasks")).toMatchObject({ tasks: [{ profile: "research", origin: "event" }] });
    await expect.poll(async () => JSON.stringify(await call(who, "GET", "/api/v1/messages"))).toContain("“Wrong”, could not act");
  });

  test("answers Slack's challenge only when it is rightly signed", async () => {
    const who = await person("Ivy");
    const { listener } = ListenerMade.parse(
      await call(
        who,
        "POST",
        "/api/v1/listeners",
        { ...GITHUB, source: { kind: "hook", scheme: { name: "slack" } }, secret: "8f742231b10e8888abcd99yyyzzz85a5" },
        201,
      ),
    );
    const body = '{"type":"url_verification","challenge":"3eZbrw1aB"}';
    const seconds = String(Math.floor(Date.now() / 1000));
    const signed = (secret: string) => ({
      "x-slack-request-timestamp": seconds,
      "x-slack-signature": `v0=${createHmac("sha256", secret).update(`v0:${seconds}:${body}`).digest("hex")}`,
    });
    const path = listener.hook_path ?? "";
    expect(await post({ path, secret: "", body, headers: signed("8f742231b10e8888abcd99yyyzzz85a5") })).toEqual({
      status: 200,
      text: "3eZbrw1aB",
    });
    expect(await post({ path, secret: "", body, headers: signed("another") })).toMatchObject({ status: 401 });
  });
});

describe("the listener routes", () => {
  test("show a secret once, and keep it, words of other people and addresses from whom they are not for", async () => {
    const who = await person("Jo");
    const hook = await add(who);
    await post({ ...hook, body: pr() });
    await expect.poll(() => asked(who).then((all) => all.length)).toBe(1);
    const everything = JSON.stringify([
      await call(who, "GET", "/api/v1/listeners"),
      await call(who, "GET", "/api/v1/messages"),
      await call(who, "GET", "/api/v1/audit"),
      await call(who, "GET", "/api/v1/secrets"),
      await firings(who, hook.id),
      await asked(who),
      await runInDurableObject(who.object, (_agent, { storage }) =>
        ["listener", "listener_event", "listener_seen", "message", "audit", "inbox"].map((table) =>
          storage.sql.exec(`SELECT * FROM ${table}`).toArray(),
        ),
      ),
    ]);
    expect(everything).not.toContain(hook.secret);
  });

  test("give somebody else's listener as one that is not there", async () => {
    const [kim, leo] = [await person("Kim"), await person("Leo")];
    const hook = await add(kim, { title: "Kim's own" });
    for (const [method, path, body] of [
      ["GET", "", undefined],
      ["PATCH", "", { status: "paused" }],
      ["DELETE", "", undefined],
      ["POST", "/secret", {}],
      ["POST", "/test", {}],
      ["GET", "/firings", undefined],
    ] as const) {
      const answer = await leo.client.call(method, `/api/v1/listeners/${hook.id}${path}`, body);
      expect([answer.status, codeOf(answer)], `${method} ${path}`).toEqual([404, "not_found"]);
    }
    expect(await call(leo, "GET", "/api/v1/listeners")).toEqual({ listeners: [] });
    expect(await listenerOf(kim, hook.id)).toMatchObject({ status: "active" });
  });

  test("try it out, change it and delete it with everything of it", async () => {
    const who = await person("Mia");
    const hook = await add(who, { when: { fields: [{ path: "action", op: "eq", value: "closed" }] } });
    expect(TestResult.parse(await call(who, "POST", `/api/v1/listeners/${hook.id}/test`, {}))).toMatchObject({
      would: "filter",
      conditions: [{ found: '"opened"' }],
    });
    await call(who, "PATCH", `/api/v1/listeners/${hook.id}`, { when: { fields: [] }, title: "All" });
    expect(await call(who, "POST", `/api/v1/listeners/${hook.id}/test`, { dry_run: false, payload: { action: "x" } })).toMatchObject({
      done: true,
    });
    await expect.poll(() => outcomes(who, hook.id)).toEqual(["fired"]);
    for (const wrong of [{}, { status: "ended" }, { source: { kind: "feed", url: "https://example.com/" } }])
      await call(who, "PATCH", `/api/v1/listeners/${hook.id}`, wrong, 400);
    await call(who, "POST", "/api/v1/listeners", { ...GITHUB, source: { kind: "page", url: "http://localhost/" } }, 400);
    expect(await hooksOf(who.client.id)).toHaveLength(1);
    await call(who, "DELETE", `/api/v1/listeners/${hook.id}`);
    expect(await hooksOf(who.client.id)).toEqual([]);
    expect(await post({ ...hook, body: pr() })).toMatchObject({ status: 401 });
    expect(JSON.stringify(await call(who, "GET", "/api/v1/secrets"))).not.toContain("hook:");
    await call(who, "DELETE", `/api/v1/listeners/${hook.id}`, undefined, 404);
  });

  test("lose the words that the user has forgotten", async () => {
    const who = await person("Moe");
    const hook = await add(who, { action: { kind: "text", text: "The locker code is zq-quokka." }, batch_seconds: 3600 });
    await post({ ...hook, body: '{"message":"The locker code is zq-quokka."}' });
    const body = { text: "The locker code is zq-quokka" };
    const { id } = MemoryView.parse(await call(who, "POST", "/api/v1/memory", body, 201));
    await call(who, "DELETE", `/api/v1/memory/${id}`);
    const kept = await runInDurableObject(who.object, (_agent, { storage }) =>
      JSON.stringify(["listener", "listener_event"].map((table) => storage.sql.exec(`SELECT * FROM ${table}`).toArray())),
    );
    expect(kept).not.toContain("quokka");
    expect(await listenerOf(who, hook.id)).toMatchObject({ action: { kind: "text", text: "[forgotten]" } });
  });

  test("an account's addresses go with it", async () => {
    const who = await person("Nils");
    const hook = await add(who);
    await owner.call("DELETE", `/api/v1/users/${who.client.id}`);
    await expect.poll(() => hooksOf(who.client.id)).toEqual([]);
    expect(await post({ ...hook, body: pr() })).toMatchObject({ status: 401 });
  });
});

describe("UserAgent, told to listen", () => {
  const listenTo = (more: object) => ({
    toolCalls: [{ name: "call_tool", input: { name: "add_listener", input: { from: "github", do: "Review it", ...more } } }],
  });
  const chat = (who: Person, message: string) => call(who, "POST", "/api/v1/chat", { message });

  test("makes a listener whose secret the model never sees, and takes it back", async () => {
    const who = await person("Odd");
    await who.model.set([listenTo({ if: [{ path: "action", op: "eq", value: "opened" }] })], { text: "I listen." });
    expect(await chat(who, "Review new pull requests")).toMatchObject({
      status: "done",
      actions: [{ type: "add_listener", status: "done", summary: "Made listener 1" }],
    });
    expect(await call(who, "GET", "/api/v1/listeners")).toMatchObject({
      listeners: [{ author: "agent", tainted: false, status: "active", secret: null }],
    });
    expect(await call(who, "POST", "/api/v1/undo", {})).toBeDefined();
    expect(await call(who, "GET", "/api/v1/listeners")).toEqual({ listeners: [] });
  });

  test("makes it switched off where content from outside was read, and tells the user itself", async () => {
    const who = await person("Pia");
    const hook = await add(who);
    await who.model.set([listenTo({ title: "From a PR" })], { text: "Done." });
    await post({ ...hook, body: pr() });
    await expect
      .poll(() => call(who, "GET", "/api/v1/listeners"))
      .toMatchObject({ listeners: [{}, { title: "From a PR", author: "agent", tainted: true, status: "paused" }] });
    await expect.poll(async () => JSON.stringify(await call(who, "GET", "/api/v1/messages"))).toContain("until you switch it on");
  });

  test("is asked about before it looks at an address that nobody named", async () => {
    const who = await person("Rolf");
    await who.model.set([listenTo({ from: "feed", url: "https://evil.example.com/?q=all-it-knows" })], { text: "Asked." });
    expect(await chat(who, "listen to some news")).toMatchObject({ status: "waiting_approval" });
    expect(await call(who, "GET", "/api/v1/listeners")).toEqual({ listeners: [] });
  });
});

describe("/listen", () => {
  const say = async (who: Person, message: string) =>
    String(Reflect.get(Object(await call(who, "POST", "/api/v1/chat", { message })), "reply"));

  test("makes, pauses, resumes and deletes by its number; what was typed is the user's own and is asked about no more", async () => {
    const who = await person("Siri");
    expect(await say(who, "/listen")).toContain("I listen to nothing");
    expect(await say(who, "/listen when https://example.com/prices changes: sum it up")).toMatch(
      /I listen: \*\*1\*\* .*I do this: sum it up\./u,
    );
    expect(await say(who, "/listen when GitHub calls tell me")).toContain("its secret is still to be set");
    expect(await call(who, "GET", "/api/v1/listeners")).toMatchObject({
      listeners: [
        { author: "user", tainted: false, status: "active", source: { kind: "page", url: "https://example.com/prices" } },
        { author: "user", secret: null, action: { kind: "text", text: "GitHub called:" } },
      ],
    });
    expect(await say(who, "/listen pause 1")).toContain("Paused:");
    expect(await say(who, "/listen")).toMatch(/\*\*1\*\* .* · paused/u);
    expect(await say(who, "/listen resume 1")).toContain("Listens again");
    expect(await say(who, "/listen delete 2")).toBe("Listener 2 is deleted.");
    expect(await say(who, "/listen delete 2")).toContain("There is no listener 2");
    expect(await say(who, "/listen when https://127.0.0.1/ changes tell me")).not.toContain("I listen");
    expect(await call(who, "GET", "/api/v1/listeners")).toMatchObject({ listeners: [{ number: 1, status: "active" }] });
    expect(await who.model.requests()).toEqual([]);
  });
});
